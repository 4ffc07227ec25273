import type { Key } from '../../api/kind.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Timer, TimerTag } from '../kernel/timer.ts'
import { createControllerRateLimiter, type RateLimiter } from './rate-limiter.ts'

/** client-go util/workqueue: each key is queued once and worked on by one worker; a key added meanwhile comes again after done. */
export interface WorkQueue {
  readonly length: number
  /** Keys being worked on. */
  readonly working: number
  add(key: Key): void
  addAfter(key: Key, delay: Micros, timing?: DelayTiming): void
  addRateLimited(key: Key): void
  /** The next key, with the timeline entry that queued it first; undefined if none is ready. It must be given back with `done`. */
  take(): QueuedKey | undefined
  done(key: Key): void
  /** What the key waits for, if it was delayed. */
  pending(key: Key): Timer | undefined
  /** The wait of the key keeps no cluster from being settled any more: what it was for is over. It comes all the same. */
  outlive(key: Key, timer: Timer | undefined): void
  forget(key: Key): void
  requeues(key: Key): number
  /** Drops everything, delayed keys included; nothing can be added any more. */
  shutDown(): void
}

export interface QueuedKey {
  readonly key: Key
  readonly cause: number
}

export interface DelayTiming {
  readonly tag?: TimerTag
  readonly label?: string
}

export interface WorkQueueOptions {
  readonly kernel: Kernel
  readonly actor: Actor
  readonly limiter?: RateLimiter
  /** A key has become ready. Called in the instant of the add. */
  readonly onReady: () => void
}

export const createWorkQueue = (options: WorkQueueOptions): WorkQueue => {
  const { kernel, actor, onReady } = options
  const limiter = options.limiter ?? createControllerRateLimiter()
  /** Keys to work on with the entry that queued them, in order; those under way are only noted. */
  const dirty = new Map<Key, number>()
  const processing = new Set<Key>()
  let ready: Key[] = []
  let head = 0
  /** The earliest pending timer of each delayed key: upstream's delaying queue keeps one entry a key as well. */
  const delayed = new Map<Key, Timer>()
  let down = false

  const add = (key: Key): void => {
    if (down || dirty.has(key)) return
    dirty.set(key, kernel.cause)
    if (processing.has(key)) return
    ready.push(key)
    queue.length += 1
    onReady()
  }

  const addAfter = (key: Key, delay: Micros, timing?: DelayTiming): void => {
    if (down) return
    if (delay <= 0) {
      add(key)
      return
    }
    const due = kernel.now + delay
    const pending = delayed.get(key)
    if (pending !== undefined) {
      const stands = pending.at <= due
      // One that was only left over is waited for again.
      if (stands && (pending.tag === 'progress' || timing?.tag === 'housekeeping')) return
      kernel.cancel(pending)
      if (stands) {
        wait(key, pending.at, timing)
        return
      }
    }
    wait(key, due, timing)
  }

  const wait = (key: Key, due: Micros, timing?: DelayTiming): void => {
    const wake = (): void => {
      delayed.delete(key)
      add(key)
    }
    delayed.set(key, kernel.at(due, actor, wake, timing))
  }

  const queue = {
    length: 0,
    working: 0,
    add,
    addAfter,
    addRateLimited(key: Key) {
      addAfter(key, limiter.when(key, kernel.now), { label: `${actor.name} retries ${key}` })
    },
    take() {
      if (head === ready.length) return undefined
      const key = ready[head]!
      head += 1
      queue.length -= 1
      if (head > 1024 && head * 2 > ready.length) {
        ready = ready.slice(head)
        head = 0
      }
      const cause = dirty.get(key) ?? -1
      dirty.delete(key)
      processing.add(key)
      queue.working = processing.size
      return { key, cause }
    },
    done(key: Key) {
      processing.delete(key)
      queue.working = processing.size
      if (!dirty.has(key) || down) return
      ready.push(key)
      queue.length += 1
      onReady()
    },
    pending: (key: Key) => delayed.get(key),
    outlive(key: Key, timer: Timer | undefined) {
      if (timer === undefined || timer.tag === 'housekeeping' || delayed.get(key) !== timer) return
      kernel.cancel(timer)
      wait(key, timer.at, { tag: 'housekeeping', label: timer.label })
    },
    forget: (key: Key) => limiter.forget(key),
    requeues: (key: Key) => limiter.failures(key),
    shutDown() {
      down = true
      for (const timer of delayed.values()) kernel.cancel(timer)
      delayed.clear()
      dirty.clear()
      ready = []
      head = 0
      queue.length = 0
    },
  }
  return queue
}

import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { second, type Micros } from '../kernel/micros.ts'
import type { Timer, TimerTag } from '../kernel/timer.ts'
import type { Engine } from './engine.ts'

interface Options {
  readonly kernel: Kernel
  readonly actor: Actor
  readonly engine: Engine
  readonly changed: () => void
}

/** Wakes the queue when a back-off ends and when a pod has been unschedulable for too long: only then, not every second. */
export interface FlushTimers {
  schedule(): void
  stop(): void
}

const flushPeriod = 30 * second

interface Alarm {
  /** Goes off at `at`, and at no other time; undefined: never. */
  set(at: Micros | undefined, run?: () => void): void
}

const createAlarm = (kernel: Kernel, actor: Actor, tag: TimerTag): Alarm => {
  let timer: Timer | undefined
  /** What was asked for: an actor that is held up is woken later. */
  let wanted: Micros | undefined
  return {
    set(at, run) {
      if (at === wanted) return
      kernel.cancel(timer)
      wanted = at
      timer =
        at === undefined || run === undefined
          ? undefined
          : kernel.at(
              Math.max(at, kernel.now),
              actor,
              () => {
                wanted = undefined
                run()
              },
              { tag },
            )
    },
  }
}

export const createFlushTimers = ({ kernel, actor, engine, changed }: Options): FlushTimers => {
  const begun = kernel.now
  // A pod that backs off is tried again whatever happens: until then the cluster has not settled.
  const backoff = createAlarm(kernel, actor, 'progress')
  const unschedulable = createAlarm(kernel, actor, 'housekeeping')

  const flushBackoff = (): void => {
    engine.queue.flushBackoff()
    changed()
  }
  const flushUnschedulable = (): void => {
    engine.queue.flushUnschedulable()
    changed()
  }

  return {
    schedule() {
      const { queue } = engine
      // A pod is backing off up to the end of the second in which its time ends.
      const end = queue.nextBackoffEnd()
      backoff.set(end === undefined ? undefined : end + second - kernel.epoch, flushBackoff)
      const late = queue.nextUnschedulableEnd()
      const due = late === undefined ? undefined : late - kernel.epoch - begun
      unschedulable.set(
        due === undefined ? undefined : begun + (Math.floor(due / flushPeriod) + 1) * flushPeriod,
        flushUnschedulable,
      )
    },
    stop() {
      backoff.set(undefined)
      unschedulable.set(undefined)
    },
  }
}

import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { second } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'
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

export const createFlushTimers = ({ kernel, actor, engine, changed }: Options): FlushTimers => {
  const begun = kernel.now
  let backoff: Timer | undefined
  let unschedulable: Timer | undefined

  /** `timer` where it lies right, else one at `at`; none if `at` is undefined. */
  const moved = (timer: Timer | undefined, at: number | undefined, run: () => void): Timer | undefined => {
    if (timer?.run !== undefined && timer.at === at) return timer
    kernel.cancel(timer)
    return at === undefined ? undefined : kernel.at(Math.max(at, kernel.now), actor, run, { tag: 'housekeeping' })
  }
  const flushBackoff = (): void => {
    backoff = undefined
    engine.queue.flushBackoff()
    changed()
  }
  const flushUnschedulable = (): void => {
    unschedulable = undefined
    engine.queue.flushUnschedulable()
    changed()
  }

  return {
    schedule() {
      const { queue } = engine
      // A pod is backing off up to the end of the second in which its time ends.
      const end = queue.nextBackoffEnd()
      backoff = moved(backoff, end === undefined ? undefined : end + second - kernel.epoch, flushBackoff)
      const late = queue.nextUnschedulableEnd()
      if (late === undefined) unschedulable = moved(unschedulable, undefined, flushUnschedulable)
      else {
        const due = late - kernel.epoch - begun
        unschedulable = moved(
          unschedulable,
          begun + (Math.floor(due / flushPeriod) + 1) * flushPeriod,
          flushUnschedulable,
        )
      }
    },
    stop() {
      kernel.cancel(backoff)
      kernel.cancel(unschedulable)
    },
  }
}

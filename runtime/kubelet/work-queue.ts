import type { Micros } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'
import type { Context } from './context.ts'

/** pkg/kubelet/util/queue with the sync loop's ticker: pods whose time has come are taken out at the next whole tick. */
export interface WorkQueue {
  enqueue(uid: string, delay: Micros): void
  forget(uid: string): void
  /** A tick at or after that moment, for what is checked at each tick. */
  tickAt(time: Micros): void
}

/**
 * Ticks are at the start of the loop plus whole periods, and are events only when something is due. `tick` gets the pods whose
 * time lies before the tick.
 */
export const createWorkQueue = (context: Context, tick: (due: readonly string[]) => void): WorkQueue => {
  const { kernel, life, config } = context
  const base = context.startedAt + config.loopDelay
  const period = config.syncPeriod
  const items = new Map<string, Micros>()
  let timer: Timer | undefined

  const arm = (at: Micros): void => {
    if (timer?.run !== undefined) {
      if (timer.at <= at) return
      life.cancel(timer)
    }
    timer = life.at(at, run, { label: `${context.actor.name} has pods to sync` })
  }
  /** First tick strictly after a time. */
  const after = (time: Micros): Micros => base + (Math.max(0, Math.floor((time - base) / period)) + 1) * period

  const run = (): void => {
    timer = undefined
    const due: string[] = []
    let next = Number.POSITIVE_INFINITY
    for (const [uid, time] of items) {
      if (time < kernel.now) due.push(uid)
      else next = Math.min(next, time)
    }
    for (const uid of due) items.delete(uid)
    due.sort()
    tick(due)
    if (next !== Number.POSITIVE_INFINITY) arm(after(next))
  }

  return {
    enqueue(uid, delay) {
      const time = kernel.now + delay
      items.set(uid, time)
      arm(after(time))
    },
    forget: (uid) => {
      items.delete(uid)
    },
    tickAt(time) {
      arm(Math.max(after(kernel.now), after(time - 1)))
    },
  }
}

import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'

/** Tells when the cluster has settled: no actor can run at the instant, and all that is to come is housekeeping. */
export interface SettleWatch {
  /** `done` is called once: true when the cluster has settled, false when the deadline came first. Returns how to stop. */
  wait(deadline: Micros | undefined, done: (settled: boolean) => void): () => void
  /** To be called after each event. */
  check(): void
}

interface Waiter {
  readonly done: (settled: boolean) => void
  deadline: Timer | undefined
}

export const createSettleWatch = (kernel: Kernel, actor: Actor): SettleWatch => {
  const waiters = new Set<Waiter>()
  let probing: Timer | undefined

  const end = (waiter: Waiter, settled: boolean): void => {
    if (!waiters.delete(waiter)) return
    kernel.cancel(waiter.deadline)
    waiter.done(settled)
  }
  /** Runs after the cluster's work of the instant: what is settled then stays so until somebody acts. */
  const probe = (): void => {
    if (probing?.run !== undefined) return
    probing = kernel.at(kernel.now, actor, () => {
      if (!kernel.settled) return
      for (const waiter of [...waiters]) end(waiter, true)
    })
  }
  const check = (): void => {
    if (waiters.size > 0 && kernel.settled) probe()
  }
  return {
    wait(deadline, done) {
      const waiter: Waiter = { done, deadline: undefined }
      waiters.add(waiter)
      if (deadline !== undefined) waiter.deadline = kernel.at(deadline, actor, () => end(waiter, false))
      check()
      return () => {
        if (waiters.delete(waiter)) kernel.cancel(waiter.deadline)
      }
    },
    check,
  }
}

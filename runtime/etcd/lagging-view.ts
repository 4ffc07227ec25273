import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Etcd } from './etcd.ts'

/** A server's etcd whose watches can be made to lag. */
export interface LaggingView {
  readonly etcd: Etcd
  /** Watches tell everything so much later. Returns how to heal it: what is still on its way arrives at once. */
  lag(by: Micros): () => void
}

/**
 * etcd as a server sees it whose watch cache may fall behind (a slow watch stream): writes and quorum reads are those of the
 * store, what the watches tell is late. `separate`: the server keeps a cache of its own, which then lags in what is read from
 * it, too. Differs: a single server reads from what etcd holds, and only its watchers hear late.
 */
export const createLaggingView = (
  below: Etcd,
  options: { readonly kernel: Kernel; readonly actor: Actor; readonly separate: boolean },
): LaggingView => {
  const { kernel, actor, separate } = options
  let lag: Micros = 0
  let lastArrival: Micros = 0
  /** Deliveries under way, oldest first, with the revision before the first of each. */
  let late: { readonly upTo: number; readonly go: () => void }[] = []

  const flush = (): void => {
    const queue = late
    late = []
    for (const one of queue) one.go()
  }
  const etcd: Etcd = Object.defineProperties(Object.create(below) as Etcd, {
    ...(separate && below.store === undefined ? { store: { value: below } } : {}),
    told: {
      get: () => (late.length === 0 ? (below.told ?? below.revision) : late[0]!.upTo),
    },
    watch: {
      value: ((resource, listener, lost) =>
        below.watch(
          resource,
          (events) => {
            if (lag === 0 && late.length === 0) {
              listener(events)
              return
            }
            const upTo = (events[0]?.revision ?? below.revision) - 1
            const one = { upTo, go: () => listener(events) }
            late.push(one)
            lastArrival = Math.max(lastArrival, kernel.now + lag)
            kernel.at(lastArrival, actor, () => {
              // Everything before it has the same instant or an earlier one.
              if (!late.includes(one)) return
              late.splice(late.indexOf(one), 1)
              one.go()
            })
          },
          lost,
        )) satisfies Etcd['watch'],
    },
  })
  return {
    etcd,
    lag(by) {
      lag += by
      return () => {
        lag -= by
        if (lag === 0) flush()
      }
    },
  }
}

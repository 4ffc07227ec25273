import { second, type Micros } from '../kernel/micros.ts'
import type { Fault } from './fault.ts'
import { processesOf } from './processes-of.ts'

/** component-base config: LeaderElectionConfiguration's default LeaseDuration. */
const leaseDuration: Micros = 15 * second

/**
 * `failover scheduler`: the leader dies without giving up its lease; another, with empty caches, takes over once the lease has run
 * out.
 */
export const failover: Fault = {
  name: 'failover',
  inject(request) {
    const { kernel } = request.cluster
    const struck = processesOf(request).filter((process) => process.up)
    for (const process of struck) process.stop('crash')
    const takeOver = (): void => {
      for (const process of struck) if (!process.up) process.start()
    }
    const timer = kernel.after(leaseDuration, kernel.actor('faults', 'script'), takeOver, { label: 'a lease runs out' })
    return {
      heal() {
        kernel.cancel(timer)
        takeOver()
      },
      struck: () => struck.length > 0,
    }
  },
}

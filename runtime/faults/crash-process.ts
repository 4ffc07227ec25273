import { InvariantError } from '../kernel/invariant-error.ts'
import type { Fault, FaultRequest } from './fault.ts'

/** `crash kubelet/x`, `crash controller/x`, `crash scheduler`, `crash apiserver/0`: the process dies with all it knew. */
export const crashProcess: Fault = {
  name: 'crash',
  inject({ cluster, targets }: FaultRequest) {
    const struck = targets
      .map((target) => {
        const process = cluster.process(target)
        if (process === undefined) throw new InvariantError('faults', 'no such process', { target })
        return process
      })
      .filter((process) => process.up)
    for (const process of struck) process.stop('crash')
    return {
      heal() {
        for (const process of struck) if (!process.up) process.start()
      },
    }
  },
}

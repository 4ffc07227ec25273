import { InvariantError } from '../kernel/invariant-error.ts'
import type { MachineHandle } from '../cluster/cluster.ts'
import type { Fault, FaultRequest } from './fault.ts'

/** The machines that targets name: `node/workers-0`. */
export const machinesOf = ({ cluster, targets }: FaultRequest): readonly MachineHandle[] =>
  targets.map((target) => {
    const machine = cluster.machine(target.startsWith('node/') ? target.slice('node/'.length) : target)
    if (machine === undefined) throw new InvariantError('faults', 'no such machine', { target })
    return machine
  })

/** `crash node/x`: the power goes. What ran is gone, what the API knows of it becomes stale. */
export const crashNode: Fault = {
  name: 'crash node',
  inject(request) {
    const struck = machinesOf(request).filter((machine) => machine.powered)
    for (const machine of struck) machine.powerOff()
    return {
      heal() {
        for (const machine of struck) machine.powerOn()
      },
      struck: () => struck.length > 0,
    }
  },
}

import { machinesOf } from './crash-node.ts'
import type { Fault } from './fault.ts'

/** `shutdown node/x`: it goes off in good order. Healed, it is on again; called off, if it still was. */
export const shutdownNode: Fault = {
  name: 'shutdown node',
  inject(request) {
    const back = machinesOf(request)
      .filter((machine) => machine.powered)
      .map((machine) => machine.shutDown())
    return {
      heal() {
        for (const one of back) one()
      },
      struck: () => back.length > 0,
    }
  },
}

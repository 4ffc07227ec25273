import { machinesOf } from './crash-node.ts'
import type { Fault } from './fault.ts'
import { second } from '../kernel/micros.ts'

/** `flap node/x every 20s`: the power goes and comes back in turn. */
export const flapNode: Fault = {
  name: 'flap node',
  refuses: ({ args = [] }) => (Number(args[0]) > 0 ? undefined : 'a node can flap only every so often: `every 20s`'),
  inject(request) {
    const { kernel } = request.cluster
    const struck = machinesOf(request).filter((machine) => machine.powered)
    const every = Number(request.args?.[0] ?? 20 * second)
    const actor = kernel.actor('faults', 'script')
    let off = false
    let healed = false
    const turn = (): void => {
      if (healed) return
      off = !off
      for (const machine of struck) {
        if (off) machine.powerOff()
        else machine.powerOn()
      }
      kernel.after(every, actor, turn, { label: 'a node flaps' })
    }
    turn()
    return {
      heal() {
        healed = true
        for (const machine of struck) machine.powerOn()
      },
    }
  },
}

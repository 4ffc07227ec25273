import { action } from '../cluster-event.ts'
import type { PluginFactory } from '../framework.ts'
import { status } from '../status.ts'

/** pkg/scheduler/framework/plugins/schedulinggates. */
export const schedulingGates: PluginFactory = () => ({
  name: 'SchedulingGates',
  preEnqueue({ pod }) {
    const gates = (pod.spec.schedulingGates ?? []).map((one) => one.name)
    if (gates.length === 0) return undefined
    return status(
      'SchedulingGates',
      'UnschedulableAndUnresolvable',
      `waiting for scheduling gates: [${gates.join(' ')}]`,
    )
  },
  events: [
    {
      event: { resource: 'Pod', actions: action.updatePodSchedulingGatesEliminated },
      hint: (pod, _before, after) => (after?.metadata.uid === pod.uid ? 'Queue' : 'Skip'),
    },
  ],
})

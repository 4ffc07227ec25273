import type { Pod } from '../../../api/types/core-v1.generated.ts'
import { action } from '../cluster-event.ts'
import type { PluginFactory } from '../framework.ts'
import { status } from '../status.ts'

const name = 'DynamicResources'
const nothingToFree = status(name, 'Unschedulable', 'no new claims to deallocate')
// Reading the state of an attempt whose PreFilter never came this far (fwk.ErrNotFound).
const noState = status(name, 'Error', 'not found')

/** pkg/scheduler/framework/plugins/dynamicresources, for pods without claims. */
export const dynamicResources: PluginFactory = (_handle, _args, index) => ({
  name,
  preFilter(cycle) {
    cycle.states[index] = true
    return 'skip'
  },
  postFilter: (cycle) => ({ status: cycle.states[index] === undefined ? noState : nothingToFree, nominate: undefined }),
  score: () => 'zero',
  events: [
    {
      event: {
        resource: 'Node',
        actions: action.add | action.updateNodeLabel | action.updateNodeAllocatable,
      },
    },
    {
      event: { resource: 'Pod', actions: action.updatePodGeneratedResourceClaim },
      hint: (pod, _before, after) => ((after as Pod).metadata.uid === pod.uid ? 'Queue' : 'Skip'),
    },
  ],
})

import type { Node, Pod } from '../../../api/types/core-v1.generated.ts'
import { action } from '../cluster-event.ts'
import type { PluginFactory } from '../framework.ts'
import { status } from '../status.ts'
import { tolerated, unschedulableTaint } from './tolerations.ts'

const refused = status('NodeUnschedulable', 'UnschedulableAndUnresolvable', 'node(s) were unschedulable')

/** pkg/scheduler/framework/plugins/nodeunschedulable. */
export const nodeUnschedulable: PluginFactory = ({ nodes: { columns } }) => ({
  name: 'NodeUnschedulable',
  filter(cycle, slot) {
    if (columns.cordoned[slot] === 0) return undefined
    return tolerated(cycle.pod.facts.tolerations, unschedulableTaint) ? undefined : refused
  },
  events: [
    {
      event: { resource: 'Node', actions: action.add | action.updateNodeTaint },
      hint(_pod, before, after) {
        const was = before as Node | undefined
        const schedulable = (after as Node).spec?.unschedulable !== true
        return schedulable && (was === undefined || was.spec?.unschedulable === true) ? 'Queue' : 'Skip'
      },
    },
    {
      event: { resource: 'Pod', actions: action.updatePodToleration },
      hint(pod, _before, after) {
        const changed = after as Pod
        if (changed.metadata.uid !== pod.uid) return 'Skip'
        return tolerated(changed.spec.tolerations ?? [], unschedulableTaint) ? 'Queue' : 'Skip'
      },
    },
  ],
})

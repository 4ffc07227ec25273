import { action } from '../cluster-event.ts'
import type { PluginFactory } from '../framework.ts'
import { status } from '../status.ts'

const refused = status('NodeName', 'UnschedulableAndUnresolvable', "node(s) didn't match the requested node name")

/** pkg/scheduler/framework/plugins/nodename. */
export const nodeName: PluginFactory = ({ nodes }) => ({
  name: 'NodeName',
  filter(cycle, slot) {
    const wanted = cycle.pod.pod.spec.nodeName
    return wanted === undefined || wanted === '' || wanted === nodes.slots[slot]!.name ? undefined : refused
  },
  events: [{ event: { resource: 'Node', actions: action.add } }],
})

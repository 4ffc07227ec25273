import type { Pod } from '../../../api/types/core-v1.generated.ts'
import { action } from '../cluster-event.ts'
import type { PluginFactory } from '../framework.ts'
import { podInfo, type HostPort } from '../pod-info.ts'
import { status } from '../status.ts'

const refused = status('NodePorts', 'Unschedulable', "node(s) didn't have free ports for the requested pod ports")
const anyAddress = '0.0.0.0'

/** HostPortInfo.CheckConflict: the wildcard address conflicts with every other. */
const taken = (wanted: HostPort, used: ReadonlySet<string>): boolean => {
  if (wanted.ip !== anyAddress)
    return used.has(`${anyAddress} ${wanted.port}`) || used.has(`${wanted.ip} ${wanted.port}`)
  if (used.has(`${anyAddress} ${wanted.port}`)) return true
  for (const one of used) if (one.endsWith(` ${wanted.port}`)) return true
  return false
}

/** pkg/scheduler/framework/plugins/nodeports. */
export const nodePorts: PluginFactory = ({ nodes }) => ({
  name: 'NodePorts',
  preFilter: ({ pod }) => (pod.facts.hostPorts.length === 0 ? 'skip' : undefined),
  filter({ pod }, slot) {
    const { ports } = nodes.slots[slot]!
    if (ports.size === 0) return undefined
    for (const wanted of pod.facts.hostPorts) if (taken(wanted, ports)) return refused
    return undefined
  },
  events: [
    {
      event: { resource: 'Pod', actions: action.delete },
      hint(pod, before) {
        const deleted = before as Pod
        if ((deleted.spec.nodeName ?? '') === '' && (deleted.status?.nominatedNodeName ?? '') === '') return 'Skip'
        const freed = new Set(podInfo(deleted).facts.hostPorts.map(({ ip, port }) => `${ip} ${port}`))
        return pod.facts.hostPorts.some((wanted) => taken(wanted, freed)) ? 'Queue' : 'Skip'
      },
    },
    { event: { resource: 'Node', actions: action.add } },
  ],
})

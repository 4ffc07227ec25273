import type { Node, Pod, PodSpec } from '../../../api/types/core-v1.generated.ts'
import { structuralEqual } from '../../../api/json/structural-equal.ts'
import { action } from '../cluster-event.ts'
import type { PluginFactory } from '../framework.ts'
import { status } from '../status.ts'

const name = 'NodeDeclaredFeatures'
const refused = status(name, 'UnschedulableAndUnresolvable', "node(s) didn't match Pod's required features")

const restartsAll = (spec: PodSpec): boolean =>
  [...spec.containers, ...(spec.initContainers ?? [])].some((container) =>
    (container.restartPolicyRules ?? []).some((rule) => rule.action === 'RestartAllContainers'),
  )

/** Features of the kubelet without which a pod cannot run (component-helpers/nodedeclaredfeatures, v1.36). */
const featuresNeeded = (spec: PodSpec): readonly string[] => {
  const needed: string[] = []
  if (restartsAll(spec)) needed.push('RestartAllContainersOnContainerExits')
  if (spec.hostNetwork === true && spec.hostUsers === false) needed.push('UserNamespacesHostNetworkSupport')
  return needed
}

/** pkg/scheduler/framework/plugins/nodedeclaredfeatures. */
export const nodeDeclaredFeatures: PluginFactory = ({ nodes }, _args, index) => ({
  name,
  preFilter(cycle) {
    const needed = featuresNeeded(cycle.pod.pod.spec)
    if (needed.length === 0) return 'skip'
    cycle.states[index] = needed
    return undefined
  },
  filter(cycle, slot) {
    const declared = nodes.slots[slot]!.node?.status?.declaredFeatures ?? []
    return (cycle.states[index] as readonly string[]).every((one) => declared.includes(one)) ? undefined : refused
  },
  events: [
    {
      event: { resource: 'Node', actions: action.add | action.updateNodeDeclaredFeature },
      hint(_pod, before, after) {
        const declared = (node: Node): readonly string[] => node.status?.declaredFeatures ?? []
        if (before === undefined) return 'Queue'
        return structuralEqual(declared(before as Node), declared(after as Node)) ? 'Skip' : 'Queue'
      },
    },
    {
      event: { resource: 'Pod', actions: action.update },
      hint(pod, before, after) {
        if (after?.metadata.uid !== pod.uid) return 'Skip'
        return structuralEqual(featuresNeeded((before as Pod).spec), featuresNeeded((after as Pod).spec))
          ? 'Skip'
          : 'Queue'
      },
    },
  ],
})

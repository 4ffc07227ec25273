import type { Node } from '../../../api/types/core-v1.generated.ts'
import type { AdmissionPlugin } from './plugin.ts'

const key = 'node.kubernetes.io/not-ready'

/** plugin/pkg/admission/nodetaint */
export const taintNodesByCondition: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  handles: (operation, resource, subresource) =>
    operation === 'CREATE' && resource.id === 'v1/Node' && subresource === '',
  mutate(_context, _attributes, object) {
    const node = object as Node
    const taints = node.spec?.taints ?? []
    if (taints.some((taint) => taint.key === key && taint.effect === 'NoSchedule')) return node
    return { ...node, spec: { ...node.spec, taints: [...taints, { key, effect: 'NoSchedule' }] } } as Node
  },
}

import { podRequests } from '../../../api/pods/pod-resources.ts'
import { compareQuantities } from '../../../api/quantity/compare-quantities.ts'
import { quantityOf } from '../../../api/quantity/parse-quantity.ts'
import { scaledValue } from '../../../api/quantity/quantity-values.ts'
import type { Node, Pod } from '../../../api/types/core-v1.generated.ts'
import { forbid } from './forbid.ts'
import type { AdmissionPlugin } from './plugin.ts'

const measures = [
  ['cpu', -3],
  ['memory', 0],
] as const

/** validateRequestsWithinAllocatable */
const shortages = (pod: Pod, node: Node): string[] => {
  const requests = podRequests(pod)
  return measures.flatMap(([name, exponent]) => {
    const wanted = requests.get(name)
    const there = quantityOf(node.status?.allocatable?.[name] ?? '0')
    if (wanted === undefined || compareQuantities(wanted, there) <= 0) return []
    return [`${name}, requested: ${scaledValue(wanted, exponent)}, allocatable: ${scaledValue(there, exponent)}`]
  })
}

/** plugin/pkg/admission/podresize: a bound pod is resized only to what its node could hold at all. */
export const podResizeValidator: AdmissionPlugin = {
  name: 'PodResizeValidator',
  handles: (operation, resource, subresource) =>
    operation === 'UPDATE' && resource.id === 'v1/Pod' && subresource === 'resize',
  validate(context, attributes, object) {
    const pod = object as Pod
    const name = pod.spec.nodeName ?? ''
    if (name === '' || attributes.old?.metadata.generation === pod.metadata.generation) return undefined
    const node = context.lookup('v1/Node', undefined, name) as Node | undefined
    if (node === undefined) return forbid(attributes, pod, `node ${JSON.stringify(name)} not found`)
    const system = node.metadata.labels?.['kubernetes.io/os'] ?? 'linux'
    if (system !== 'linux') {
      const why = `pod resize is only supported on linux nodes, node ${JSON.stringify(name)} is ${JSON.stringify(system)}`
      return forbid(attributes, pod, why, [{ reason: 'UnsupportedPlatform' }])
    }
    const short = shortages(pod, node)
    if (short.length === 0) return undefined
    const why = `node didn't have enough allocatable resources: ${short.join('; ')}`
    return forbid(attributes, pod, why, [{ reason: 'NodeCapacity' }])
  },
}

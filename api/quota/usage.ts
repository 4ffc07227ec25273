import type { KubeObject } from '../object.ts'
import { podLimits, podRequests } from '../pods/pod-resources.ts'
import type { Resource } from '../protocol/resource.ts'
import { quantityOf } from '../quantity/parse-quantity.ts'
import type { Quantity } from '../quantity/quantity.ts'
import { resourceName } from '../object-key.ts'
import type { PersistentVolumeClaim, Pod, Service } from '../types/core-v1.generated.ts'

/** What an object takes of a quota's resources. */
export type Usage = Map<string, Quantity>

const one = quantityOf('1')
const legacyCounts = [
  'configmaps',
  'secrets',
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'persistentvolumeclaims',
]
const plainCompute = ['cpu', 'memory', 'ephemeral-storage']

const podUsage = (pod: Pod, usage: Usage): void => {
  const phase = pod.status?.phase
  if (phase === 'Failed' || phase === 'Succeeded') return
  usage.set('pods', one)
  for (const [name, quantity] of podRequests(pod)) {
    if (plainCompute.includes(name) || name.startsWith('hugepages-')) usage.set(name, quantity)
    if (name !== 'pods') usage.set(`requests.${name}`, quantity)
  }
  for (const [name, quantity] of podLimits(pod)) if (plainCompute.includes(name)) usage.set(`limits.${name}`, quantity)
}

const serviceUsage = (service: Service, usage: Usage): void => {
  const spec = service.spec
  const ports = String((spec?.ports ?? []).length)
  usage.set('services.loadbalancers', quantityOf(spec?.type === 'LoadBalancer' ? '1' : '0'))
  const allocated =
    spec?.type === 'NodePort' || (spec?.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false)
  const own = String((spec?.ports ?? []).filter((port) => (port.nodePort ?? 0) !== 0).length)
  usage.set('services.nodeports', quantityOf(allocated ? ports : spec?.type === 'LoadBalancer' ? own : '0'))
}

const claimUsage = (claim: PersistentVolumeClaim, usage: Usage): void => {
  const storage = quantityOf(claim.spec?.resources?.requests?.['storage'] ?? '0')
  usage.set('requests.storage', storage)
  const storageClass =
    claim.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? claim.spec?.storageClassName ?? ''
  if (storageClass === '') return
  usage.set(`${storageClass}.storageclass.storage.k8s.io/requests.storage`, storage)
  usage.set(`${storageClass}.storageclass.storage.k8s.io/persistentvolumeclaims`, one)
}

/** pkg/quota/v1/evaluator/core: Usage of the evaluator that handles a resource. */
export const usageOf = (resource: Resource, object: KubeObject): Usage => {
  const usage: Usage = new Map([[`count/${resourceName(resource)}`, one]])
  if (resource.group === '' && legacyCounts.includes(resource.plural)) usage.set(resource.plural, one)
  switch (resource.id) {
    case 'v1/Pod':
      podUsage(object as Pod, usage)
      break
    case 'v1/Service':
      serviceUsage(object as Service, usage)
      break
    case 'v1/PersistentVolumeClaim':
      claimUsage(object as PersistentVolumeClaim, usage)
      break
  }
  return usage
}

/** Resources of which every container must say how much it wants, where a quota counts them. */
const perContainer = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory']

/** podEvaluator.Constraints: `must specify limits.cpu for: app; …`; undefined if nothing is missing. */
export const unspecified = (pod: Pod, hard: readonly string[]): string | undefined => {
  const required = perContainer.filter((name) => hard.includes(name)).sort()
  const level = pod.spec?.resources
  const says = (
    resources:
      | { readonly requests?: Readonly<Record<string, string>>; readonly limits?: Readonly<Record<string, string>> }
      | undefined,
    name: string,
  ): boolean => {
    const bare = name.replace(/^(requests|limits)\./, '')
    return (name.startsWith('limits.') ? resources?.limits : resources?.requests)?.[bare] !== undefined
  }
  const parts: string[] = []
  for (const name of required) {
    if (says(level, name)) continue
    const without = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])]
      .filter((container) => !says(container.resources, name))
      .map((container) => container.name)
      .sort()
    if (without.length > 0) parts.push(`${name} for: ${without.join(',')}`)
  }
  return parts.length === 0 ? undefined : `must specify ${parts.join('; ')}`
}

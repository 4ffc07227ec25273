import { addQuantities } from '../quantity/quantity-arithmetic.ts'
import { parseQuantity } from '../quantity/parse-quantity.ts'
import { scaledValue } from '../quantity/quantity-values.ts'
import type { Quantity } from '../quantity/quantity.ts'
import type { Container, ContainerStatus, Pod, PodSpec, ResourceRequirements } from '../types/core-v1.generated.ts'
import { addInto, maxInto, resourceList, type ResourceList, type ResourceTexts } from './resource-list.ts'

// component-helpers/resource/helpers.go

export interface PodResourcesOptions {
  /** Take what the container statuses say into account: resizes under way. */
  readonly useStatusResources?: boolean
  readonly excludeOverhead?: boolean
  readonly skipPodLevelResources?: boolean
  readonly skipContainerLevelResources?: boolean
  /** Counted for each container that has no request of that resource. */
  readonly nonMissingContainerRequests?: ResourceTexts
}

/** What a resource may be requested of for the pod as a whole. */
export const isPodLevelResource = (name: string): boolean =>
  name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')

const hasPodLevel = (texts: ResourceTexts | undefined): boolean => {
  for (const name in texts) if (isPodLevelResource(name)) return true
  return false
}

export const isPodLevelRequestsSet = (spec: PodSpec): boolean => hasPodLevel(spec.resources?.requests)
export const isPodLevelResourcesSet = (spec: PodSpec): boolean =>
  hasPodLevel(spec.resources?.requests) || hasPodLevel(spec.resources?.limits)

export const isPodResizeInfeasible = (pod: Pod): boolean =>
  pod.status?.conditions?.find((condition) => condition.type === 'PodResizePending')?.reason === 'Infeasible'

export const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always'

type Half = 'requests' | 'limits'

/** Requests or limits that count: the largest of what is wanted, actuated and allocated, but for a resize that cannot be. */
const effective = (
  pod: Pod,
  half: Half,
  wanted: ResourceTexts | undefined,
  actual: { readonly resources: ResourceRequirements; readonly allocated: ResourceTexts | undefined },
): ResourceList => {
  const result = isPodResizeInfeasible(pod) ? new Map<string, Quantity>() : resourceList(wanted)
  maxInto(result, resourceList(actual.resources[half]))
  if (half === 'requests') maxInto(result, resourceList(actual.allocated))
  return result
}

const statusesByName = (pod: Pod): Map<string, ContainerStatus> => {
  const byName = new Map<string, ContainerStatus>()
  for (const status of pod.status?.containerStatuses ?? []) byName.set(status.name, status)
  for (const status of pod.status?.initContainerStatuses ?? []) byName.set(status.name, status)
  return byName
}

/** AggregateContainerRequests and AggregateContainerLimits. */
const aggregateContainers = (pod: Pod, half: Half, options: PodResourcesOptions): ResourceList => {
  const statuses = options.useStatusResources === true ? statusesByName(pod) : undefined
  const nonMissing =
    half === 'requests' ? resourceList(options.nonMissingContainerRequests) : new Map<string, Quantity>()
  const own = (container: Container, resizable: boolean): ResourceList => {
    const status = resizable ? statuses?.get(container.name) : undefined
    const wanted = container.resources?.[half]
    const list =
      status?.resources === undefined
        ? resourceList(wanted)
        : effective(pod, half, wanted, { resources: status.resources, allocated: status.allocatedResources })
    for (const [name, quantity] of nonMissing) if (!list.has(name)) list.set(name, quantity)
    return list
  }
  const total: ResourceList = new Map()
  for (const container of pod.spec.containers ?? []) addInto(total, own(container, true))
  const sidecars: ResourceList = new Map()
  const initial: ResourceList = new Map()
  for (const container of pod.spec.initContainers ?? []) {
    const list = own(container, isSidecar(container))
    if (isSidecar(container)) {
      addInto(total, list)
      addInto(sidecars, list)
      maxInto(initial, sidecars)
    } else {
      addInto(list, sidecars)
      maxInto(initial, list)
    }
  }
  maxInto(total, initial)
  return total
}

const applyPodLevel = (pod: Pod, half: Half, total: ResourceList, options: PodResourcesOptions): void => {
  const wanted = resourceList(pod.spec.resources?.[half])
  const actual = options.useStatusResources === true ? pod.status?.resources : undefined
  const effectiveList =
    actual === undefined
      ? wanted
      : effective(pod, half, pod.spec.resources?.[half], {
          resources: actual,
          allocated: pod.status?.allocatedResources,
        })
  for (const name of wanted.keys()) {
    const quantity = effectiveList.get(name)
    if (isPodLevelResource(name) && quantity !== undefined) total.set(name, quantity)
  }
}

/** resource.PodRequests: what a pod needs of each resource. */
export const podRequests = (pod: Pod, options: PodResourcesOptions = {}): ResourceList => {
  const total: ResourceList =
    options.skipContainerLevelResources === true
      ? new Map<string, Quantity>()
      : aggregateContainers(pod, 'requests', options)
  if (options.skipPodLevelResources !== true && isPodLevelRequestsSet(pod.spec)) {
    applyPodLevel(pod, 'requests', total, options)
  }
  if (options.excludeOverhead !== true) addInto(total, resourceList(pod.spec.overhead))
  return total
}

/** resource.PodLimits. */
export const podLimits = (pod: Pod, options: PodResourcesOptions = {}): ResourceList => {
  const total = aggregateContainers(pod, 'limits', options)
  if (options.skipPodLevelResources !== true && isPodLevelResourcesSet(pod.spec)) {
    applyPodLevel(pod, 'limits', total, options)
  }
  if (options.excludeOverhead !== true) {
    for (const [name, quantity] of resourceList(pod.spec.overhead)) {
      const known = total.get(name)
      if (known !== undefined && known.unscaled !== 0n) total.set(name, addQuantities(known, quantity))
    }
  }
  return total
}

/** resource.GetResourceRequestQuantity: what a pod requests of one resource. */
export const podRequestOf = (pod: Pod, resource: string): Quantity => {
  const binary = resource === 'memory' || resource === 'storage' || resource === 'ephemeral-storage'
  const zero: Quantity = { unscaled: 0n, exponent: 0, big: false, format: binary ? 'BinarySI' : 'DecimalSI' }
  const skipContainerLevelResources = isPodLevelResourcesSet(pod.spec)
  const requested = podRequests(pod, { skipContainerLevelResources, excludeOverhead: true }).get(resource)
  const total = requested === undefined ? zero : addQuantities(zero, requested)
  const overhead = pod.spec.overhead?.[resource]
  if (overhead === undefined || total.unscaled === 0n) return total
  const extra = parseQuantity(overhead)
  return 'error' in extra ? total : addQuantities(total, extra)
}

/** Amounts by resource as integers: milli for cpu, whole units for all else. */
export type ResourceUnits = ReadonlyMap<string, number>

const toUnits = (list: ResourceList): ResourceUnits => {
  const units = new Map<string, number>()
  for (const [name, quantity] of list) units.set(name, Number(scaledValue(quantity, name === 'cpu' ? -3 : 0)))
  return units
}

interface Remembered {
  requests?: ResourceUnits
  limits?: ResourceUnits
}
const bySpec = new WeakMap<PodSpec, Remembered>()

const remembered = (spec: PodSpec): Remembered => {
  let entry = bySpec.get(spec)
  if (entry === undefined) {
    entry = {}
    if (Object.isFrozen(spec)) bySpec.set(spec, entry)
  }
  return entry
}

/** podRequests of the spec alone, in units. Remembered by identity of a frozen spec. */
export const podRequestUnits = (pod: Pod): ResourceUnits => {
  const entry = remembered(pod.spec)
  return (entry.requests ??= toUnits(podRequests(pod)))
}

/** podLimits of the spec alone, in units. Remembered by identity of a frozen spec. */
export const podLimitUnits = (pod: Pod): ResourceUnits => {
  const entry = remembered(pod.spec)
  return (entry.limits ??= toUnits(podLimits(pod)))
}

/** What a pod takes of its node, resizes under way included: what the scheduler counts. */
export const podTakenUnits = (pod: Pod): ResourceUnits => {
  const resized =
    pod.status?.resources !== undefined ||
    (pod.status?.containerStatuses ?? []).some((status) => status.resources !== undefined) ||
    (pod.status?.initContainerStatuses ?? []).some((status) => status.resources !== undefined)
  return resized ? toUnits(podRequests(pod, { useStatusResources: true })) : podRequestUnits(pod)
}

import { compareQuantities } from '../quantity/compare-quantities.ts'
import { addQuantities } from '../quantity/quantity-arithmetic.ts'
import type { Pod, PodSpec } from '../types/core-v1.generated.ts'
import { resourceList, type ResourceList, type ResourceTexts } from './resource-list.ts'

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort'

/** Adds cpu and memory that are above zero; answers how many of the two there were. */
const addPositive = (total: ResourceList, texts: ResourceTexts | undefined): number => {
  let found = 0
  for (const [name, quantity] of resourceList(texts)) {
    if ((name !== 'cpu' && name !== 'memory') || quantity.unscaled <= 0n) continue
    found += 1
    const known = total.get(name)
    total.set(name, known === undefined ? quantity : addQuantities(quantity, known))
  }
  return found
}

const compute = (spec: PodSpec): QosClass => {
  const requests: ResourceList = new Map()
  const limits: ResourceList = new Map()
  let guaranteed = true
  if (spec.resources !== undefined) {
    addPositive(requests, spec.resources.requests)
    if (Object.keys(spec.resources.limits ?? {}).length > 0) {
      guaranteed = addPositive(limits, spec.resources.limits) === 2
    }
  } else {
    for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
      addPositive(requests, container.resources?.requests)
      if (addPositive(limits, container.resources?.limits) < 2) guaranteed = false
    }
  }
  if (requests.size === 0 && limits.size === 0) return 'BestEffort'
  if (!guaranteed || requests.size !== limits.size) return 'Burstable'
  for (const [name, request] of requests) {
    const limit = limits.get(name)
    if (limit === undefined || compareQuantities(limit, request) !== 0) return 'Burstable'
  }
  return 'Guaranteed'
}

const classes = new WeakMap<PodSpec, QosClass>()

/** qos.ComputePodQOS. Remembered by identity of a frozen spec. */
export const computePodQos = (spec: PodSpec): QosClass => {
  const known = classes.get(spec)
  if (known !== undefined) return known
  const qos = compute(spec)
  if (Object.isFrozen(spec)) classes.set(spec, qos)
  return qos
}

/** qos.GetPodQOS: what the status says, or computed. */
export const podQos = (pod: Pod): QosClass => pod.status?.qosClass ?? computePodQos(pod.spec)

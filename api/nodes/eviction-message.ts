import { isPodLevelResourcesSet } from '../pods/pod-resources.ts'
import { canonicalQuantity } from '../quantity/canonical-quantity.ts'
import { compareQuantities } from '../quantity/compare-quantities.ts'
import { quantityOf } from '../quantity/parse-quantity.ts'
import { newQuantity, type Quantity } from '../quantity/quantity.ts'
import type { Pod } from '../types/core-v1.generated.ts'
import { signalResources, thresholdQuantity, type EvictionThreshold } from './eviction-thresholds.ts'
import type { ContainerStats, PodStats } from './pod-stats.ts'

export interface Observation {
  readonly capacity: Quantity
  readonly available: Quantity
}

export interface EvictionMessage {
  readonly message: string
  readonly annotations: Readonly<Record<string, string>>
}

const bytes = (amount: number): Quantity => newQuantity(amount, 'BinarySI')

const usageOf = (resource: string, stats: ContainerStats): Quantity | undefined => {
  if (resource === 'memory') {
    const used = stats.memory?.workingSetBytes
    return used === undefined ? undefined : bytes(used)
  }
  if (resource !== 'ephemeral-storage') return undefined
  const root = stats.rootfs?.usedBytes
  const logs = stats.logs?.usedBytes
  return root === undefined || logs === undefined ? undefined : bytes(root + logs)
}

const using = (what: string, name: string, [usage, request]: readonly [string, string], resource: string): string =>
  `${what} ${name} was using ${usage}, request is ${request}, has larger consumption of ${resource}. `

const thresholdText = (
  resource: string,
  thresholds: readonly EvictionThreshold[],
  observations: ReadonlyMap<string, Observation>,
): string => {
  for (const { signal, value } of thresholds) {
    const observed = signalResources[signal] === resource ? observations.get(signal) : undefined
    if (observed === undefined) continue
    const quantity = canonicalQuantity(thresholdQuantity(value, observed.capacity))
    return `Threshold quantity: ${quantity}, available: ${canonicalQuantity(observed.available)}. `
  }
  return ''
}

/** What was known when a pod was chosen. */
export interface EvictionFacts {
  readonly resource: string
  readonly stats: PodStats | undefined
  readonly thresholds: readonly EvictionThreshold[]
  readonly observations: ReadonlyMap<string, Observation>
}

/** evictionMessage: the message of an evicted pod and the annotations of its event. */
export const evictionMessage = (pod: Pod, facts: EvictionFacts): EvictionMessage => {
  const { resource, stats } = facts
  let message = `The node was low on resource: ${resource}. `
  message += thresholdText(resource, facts.thresholds, facts.observations)
  if (stats === undefined) return { message, annotations: {} }
  const annotations: Record<string, string> = {}
  const podRequest = pod.spec.resources?.requests?.memory
  if (
    resource === 'memory' &&
    isPodLevelResourcesSet(pod.spec) &&
    podRequest !== undefined &&
    stats.memory !== undefined
  ) {
    const usage = canonicalQuantity(bytes(stats.memory.workingSetBytes ?? 0))
    const name = pod.metadata.name ?? ''
    message += using('Pod', name, [usage, canonicalQuantity(quantityOf(podRequest))], resource)
    annotations.offending_pod = name
    annotations.offending_pod_usage = usage
  }
  const names: string[] = []
  const usages: string[] = []
  const containers = [...(pod.spec.containers ?? []), ...(pod.spec.initContainers ?? [])]
  for (const own of stats.containers ?? []) {
    const container = containers.find((one) => one.name === own.name)
    const usage = container === undefined ? undefined : usageOf(resource, own)
    if (container === undefined || usage === undefined) continue
    const request = quantityOf(container.resources?.requests?.[resource] ?? '0')
    if (compareQuantities(usage, request) <= 0) continue
    const text = canonicalQuantity(usage)
    message += using('Container', container.name, [text, canonicalQuantity(request)], resource)
    names.push(container.name)
    usages.push(text)
  }
  annotations.offending_containers = names.join(',')
  annotations.offending_containers_usage = usages.join(',')
  annotations.starved_resource = resource
  return { message, annotations }
}

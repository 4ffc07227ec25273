import type { Key } from '../../../api/kind.ts'
import { quantityOf } from '../../../api/quantity/parse-quantity.ts'
import { scaledValue } from '../../../api/quantity/quantity-values.ts'
import type { Node, Service } from '../../../api/types/core-v1.generated.ts'
import type { Endpoint } from '../../../api/types/discovery-v1.generated.ts'
import type { AddressType, SliceDraft } from './decide-slices.ts'

// k8s.io/endpointslice/topologycache: hints of Services with topology mode Auto, by each zone's share of the cluster's CPU.
// Differs: zones are taken in name order where upstream ranges over Go maps.

/** overloadThreshold */
const overloadThreshold = 0.2
const minimumShare = 1 / (1 + overloadThreshold)

type Counts = ReadonlyMap<string, number>

/** TopologyCache. */
export interface TopologyCache {
  /** cpuRatiosByZone; undefined: too little is known of the nodes. */
  ratios: Counts | undefined
  /** endpointsByService: hints a zone, by Service and address type. */
  readonly services: Map<Key, Map<AddressType, Counts>>
  /** hintsPopulatedByService */
  readonly populated: Set<Key>
}

export const createTopologyCache = (): TopologyCache => ({
  ratios: undefined,
  services: new Map(),
  populated: new Set(),
})

export interface HintedSlices {
  readonly create: readonly SliceDraft[]
  readonly update: readonly SliceDraft[]
  readonly unchanged: readonly SliceDraft[]
}

export interface HintPlan {
  readonly create: readonly SliceDraft[]
  readonly update: readonly SliceDraft[]
  readonly events: readonly { readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string }[]
}

/** hintsEnabled */
export const hintsEnabled = ({ metadata: { annotations } }: Service): boolean => {
  const value =
    annotations?.['service.kubernetes.io/topology-aware-hints'] ?? annotations?.['service.kubernetes.io/topology-mode']
  return value === 'Auto' || value === 'auto'
}

const excludedLabels = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master']

/** SetNodes: each zone's share of the CPU of the ready nodes. */
export const zoneRatios = (nodes: readonly Node[]): Counts | undefined => {
  const cpu = new Map<string, number>()
  let total = 0
  for (const { metadata, status } of nodes) {
    const { labels = {} } = metadata
    if (excludedLabels.some((label) => label in labels)) continue
    if (status?.conditions?.find((one) => one.type === 'Ready')?.status !== 'True') continue
    const zone = labels['topology.kubernetes.io/zone'] ?? ''
    const milli = Number(scaledValue(quantityOf(status.allocatable?.['cpu'] ?? 0), -3))
    if (zone === '' || milli === 0) return undefined
    cpu.set(zone, (cpu.get(zone) ?? 0) + milli)
    total += milli
  }
  if (total === 0 || cpu.size < 2) return undefined
  return new Map([...cpu].sort(([a], [b]) => (a < b ? -1 : 1)).map(([zone, milli]) => [zone, milli / total]))
}

/** GetOverloadedServices: those with a zone that has too few endpoints now. */
export const overloadedServices = ({ services, ratios }: TopologyCache): readonly Key[] => {
  const overloaded = (hints: Counts): boolean => {
    if (hints.size === 0) return false
    if (ratios === undefined) return true
    let total = 0
    for (const count of hints.values()) total += count
    for (const [zone, ratio] of ratios) {
      const count = hints.get(zone)
      if (count === undefined || count < Math.ceil(total * ratio * minimumShare)) return true
    }
    return false
  }
  return [...services].filter(([, byType]) => [...byType.values()].some(overloaded)).map(([key]) => key)
}

interface Allocation {
  readonly desired: number
  readonly minimum: number
  readonly maximum: number
}

/** getAllocations: how many endpoints each zone is to have; a sentence where there is no good way. */
const allocationsOf = (ratios: Counts | undefined, count: number): ReadonlyMap<string, Allocation> | string => {
  if (ratios === undefined)
    return 'Insufficient Node information: allocatable CPU or zone not specified on one or more nodes'
  const numbers = `(${count} endpoints, ${ratios.size} zones)`
  if (ratios.size > count) return `Insufficient number of endpoints ${numbers}`
  const minimums = new Map<string, number>()
  let left = count
  for (const [zone, ratio] of ratios) {
    const minimum = Math.ceil(ratio * count * minimumShare)
    minimums.set(zone, minimum)
    left -= minimum
    if (left < 0)
      return `Unable to allocate minimum required endpoints to each zone without exceeding overload threshold ${numbers}`
  }
  return new Map(
    [...ratios].map(([zone, ratio]) => {
      const minimum = minimums.get(zone)!
      return [zone, { minimum, desired: Math.max(ratio * count, minimum), maximum: minimum + left }]
    }),
  )
}

const isReady = (endpoint: Endpoint): boolean => endpoint.conditions?.ready === true
const endpointsOf = (slice: SliceDraft): readonly Endpoint[] => slice.endpoints ?? []
const bare = ({ hints: _, ...endpoint }: Endpoint): Endpoint => endpoint
const bareSlice = (slice: SliceDraft): SliceDraft => ({ ...slice, endpoints: endpointsOf(slice).map(bare) })
const toZone = (endpoint: Endpoint, zone: string): Endpoint => ({ ...endpoint, hints: { forZones: [{ name: zone }] } })

/** RemoveHintsFromSlices */
export const withoutHints = ({ create, update, unchanged }: HintedSlices): Omit<HintPlan, 'events'> => {
  const hinted = unchanged.filter((slice) => endpointsOf(slice).some((endpoint) => endpoint.hints !== undefined))
  return { create: create.map(bareSlice), update: [...update, ...hinted].map(bareSlice) }
}

/** getHintsByZone: a slice's hints, undefined if they cannot stay. */
const hintsThatStay = (
  slice: SliceDraft,
  allocated: Counts,
  allocations: ReadonlyMap<string, Allocation>,
): Counts | undefined => {
  const found = new Map<string, number>()
  for (const endpoint of endpointsOf(slice).filter(isReady)) {
    const { forZones = [] } = endpoint.hints ?? {}
    if (forZones.length === 0) return undefined
    for (const { name } of forZones) {
      if (!allocations.has(name)) return undefined
      found.set(name, (found.get(name) ?? 0) + 1)
    }
  }
  for (const [zone, count] of found)
    if (count + (allocated.get(zone) ?? 0) > allocations.get(zone)!.maximum) return undefined
  return found
}

/** getMost */
const most = (zones: Counts): readonly [string, number] => {
  let found: readonly [string, number] = ['', 0]
  for (const entry of zones) if (entry[1] > found[1]) found = entry
  return found
}

const add = (counts: Map<string, number>, zone: string, by: number): void => {
  counts.set(zone, (counts.get(zone) ?? 0) + by)
}

/** getGivingAndReceivingZones */
const transfers = (
  allocations: ReadonlyMap<string, Allocation>,
  allocated: Counts,
): { readonly giving: Map<string, number>; readonly receiving: Map<string, number> } => {
  const surplus = new Map<string, number>()
  const want = new Map<string, number>()
  for (const [zone, { desired }] of allocations) {
    const hints = allocated.get(zone) ?? 0
    if (hints > desired) surplus.set(zone, hints - desired)
    else if (hints < desired) want.set(zone, desired - hints)
  }
  const giving = new Map<string, number>()
  const receiving = new Map<string, number>()
  for (;;) {
    const [from, give] = most(surplus)
    const [to, take] = most(want)
    if (from === '' || to === '' || (give < 1 && take < 1) || give < 0.5 || take < 0.5) return { giving, receiving }
    add(giving, from, 1)
    add(surplus, from, -1)
    add(receiving, to, 1)
    add(want, to, -1)
  }
}

/** removes from a count; a zone that has none left goes. */
const spend = (counts: Map<string, number>, zone: string): void => {
  const left = (counts.get(zone) ?? 0) - 1
  if (left > 0) counts.set(zone, left)
  else counts.delete(zone)
}

/** RemoveHints */
export const forgetHints = ({ services, populated }: TopologyCache, key: Key, addressType: AddressType): void => {
  const byType = services.get(key)
  byType?.delete(addressType)
  if (byType?.size === 0) services.delete(key)
  populated.delete(key)
}

/** AddHints: each ready endpoint is hinted to its own zone, but for those that a zone with too few is given. */
export const addHints = (
  cache: TopologyCache,
  { key, addressType }: { readonly key: Key; readonly addressType: AddressType },
  slices: HintedSlices,
): HintPlan => {
  const disabled = (why: string, set: HintedSlices = slices): HintPlan => {
    forgetHints(cache, key, addressType)
    const message = `${why}, addressType: ${addressType}`
    return { ...withoutHints(set), events: [{ type: 'Warning', reason: 'TopologyAwareHintsDisabled', message }] }
  }
  const all = [...slices.create, ...slices.update, ...slices.unchanged]
  const count = all.reduce((sum, slice) => sum + endpointsOf(slice).filter(isReady).length, 0)
  const allocations = allocationsOf(cache.ratios, count)
  if (typeof allocations === 'string') return disabled(allocations)

  // getAllocatedHintsByZone
  const allocated = new Map<string, number>()
  const update = [...slices.update]
  const kept: SliceDraft[] = []
  for (const slice of slices.unchanged) {
    const hints = hintsThatStay(slice, allocated, allocations)
    if (hints === undefined) update.push(slice)
    else {
      kept.push(slice)
      for (const [zone, hinted] of hints) add(allocated, zone, hinted)
    }
  }
  const movable = [...slices.create, ...update]
  const ready = movable.flatMap((slice) => endpointsOf(slice).filter(isReady))
  if (ready.some((endpoint) => (endpoint.zone ?? '') === ''))
    return disabled('One or more endpoints do not have a zone specified', { ...slices, update, unchanged: kept })
  for (const endpoint of ready) add(allocated, endpoint.zone ?? '', 1)

  // redistributeHints
  const { giving, receiving } = transfers(allocations, allocated)
  const hinted = (slice: SliceDraft): SliceDraft => ({
    ...slice,
    endpoints: endpointsOf(slice).map((endpoint) => {
      if (!isReady(endpoint)) return endpoint
      const own = endpoint.zone ?? ''
      const [other] = receiving.keys()
      if (other === undefined || !giving.has(own)) return toZone(endpoint, own)
      spend(giving, own)
      spend(receiving, other)
      add(allocated, own, -1)
      add(allocated, other, 1)
      return toZone(endpoint, other)
    }),
  })
  const create = slices.create.map(hinted)
  const updated = update.map(hinted)
  if (allocated.size === 0) return disabled('No hints allocated for zones', { ...slices, update, unchanged: kept })
  const known = cache.populated.has(key)
  const byType = cache.services.get(key) ?? new Map<AddressType, Counts>()
  cache.services.set(key, byType.set(addressType, allocated))
  cache.populated.add(key)
  const message = `Topology Aware Hints has been enabled, addressType: ${addressType}`
  return {
    create,
    update: updated,
    events: known ? [] : [{ type: 'Normal', reason: 'TopologyAwareHintsEnabled', message }],
  }
}

import { asPrefix, isDns1123Subdomain } from '../../../api/names/dns-names.ts'
import { canonicalJson } from '../../../api/json/canonical-json.ts'
import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { Node, Pod, Service } from '../../../api/types/core-v1.generated.ts'
import type { Endpoint, EndpointPort, EndpointSlice } from '../../../api/types/discovery-v1.generated.ts'
import { newControllerReference } from '../../reconcile/controller-reference.ts'
import { isPodReady } from '../../reconcile/pod-state.ts'
import { findPort, hostnameOf, isHeadless, podIsEndpoint } from '../../reconcile/service-endpoints.ts'
import { inHashOrder } from './port-order.ts'
import type { HintedSlices } from './topology-hints.ts'
import { headlessLabel, managedByLabel, serviceNameLabel, sliceManager } from '../../reconcile/slice-names.ts'

export type AddressType = 'IPv4' | 'IPv6'

/** A slice to be written; a new one has no name yet. */
export type SliceDraft = Omit<EndpointSlice, 'metadata'> & {
  readonly metadata: EndpointSlice['metadata'] | Partial<EndpointSlice['metadata']>
}

export interface SlicePlan {
  readonly create: readonly SliceDraft[]
  readonly update: readonly SliceDraft[]
  readonly remove: readonly EndpointSlice[]
  /** Pods that were left out because their node is not known. */
  readonly errors: readonly string[]
}

export interface SliceInput {
  readonly service: Service
  readonly pods: readonly Pod[]
  readonly slices: readonly EndpointSlice[]
  readonly addressType: AddressType
  readonly maxEndpoints: number
  nodeOf(name: string): Node | undefined
  /** Gives the slices the hints of topology mode Auto. Without it, those of the Service's trafficDistribution. */
  readonly hint?: (slices: HintedSlices) => Pick<SlicePlan, 'create' | 'update'>
}

/** getAddressTypesForService. */
export const addressTypesOf = (service: Service): readonly AddressType[] => {
  const families = service.spec?.ipFamilies ?? []
  const types = (['IPv4', 'IPv6'] as const).filter((type) => families.includes(type))
  if (types.length > 0) return types
  const { clusterIP = '' } = service.spec ?? {}
  if (clusterIP !== '' && clusterIP !== 'None') return [clusterIP.includes(':') ? 'IPv6' : 'IPv4']
  return ['IPv4', 'IPv6']
}

type Labels = Readonly<Record<string, string>>
const reserved = new Set([serviceNameLabel, managedByLabel, headlessLabel])
const free = (labels: Labels | undefined): Labels =>
  Object.fromEntries(Object.entries(labels ?? {}).filter(([key]) => !reserved.has(key)))

/** setEndpointSliceLabels: a slice's labels, and whether those that come from the Service have changed. */
const labelsOf = (
  service: Service,
  present: Labels | undefined,
): { readonly labels: Labels; readonly changed: boolean } => {
  const own = free(service.metadata.labels)
  return {
    changed: !structuralEqual(free(present), own),
    labels: {
      ...own,
      ...(isHeadless(service) ? { [headlessLabel]: '' } : {}),
      [serviceNameLabel]: service.metadata.name ?? '',
      [managedByLabel]: sliceManager,
    },
  }
}

const validPrefix = asPrefix(isDns1123Subdomain)

const newSlice = (service: Service, addressType: AddressType, ports: readonly EndpointPort[]): SliceDraft => {
  const name = service.metadata.name ?? ''
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: validPrefix(`${name}-`).length === 0 ? `${name}-` : name,
      namespace: service.metadata.namespace ?? '',
      labels: labelsOf(service, undefined).labels,
      ownerReferences: [newControllerReference(service)],
    },
    addressType,
    endpoints: [],
    ports,
  }
}

const endpointOf = (pod: Pod, node: Node | undefined, service: Service, addressType: AddressType): Endpoint => {
  const serving = isPodReady(pod)
  const terminating = pod.metadata.deletionTimestamp !== undefined
  const nodeName = pod.spec?.nodeName ?? ''
  const zone = node?.metadata.labels?.['topology.kubernetes.io/zone'] ?? ''
  const hostname = hostnameOf(pod, service)
  const addresses = (pod.status?.podIPs ?? [])
    .map((one) => one.ip)
    .filter((ip) => ip.includes(':') === (addressType === 'IPv6'))
  return {
    addresses,
    conditions: {
      ready: service.spec?.publishNotReadyAddresses === true || (serving && !terminating),
      serving,
      terminating,
    },
    ...(hostname === undefined ? {} : { hostname }),
    targetRef: {
      kind: 'Pod',
      namespace: pod.metadata.namespace ?? '',
      name: pod.metadata.name ?? '',
      uid: pod.metadata.uid ?? '',
    },
    ...(nodeName === '' ? {} : { nodeName }),
    ...(zone === '' ? {} : { zone }),
  }
}

const portsOf = (service: Service, pod: Pod): readonly EndpointPort[] => {
  const ports: EndpointPort[] = []
  for (const port of service.spec?.ports ?? []) {
    const number = findPort(pod, port)
    if (number === undefined) continue
    ports.push({
      name: port.name ?? '',
      port: number,
      protocol: port.protocol ?? 'TCP',
      ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
    })
  }
  return inHashOrder(ports)
}

/** NewPortMapKey: ports in whatever order. */
const portKey = (ports: readonly EndpointPort[] | undefined): string =>
  (ports ?? []).map(canonicalJson).sort().join('\n')

/** hashEndpoint: which endpoint it is, whatever its state. */
const endpointKey = (endpoint: Endpoint): string =>
  canonicalJson([
    endpoint.addresses,
    endpoint.hostname ?? '',
    endpoint.targetRef?.namespace ?? '',
    endpoint.targetRef?.name ?? '',
  ])

const sameState = (a: Endpoint, b: Endpoint): boolean => {
  const { resourceVersion: _a, ...refA } = a.targetRef ?? {}
  const { resourceVersion: _b, ...refB } = b.targetRef ?? {}
  return (
    a.nodeName === b.nodeName &&
    a.zone === b.zone &&
    structuralEqual(a.conditions, b.conditions) &&
    structuralEqual(refA, refB)
  )
}

const sliceEndpoints = (slice: SliceDraft): readonly Endpoint[] => slice.endpoints ?? []

/** getSliceToFill: the slice that these endpoints fill best. */
const sliceToFill = (slices: readonly SliceDraft[], count: number, max: number): SliceDraft | undefined => {
  let closest: SliceDraft | undefined
  let least = max
  for (const slice of slices) {
    const room = max - (count + sliceEndpoints(slice).length)
    if (room < 0 || room >= least) continue
    least = room
    closest = slice
    if (room === 0) break
  }
  return closest
}

interface PortMap {
  readonly ports: readonly EndpointPort[]
  readonly desired: Map<string, Endpoint>
}

/**
 * reconcileByPortMapping. Differs: where upstream takes endpoints and slices in the order of Go maps, here they go in name order.
 */
const planPortMap = (input: SliceInput, slices: readonly EndpointSlice[], { ports, desired }: PortMap): SlicePlan => {
  const { service, maxEndpoints } = input
  const update = new Map<string, SliceDraft>()
  const unchanged = new Map<string, EndpointSlice>()
  const remove: EndpointSlice[] = []
  for (const slice of slices) {
    const name = slice.metadata.name ?? ''
    const present = sliceEndpoints(slice)
    const kept: Endpoint[] = []
    let touched = false
    for (const endpoint of present) {
      const key = endpointKey(endpoint)
      const wanted = desired.get(key)
      if (wanted === undefined) continue
      kept.push(wanted)
      if (!sameState(wanted, endpoint)) touched = true
      desired.delete(key)
    }
    const { labels, changed } = labelsOf(service, slice.metadata.labels)
    if (touched || kept.length !== present.length) {
      if (kept.length === 0) remove.push(slice)
      else update.set(name, { ...slice, metadata: { ...slice.metadata, labels }, endpoints: kept })
    } else if (changed) update.set(name, { ...slice, metadata: { ...slice.metadata, labels } })
    else unchanged.set(name, slice)
  }
  const waiting = [...desired.values()]
  const fill = (slice: SliceDraft): SliceDraft => {
    const room = maxEndpoints - sliceEndpoints(slice).length
    return room <= 0 || waiting.length === 0
      ? slice
      : { ...slice, endpoints: [...sliceEndpoints(slice), ...waiting.splice(0, room)] }
  }
  if (waiting.length > 0) {
    // The fullest first.
    const sorted = [...update].sort((a, b) => sliceEndpoints(b[1]).length - sliceEndpoints(a[1]).length)
    for (const [name, slice] of sorted) update.set(name, fill(slice))
  }
  const create: SliceDraft[] = []
  while (waiting.length > 0) {
    const known =
      waiting.length < maxEndpoints ? sliceToFill([...unchanged.values()], waiting.length, maxEndpoints) : undefined
    if (known === undefined) create.push(fill(newSlice(service, input.addressType, ports)))
    else {
      const name = known.metadata.name ?? ''
      update.set(name, fill(known))
      unchanged.delete(name)
    }
  }
  return { create, update: [...update.values()], remove, errors: [] }
}

const isPlaceholder = (slice: EndpointSlice, placeholder: SliceDraft): boolean =>
  sliceEndpoints(slice).length === 0 &&
  (slice.ports ?? []).length === 0 &&
  slice.addressType === placeholder.addressType &&
  structuralEqual(slice.metadata.labels, placeholder.metadata.labels) &&
  structuralEqual(slice.metadata.ownerReferences, placeholder.metadata.ownerReferences)

const ownedBy = (slice: EndpointSlice, service: Service): boolean =>
  (slice.metadata.ownerReferences ?? []).some((owner) => owner.uid === service.metadata.uid && owner.kind === 'Service')

/** trafficdist.ReconcileHints and RemoveHintsFromSlices: what an endpoint is hinted to. */
const withHints = (endpoint: Endpoint, distribution: string | undefined): Endpoint => {
  const { hints: _hints, ...plain } = endpoint
  if (distribution === undefined) return plain
  if (endpoint.conditions?.ready !== true) return endpoint
  const forZones = endpoint.zone === undefined ? undefined : [{ name: endpoint.zone }]
  const byNode = distribution === 'PreferSameNode' && endpoint.nodeName !== undefined
  const forNodes = byNode ? [{ name: endpoint.nodeName }] : undefined
  if (forZones === undefined && forNodes === undefined) return plain
  return {
    ...plain,
    hints: { ...(forZones === undefined ? {} : { forZones }), ...(forNodes === undefined ? {} : { forNodes }) },
  }
}

const distributions = new Set(['PreferClose', 'PreferSameZone', 'PreferSameNode'])

const hinted = (slice: SliceDraft, distribution: string | undefined): SliceDraft => ({
  ...slice,
  endpoints: sliceEndpoints(slice).map((endpoint) => withHints(endpoint, distribution)),
})

/** trafficdist.ReconcileHints */
const distribute =
  ({ spec }: Service) =>
  ({ create, update, unchanged }: HintedSlices): Pick<SlicePlan, 'create' | 'update'> => {
    const wanted = spec?.trafficDistribution
    const distribution = wanted !== undefined && distributions.has(wanted) ? wanted : undefined
    const settle = (slice: SliceDraft): SliceDraft => hinted(slice, distribution)
    const stale = unchanged.filter((slice) => !structuralEqual(settle(slice).endpoints, sliceEndpoints(slice)))
    return { create: create.map(settle), update: [...update, ...stale].map(settle) }
  }

/** Slices to create take the name of slices to delete: finalize of reconciler.go. */
const recycle = (plan: SlicePlan, service: Service): SlicePlan => {
  const create = [...plan.create]
  const update = [...plan.update]
  const remove: EndpointSlice[] = []
  for (const slice of plan.remove) {
    const next = create.at(-1)
    if (next !== undefined && slice.addressType === next.addressType && ownedBy(slice, service)) {
      create.pop()
      update.push({ ...next, metadata: { ...next.metadata, name: slice.metadata.name ?? '' } })
    } else remove.push(slice)
  }
  return { create, update, remove, errors: plan.errors }
}

/** reconciler.go reconcileByAddressType, for one address family of a Service. */
export const decideSlices = (input: SliceInput): SlicePlan => {
  const { service, pods, slices, addressType } = input
  const remove: EndpointSlice[] = []
  const byPorts = new Map<string, EndpointSlice[]>()
  for (const slice of slices) {
    if (!ownedBy(slice, service)) remove.push(slice)
    else {
      const key = portKey(slice.ports)
      byPorts.set(key, [...(byPorts.get(key) ?? []), slice])
    }
  }
  const maps = new Map<string, PortMap>()
  const errors: string[] = []
  for (const pod of pods) {
    if (!podIsEndpoint(pod, true)) continue
    const ports = portsOf(service, pod)
    const key = portKey(ports)
    let map = maps.get(key)
    if (map === undefined) {
      map = { ports, desired: new Map() }
      maps.set(key, map)
    }
    const nodeName = pod.spec?.nodeName ?? ''
    const node = input.nodeOf(nodeName)
    if (node === undefined && service.spec?.publishNotReadyAddresses !== true) {
      const where = `${service.metadata.namespace ?? ''}/${service.metadata.name ?? ''}`
      errors.push(`skipping Pod ${pod.metadata.name ?? ''} for Service ${where}: Node ${nodeName} Not Found`)
      continue
    }
    const endpoint = endpointOf(pod, node, service, addressType)
    if (endpoint.addresses.length > 0) map.desired.set(endpointKey(endpoint), endpoint)
  }
  const create: SliceDraft[] = []
  const update: SliceDraft[] = []
  for (const [key, map] of maps) {
    const plan = planPortMap(input, byPorts.get(key) ?? [], map)
    create.push(...plan.create)
    update.push(...plan.update)
    remove.push(...plan.remove)
  }
  for (const [key, orphaned] of byPorts) if (!maps.has(key)) remove.push(...orphaned)
  if (slices.length === remove.length && create.length === 0) {
    const placeholder = newSlice(service, addressType, [])
    if (remove.length === 1 && isPlaceholder(remove[0]!, placeholder)) remove.length = 0
    else create.push(placeholder)
  }
  const touched = new Set([...update, ...remove].map((slice) => slice.metadata.name))
  const unchanged = slices.filter((slice) => !touched.has(slice.metadata.name))
  const hint = input.hint ?? distribute(service)
  return recycle({ ...hint({ create, update, unchanged }), remove, errors }, service)
}

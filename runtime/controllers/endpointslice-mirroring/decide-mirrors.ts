import { structuralEqual } from '../../../api/json/structural-equal.ts'
import { asPrefix, isDns1123Subdomain } from '../../../api/names/dns-names.ts'
import type { Draft } from '../../../api/object.ts'
import type { EndpointAddress, EndpointPort as OldPort, Endpoints } from '../../../api/types/core-v1.generated.ts'
import type { Endpoint, EndpointPort, EndpointSlice } from '../../../api/types/discovery-v1.generated.ts'
import { newControllerReference } from '../../reconcile/controller-reference.ts'
import { managedByLabel, serviceNameLabel } from '../../reconcile/slice-names.ts'
import { triggerTimeAnnotation } from '../../reconcile/service-endpoints.ts'

// pkg/controller/endpointslicemirroring/reconciler.go

export const mirrorManager = 'endpointslicemirroring-controller.k8s.io'
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'

export interface MirrorPlan {
  readonly create: readonly Draft<EndpointSlice>[]
  readonly update: readonly Draft<EndpointSlice>[]
  readonly remove: readonly EndpointSlice[]
  readonly invalid: number
  readonly skipped: number
}

type AddressType = 'IPv4' | 'IPv6'
type Texts = Readonly<Record<string, string>>

const isIpv4 = (text: string): boolean =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && text.split('.').every((part) => Number(part) <= 255)
const isIpv6 = (text: string): boolean => /^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$/.test(text)

const typeOf = (ip: string): AddressType | undefined => (isIpv4(ip) ? 'IPv4' : isIpv6(ip) ? 'IPv6' : undefined)

const newEndpoint = (address: EndpointAddress, ready: boolean): Endpoint => ({
  addresses: [address.ip],
  conditions: { ready },
  ...(address.hostname === undefined || address.hostname === '' ? {} : { hostname: address.hostname }),
  ...(address.targetRef === undefined ? {} : { targetRef: address.targetRef }),
  ...(address.nodeName === undefined ? {} : { nodeName: address.nodeName }),
})

const newPort = (port: OldPort): EndpointPort => ({
  name: port.name ?? '',
  protocol: port.protocol ?? 'TCP',
  port: port.port,
  ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
})

const portText = (ports: readonly EndpointPort[]): string =>
  ports
    .map(({ name, protocol, port, appProtocol }) => JSON.stringify([name ?? '', protocol, port, appProtocol]))
    .sort()
    .join()

interface Desired {
  readonly type: AddressType
  readonly ports: readonly EndpointPort[]
  /** By what makes an endpoint the same: its address, name, target and node. */
  readonly endpoints: Map<string, Endpoint>
}

const identityOf = (endpoint: Endpoint): string =>
  JSON.stringify([endpoint.addresses, endpoint.hostname, endpoint.nodeName, endpoint.targetRef?.uid])

const without = (texts: Texts | undefined, keys: readonly string[]): Texts =>
  Object.fromEntries(Object.entries(texts ?? {}).filter(([key]) => !keys.includes(key)))

const sameEndpoints = (slice: EndpointSlice, wanted: ReadonlyMap<string, Endpoint>): boolean => {
  const present = slice.endpoints ?? []
  if (present.length !== wanted.size) return false
  return present.every((one) => {
    const other = wanted.get(identityOf(one))
    return other !== undefined && structuralEqual(one.conditions ?? {}, other.conditions ?? {})
  })
}

const validPrefix = asPrefix(isDns1123Subdomain)

const newSlice = (
  endpoints: Endpoints,
  desired: Desired,
  [name, max]: readonly [string | undefined, number],
): Draft<EndpointSlice> => {
  const service = endpoints.metadata.name ?? ''
  const annotations = without(endpoints.metadata.annotations, [triggerTimeAnnotation, lastApplied])
  const prefix = validPrefix(`${service}-`).length === 0 ? `${service}-` : service
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      ...(name === undefined ? { generateName: prefix } : { name }),
      ...(endpoints.metadata.namespace === undefined ? {} : { namespace: endpoints.metadata.namespace }),
      labels: { ...endpoints.metadata.labels, [serviceNameLabel]: service, [managedByLabel]: mirrorManager },
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      ownerReferences: [newControllerReference(endpoints)],
    },
    addressType: desired.type,
    endpoints: [...desired.endpoints.values()].slice(0, max),
    ports: desired.ports,
  }
}

/** RepackSubsets, initPorts and addAddress: endpoints by ports and address type; an address that is ready counts as ready. */
const desiredOf = (
  endpoints: Endpoints,
  max: number,
): { readonly groups: Map<string, Desired>; readonly invalid: number; readonly skipped: number } => {
  const groups = new Map<string, Desired>()
  const byPorts = new Map<string, { readonly ports: readonly OldPort[]; readonly all: Map<string, Endpoint> }>()
  let [invalid, skipped] = [0, 0]
  for (const subset of endpoints.subsets ?? []) {
    const ports = subset.ports ?? []
    const key = portText(ports.map(newPort))
    const packed = byPorts.get(key) ?? { ports, all: new Map<string, Endpoint>() }
    byPorts.set(key, packed)
    for (const address of subset.addresses ?? []) {
      const endpoint = newEndpoint(address, true)
      packed.all.set(identityOf(endpoint), endpoint)
    }
    for (const address of subset.notReadyAddresses ?? []) {
      const endpoint = newEndpoint(address, false)
      if (!packed.all.has(identityOf(endpoint))) packed.all.set(identityOf(endpoint), endpoint)
    }
  }
  for (const [key, { ports, all }] of [...byPorts].sort((a, b) => (a[0] < b[0] ? -1 : 1))) {
    const types = ['IPv4', 'IPv6'] as const
    for (const type of types) groups.set(`${type}-${key}`, { type, ports: ports.map(newPort), endpoints: new Map() })
    const ordered = [...all].sort(
      ([, a], [, b]) => Number(b.conditions?.ready === true) - Number(a.conditions?.ready === true),
    )
    let added = 0
    for (const [identity, endpoint] of ordered) {
      if (added >= max) break
      const type = typeOf(endpoint.addresses[0] ?? '')
      if (type === undefined) invalid += 1
      else {
        groups.get(`${type}-${key}`)!.endpoints.set(identity, endpoint)
        added += 1
      }
    }
    skipped += all.size - added
  }
  return { groups, invalid, skipped }
}

/** reconcile: slices that say what an Endpoints object says, one for each set of ports and address type. */
export const decideMirrors = (endpoints: Endpoints, slices: readonly EndpointSlice[], max: number): MirrorPlan => {
  const { groups, invalid, skipped } = desiredOf(endpoints, max)
  const create: Draft<EndpointSlice>[] = []
  const update: Draft<EndpointSlice>[] = []
  const remove: EndpointSlice[] = []
  const existing = new Map<string, EndpointSlice[]>()
  for (const slice of slices) {
    const key = `${slice.addressType}-${portText(slice.ports ?? [])}`
    existing.set(key, [...(existing.get(key) ?? []), slice])
  }
  for (const [key, desired] of groups) {
    const [first, ...rest] = existing.get(key) ?? []
    existing.delete(key)
    if (desired.endpoints.size === 0) {
      if (first !== undefined) remove.push(first, ...rest)
      continue
    }
    remove.push(...rest)
    if (first === undefined) {
      create.push(newSlice(endpoints, desired, [undefined, max]))
      continue
    }
    const annotations = without(endpoints.metadata.annotations, [triggerTimeAnnotation, lastApplied])
    const stranger = first.metadata.ownerReferences?.some(
      ({ kind, name, uid }) =>
        kind === 'Endpoints' && name === endpoints.metadata.name && uid !== endpoints.metadata.uid,
    )
    const same =
      sameEndpoints(first, desired.endpoints) &&
      structuralEqual(
        endpoints.metadata.labels ?? {},
        without(first.metadata.labels, [managedByLabel, serviceNameLabel]),
      ) &&
      structuralEqual(annotations, first.metadata.annotations ?? {}) &&
      stranger !== true
    if (!same) update.push(newSlice(endpoints, desired, [first.metadata.name, max]))
  }
  for (const [, list] of [...existing].sort((a, b) => (a[0] < b[0] ? -1 : 1))) remove.push(...list)
  // recycleSlices: what would be created takes the place of what would go.
  while (create.length > 0) {
    const fresh = create[0]!
    const at = remove.findIndex((one) => one.addressType === fresh.addressType)
    if (at < 0) break
    const [old] = remove.splice(at, 1)
    create.shift()
    const { generateName: _, ...metadata } = fresh.metadata
    update.push({ ...fresh, metadata: { ...metadata, name: old!.metadata.name } })
  }
  return { create, update, remove, invalid, skipped }
}

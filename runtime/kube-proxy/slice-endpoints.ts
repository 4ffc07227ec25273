import { ipText, parseIp } from '../../api/names/ip-address.ts'
import type { Endpoint as ApiEndpoint, EndpointSlice } from '../../api/types/discovery-v1.generated.ts'
import type { Endpoint } from './endpoint.ts'

/** `<port name>/<protocol>` → endpoints in order of their text. */
export type EndpointsByPort = ReadonlyMap<string, readonly Endpoint[]>

const none: readonly never[] = Object.freeze([])

const endpointAt = (address: string, port: number, endpoint: ApiEndpoint): Endpoint => {
  const { conditions, hints } = endpoint
  const parsed = parseIp(address)
  const ip = parsed === undefined ? address : ipText(parsed)
  return {
    text: ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`,
    nodeName: endpoint.nodeName,
    ready: conditions?.ready ?? true,
    serving: conditions?.serving ?? true,
    terminating: conditions?.terminating ?? false,
    zoneHints: hints?.forZones?.map((zone) => zone.name) ?? none,
    nodeHints: hints?.forNodes?.map((node) => node.name) ?? none,
  }
}

/** addEndpoints: of two with one address, one that is not terminating wins, then the later. */
const add = (sets: Map<string, Map<string, Endpoint>>, slice: EndpointSlice): void => {
  for (const port of slice.ports ?? none) {
    // A port without a name or number is ignored.
    if (port.name === undefined || port.port === undefined || port.port === 0) continue
    const key = `${port.name}/${port.protocol ?? 'TCP'}`
    let set = sets.get(key)
    if (set === undefined) {
      set = new Map()
      sets.set(key, set)
    }
    for (const one of slice.endpoints ?? none) {
      const [address] = one.addresses
      if (address === undefined) continue
      const endpoint = endpointAt(address, port.port, one)
      if (!endpoint.terminating || !set.has(endpoint.text)) set.set(endpoint.text, endpoint)
    }
  }
}

const byText = (a: Endpoint, b: Endpoint): number => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0)

const merge = (slices: readonly EndpointSlice[]): EndpointsByPort => {
  const sets = new Map<string, Map<string, Endpoint>>()
  for (const slice of slices) add(sets, slice)
  const sorted = new Map<string, readonly Endpoint[]>()
  for (const [key, set] of sets) if (set.size > 0) sorted.set(key, Object.freeze([...set.values()].sort(byText)))
  return sorted
}

/** What is known of lists of slices that begin alike. The same frozen slices mean the same endpoints on every node. */
interface Known {
  endpoints: EndpointsByPort | undefined
  readonly next: WeakMap<EndpointSlice, Known>
}
const newKnown = (): Known => ({ endpoints: undefined, next: new WeakMap() })
const root = newKnown()

/**
 * endpointInfoByServicePort and endpointsMapFromEndpointInfo: the endpoints of a Service by port.
 * Differs: upstream meets the slices in the random order of a map; here in the given one.
 */
export const sliceEndpoints = (slices: readonly EndpointSlice[]): EndpointsByPort => {
  let known = root
  for (const slice of slices) {
    let next = known.next.get(slice)
    if (next === undefined) {
      next = newKnown()
      known.next.set(slice, next)
    }
    known = next
  }
  known.endpoints ??= merge(slices)
  return known.endpoints
}

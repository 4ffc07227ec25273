import { canonicalJson } from '../../../api/json/canonical-json.ts'
import type {
  EndpointAddress,
  EndpointPort,
  EndpointSubset,
  Pod,
  Service,
} from '../../../api/types/core-v1.generated.ts'
import { inHashOrder } from './port-order.ts'
import { isPodReady } from '../../reconcile/pod-state.ts'
import { findPort, hostnameOf, podIsEndpoint } from '../../reconcile/service-endpoints.ts'

/** endpoints_controller.go: maxCapacity. */
export const maxCapacity = 1000

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** podToEndpointAddressForService: the pod's address of the Service's first family. */
const addressOf = (service: Service, pod: Pod): EndpointAddress | undefined => {
  const { ipFamilies = [], clusterIP = '' } = service.spec ?? {}
  let wantsV6 = false
  if (ipFamilies.length > 0) wantsV6 = ipFamilies[0] === 'IPv6'
  else if (clusterIP !== '' && clusterIP !== 'None') wantsV6 = clusterIP.includes(':')
  else wantsV6 = (pod.status?.podIP ?? '').includes(':')
  const ip = pod.status?.podIPs?.find((one) => one.ip.includes(':') === wantsV6)?.ip
  if (ip === undefined) return undefined
  const hostname = hostnameOf(pod, service)
  return {
    ip,
    ...(hostname === undefined ? {} : { hostname }),
    nodeName: pod.spec?.nodeName ?? '',
    targetRef: {
      kind: 'Pod',
      namespace: pod.metadata.namespace ?? '',
      name: pod.metadata.name ?? '',
      uid: pod.metadata.uid ?? '',
    },
  }
}

interface Entry {
  readonly address: EndpointAddress
  readonly ready: boolean
  readonly port: EndpointPort | undefined
}

/** Each item's text is made once, not once a comparison. */
const byText = <T>(items: readonly T[]): T[] =>
  items
    .map((item) => ({ item, text: canonicalJson(item) }))
    .sort((a, b) => compareText(a.text, b.text))
    .map(({ item }) => item)

/**
 * endpoints.RepackSubsets: addresses that have the same ports stand in one subset.
 * Differs: upstream orders subsets by a hash of their Go dump, here by their ports.
 */
const pack = (entries: readonly Entry[]): readonly EndpointSubset[] => {
  const addresses = new Map<
    string,
    { readonly address: EndpointAddress; readonly ready: boolean; readonly ports: Map<string, EndpointPort> }
  >()
  for (const { address, ready, port } of entries) {
    const key = canonicalJson([address, ready])
    let known = addresses.get(key)
    if (known === undefined) {
      known = { address, ready, ports: new Map() }
      addresses.set(key, known)
    }
    if (port !== undefined) known.ports.set(canonicalJson(port), port)
  }
  const subsets = new Map<
    string,
    { ports: readonly EndpointPort[]; ready: EndpointAddress[]; notReady: EndpointAddress[] }
  >()
  for (const { address, ready, ports } of addresses.values()) {
    const key = [...ports.keys()].sort().join('\n')
    let subset = subsets.get(key)
    if (subset === undefined) {
      subset = { ports: inHashOrder([...ports.values()]), ready: [], notReady: [] }
      subsets.set(key, subset)
    }
    ;(ready ? subset.ready : subset.notReady).push(address)
  }
  return [...subsets]
    .sort((a, b) => compareText(a[0], b[0]))
    .map(([, { ports, ready, notReady }]) => ({
      ...(ready.length === 0 ? {} : { addresses: byText(ready) }),
      ...(notReady.length === 0 ? {} : { notReadyAddresses: byText(notReady) }),
      ...(ports.length === 0 ? {} : { ports }),
    }))
}

/** Subsets in the canonical order, to compare what is stored with what is wanted. */
export const repack = (subsets: readonly EndpointSubset[]): readonly EndpointSubset[] =>
  pack(
    subsets.flatMap((subset) => {
      const ports = subset.ports === undefined || subset.ports.length === 0 ? [undefined] : subset.ports
      return ports.flatMap((port) => [
        ...(subset.addresses ?? []).map((address) => ({ address, ready: true, port })),
        ...(subset.notReadyAddresses ?? []).map((address) => ({ address, ready: false, port })),
      ])
    }),
  )

/** syncService: the subsets of a Service's Endpoints. */
export const decideSubsets = (service: Service, pods: readonly Pod[]): readonly EndpointSubset[] => {
  const publishes = service.spec?.publishNotReadyAddresses === true
  const entries: Entry[] = []
  for (const pod of pods) {
    if (!podIsEndpoint(pod, publishes)) continue
    const address = addressOf(service, pod)
    if (address === undefined) continue
    const ready = publishes || isPodReady(pod)
    const ports = service.spec?.ports ?? []
    if (ports.length === 0) {
      if (service.spec?.clusterIP === 'None') entries.push({ address, ready, port: undefined })
      continue
    }
    for (const port of ports) {
      const number = findPort(pod, port)
      if (number === undefined) continue
      entries.push({
        address,
        ready,
        port: {
          ...(port.name === undefined || port.name === '' ? {} : { name: port.name }),
          port: number,
          protocol: port.protocol ?? 'TCP',
          ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
        },
      })
    }
  }
  return pack(entries)
}

const countOf = (subsets: readonly EndpointSubset[]): { ready: number; notReady: number } => ({
  ready: subsets.reduce((sum, subset) => sum + (subset.addresses?.length ?? 0), 0),
  notReady: subsets.reduce((sum, subset) => sum + (subset.notReadyAddresses?.length ?? 0), 0),
})

export const isOverCapacity = (subsets: readonly EndpointSubset[]): boolean => {
  const { ready, notReady } = countOf(subsets)
  return ready + notReady > maxCapacity
}

/** truncateEndpoints: in proportion, ready addresses first. */
export const truncate = (subsets: readonly EndpointSubset[]): readonly EndpointSubset[] => {
  const { ready, notReady } = countOf(subsets)
  if (ready + notReady <= maxCapacity) return subsets
  const cutsReady = ready > maxCapacity
  const max = cutsReady ? maxCapacity : maxCapacity - ready
  const total = cutsReady ? ready : notReady
  let room = max
  return subsets.map((subset) => {
    const list = (cutsReady ? subset.addresses : subset.notReadyAddresses) ?? []
    const kept = list.slice(0, Math.min(room, Math.ceil((list.length / total) * max)))
    room -= kept.length
    const { addresses, notReadyAddresses, ...rest } = subset
    if (cutsReady) return { ...rest, ...(kept.length === 0 ? {} : { addresses: kept }) }
    return {
      ...rest,
      ...(addresses === undefined ? {} : { addresses }),
      ...(kept.length === 0 || notReadyAddresses === undefined ? {} : { notReadyAddresses: kept }),
    }
  })
}

import { parseIp } from '../../../api/names/ip-address.ts'
import type { Service } from '../../../api/types/core-v1.generated.ts'
import type { EndpointSlice } from '../../../api/types/discovery-v1.generated.ts'
import { clusterDomain } from './resolv-conf.ts'

/** What CoreDNS's kubernetes plugin knows. */
export interface NamedCluster {
  service(namespace: string, name: string): Service | undefined
  /** Slices of a Service, in order of their names. */
  slices(namespace: string, service: string): readonly EndpointSlice[]
  hasNamespace(name: string): boolean
}

/**
 * NODATA: the name is there, but has no address. `addresses`: in order of their text; of a name outside the cluster the name
 * itself, since the world outside is not simulated.
 */
export type DnsAnswer =
  { readonly status: 'NOERROR'; readonly addresses: readonly string[] } | { readonly status: 'NXDOMAIN' | 'NODATA' }

const unknown: DnsAnswer = Object.freeze({ status: 'NXDOMAIN' })
const empty: DnsAnswer = Object.freeze({ status: 'NODATA' })
const found = (addresses: readonly string[]): DnsAnswer =>
  addresses.length === 0 ? unknown : { status: 'NOERROR', addresses: [...new Set(addresses)].sort() }

const isV4 = (address: string): boolean => parseIp(address)?.family === 4

/** `_http._tcp`: matched as a Service's or a slice's port. */
interface PortName {
  readonly port: string
  readonly protocol: string
}
const hasPort = (
  ports: readonly { readonly name?: string; readonly protocol?: string }[],
  wanted: PortName | undefined,
): boolean =>
  wanted === undefined ||
  ports.some(
    (one) => one.name?.toLowerCase() === wanted.port && (one.protocol ?? 'TCP').toLowerCase() === wanted.protocol,
  )

/** Addresses of ready endpoints; of the one of a name, by its hostname or by its address with dashes. */
const endpointAddresses = (
  slices: readonly EndpointSlice[],
  endpoint: string | undefined,
  port: PortName | undefined,
): readonly string[] =>
  slices
    .filter((slice) => slice.addressType === 'IPv4' && hasPort(slice.ports ?? [], port))
    .flatMap((slice) =>
      (slice.endpoints ?? []).flatMap(({ addresses, conditions, hostname }) => {
        const [address] = addresses
        if (address === undefined || conditions?.ready === false) return []
        const name = hostname === undefined || hostname === '' ? address.replaceAll('.', '-') : hostname
        return endpoint === undefined || endpoint === name ? [address] : []
      }),
    )

/** `10-244-0-5.default.pod`: any address of a namespace that there is (`pods insecure`). */
const podAnswer = (labels: readonly string[], cluster: NamedCluster): DnsAnswer => {
  const [name, namespace] = [labels.at(-2), labels.at(-1)]
  if (namespace === undefined) return empty
  if (!cluster.hasNamespace(namespace) || labels.length > 2) return unknown
  if (name === undefined) return empty
  const address = name.replaceAll('-', '.')
  return isV4(address) ? found([address]) : unknown
}

const serviceAnswer = (labels: readonly string[], cluster: NamedCluster): DnsAnswer => {
  const namespace = labels.at(-1)
  if (namespace === undefined) return empty
  if (!cluster.hasNamespace(namespace)) return unknown
  const name = labels.at(-2)
  if (name === undefined) return empty
  const rest = labels.slice(0, -2)
  if (rest.length > 2) return unknown
  const endpoint = rest.length === 1 ? rest[0] : undefined
  const [port, protocol] = rest.map((one) => one.replace(/^_/, ''))
  const wanted = rest.length === 2 ? { port: port!, protocol: protocol! } : undefined
  const service = cluster.service(namespace, name)
  if (service === undefined) return unknown
  const { type, externalName, clusterIP, clusterIPs, ports = [] } = service.spec
  if (type === 'ExternalName')
    return rest.length > 0 || externalName === undefined ? unknown : found([externalName.replace(/\.$/, '')])
  if (clusterIP === 'None' || endpoint !== undefined)
    return found(endpointAddresses(cluster.slices(namespace, name), endpoint, wanted))
  if (!hasPort(ports, wanted)) return unknown
  const own = (clusterIPs ?? (clusterIP === undefined ? [] : [clusterIP])).filter(isV4)
  return own.length === 0 ? empty : found(own)
}

/** Top-level domains under which every name is taken to exist. */
const topLevel: ReadonlySet<string> = new Set([
  'ai', 'app', 'arpa', 'at', 'au', 'be', 'biz', 'br', 'ca', 'ch', 'cloud', 'cn', 'co', 'com', 'de', 'dev', 'dk', 'edu', 'es', 'eu',
  'fi', 'fr', 'gov', 'in', 'info', 'int', 'io', 'it', 'jp', 'kr', 'me', 'mil', 'net', 'nl', 'no', 'org', 'pl', 'se', 'tv', 'uk', 'us',
  'xyz',
]) // prettier-ignore

/** Differs: the world outside is not simulated. A name of it is there if its top-level domain is, and stands for itself. */
const outsideAnswer = (name: string): DnsAnswer => {
  const last = name.slice(name.lastIndexOf('.') + 1)
  return isV4(name) || (last !== name && topLevel.has(last)) ? found([name]) : unknown
}

/**
 * What CoreDNS of kubeadm's Corefile answers a question for an IPv4 address (plugin/kubernetes: parse.go, kubernetes.go); what
 * is not of the cluster it forwards.
 * Differs: it knows of changes at once, where a real one follows its watches.
 */
export const clusterAnswer = (question: string, cluster: NamedCluster): DnsAnswer => {
  const name = question.toLowerCase().replace(/\.$/, '')
  if (name === clusterDomain) return empty
  if (!name.endsWith(`.${clusterDomain}`)) return outsideAnswer(name)
  const labels = name.slice(0, -clusterDomain.length - 1).split('.')
  const kind = labels.at(-1)
  const rest = labels.slice(0, -1)
  if (kind === 'svc') return serviceAnswer(rest, cluster)
  return kind === 'pod' ? podAnswer(rest, cluster) : unknown
}

/** What somebody outside answers: nobody there knows the cluster's names. */
export const foreignAnswer = (question: string): DnsAnswer => {
  const name = question.toLowerCase().replace(/\.$/, '')
  return name === clusterDomain || name.endsWith(`.${clusterDomain}`) ? unknown : outsideAnswer(name)
}

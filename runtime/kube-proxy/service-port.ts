import { cidrText, parseCidr } from '../../api/names/cidr.ts'
import { ipText, parseIp } from '../../api/names/ip-address.ts'
import type { Service, ServicePort as ApiPort } from '../../api/types/core-v1.generated.ts'

export type IpFamily = 'IPv4' | 'IPv6'
export type Policy = 'Cluster' | 'Local'

/** One port of a Service as the proxy sees it (BaseServicePortInfo of pkg/proxy/serviceport.go). */
export interface ServicePort {
  /** `default/web:http/TCP`: unique, and the order of rules. */
  readonly key: string
  /** `default/web` */
  readonly service: string
  /** `default/web:http`; without a port name `default/web`. */
  readonly name: string
  readonly portName: string
  readonly protocol: string
  readonly clusterIP: string
  readonly port: number
  /** 0: none */
  readonly nodePort: number
  readonly externalIPs: readonly string[]
  /** Addresses of the load balancer that are bound on the nodes (ipMode VIP). */
  readonly loadBalancerIPs: readonly string[]
  /** Empty: everybody. */
  readonly sourceRanges: readonly string[]
  /** 0: none */
  readonly healthCheckNodePort: number
  /** undefined: no affinity */
  readonly affinitySeconds: number | undefined
  readonly internalPolicy: Policy
  readonly externalPolicy: Policy
}

const familyOf = (text: string): IpFamily | undefined => {
  const ip = parseIp(text)
  return ip === undefined ? undefined : ip.family === 4 || ip.mapped ? 'IPv4' : 'IPv6'
}

const none: readonly never[] = Object.freeze([])

/** net.IP.String() of those texts that are addresses of the family. */
const addressesOf = (texts: readonly string[], family: IpFamily): readonly string[] =>
  texts.length === 0 ? none : texts.filter((text) => familyOf(text) === family).map((text) => ipText(parseIp(text)!))

/** GetClusterIPByFamily of pkg/proxy/util. */
const clusterIPOf = (service: Service, family: IpFamily): string => {
  const { clusterIP = '', clusterIPs = none, ipFamilies = none } = service.spec
  if (ipFamilies.length === 0) return clusterIP.includes(':') === (family === 'IPv6') ? clusterIP : ''
  const at = ipFamilies.indexOf(family)
  return at < 0 ? '' : (clusterIPs[at] ?? '')
}

/** The ranges of the family; one of size zero lets everybody in, as no range does. */
const sourceRangesOf = (service: Service, family: IpFamily): readonly string[] => {
  const texts = service.spec.loadBalancerSourceRanges
  if (texts === undefined) return none
  const cidrs = texts.flatMap((text) => parseCidr(text.trim()) ?? [])
  const own = cidrs.filter((cidr) => (cidr.ip.family === 4 || cidr.ip.mapped ? 'IPv4' : 'IPv6') === family)
  return own.some((cidr) => cidr.bits === 0) ? none : own.map(cidrText)
}

const externallyAccessible = ({ type, externalIPs }: Service['spec']): boolean =>
  type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && (externalIPs?.length ?? 0) > 0)

const derive = (service: Service, family: IpFamily): readonly ServicePort[] => {
  const { spec } = service
  // ShouldSkipService: headless, not yet allocated, or a mere alias.
  if (spec.clusterIP === undefined || spec.clusterIP === '' || spec.clusterIP === 'None') return none
  if (spec.type === 'ExternalName') return none
  const clusterIP = clusterIPOf(service, family)
  if (clusterIP === '') return none
  const namespaced = `${service.metadata.namespace ?? ''}/${service.metadata.name}`
  const externalPolicy = externallyAccessible(spec) && spec.externalTrafficPolicy === 'Local' ? 'Local' : 'Cluster'
  const ingress = service.status?.loadBalancer?.ingress ?? none
  const bound = ingress.filter((one) => (one.ip ?? '') !== '' && (one.ipMode ?? 'VIP') === 'VIP')
  const parsed = parseIp(clusterIP)
  const shared = {
    service: namespaced,
    clusterIP: parsed === undefined ? clusterIP : ipText(parsed),
    externalIPs: Object.freeze(addressesOf(spec.externalIPs ?? none, family)),
    loadBalancerIPs: Object.freeze(
      addressesOf(
        bound.map((one) => one.ip!),
        family,
      ),
    ),
    sourceRanges: Object.freeze(sourceRangesOf(service, family)),
    healthCheckNodePort:
      spec.type === 'LoadBalancer' && externalPolicy === 'Local' ? (spec.healthCheckNodePort ?? 0) : 0,
    affinitySeconds:
      spec.sessionAffinity === 'ClientIP'
        ? (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800)
        : undefined,
    internalPolicy: spec.internalTrafficPolicy === 'Local' ? 'Local' : 'Cluster',
    externalPolicy,
  } as const
  const portOf = (port: ApiPort): ServicePort => {
    const portName = port.name ?? ''
    const name = portName === '' ? namespaced : `${namespaced}:${portName}`
    const protocol = port.protocol ?? 'TCP'
    const { nodePort = 0 } = port
    return Object.freeze({ key: `${name}/${protocol}`, name, portName, protocol, port: port.port, nodePort, ...shared })
  }
  // A repeated name and protocol overwrites, as in ServicePortMap.
  const byKey = new Map(
    (spec.ports ?? none).map((port: ApiPort) => [`${port.name ?? ''}/${port.protocol ?? 'TCP'}`, port]),
  )
  return Object.freeze([...byKey.values()].map(portOf))
}

const remembered: Record<IpFamily, WeakMap<Service, readonly ServicePort[]>> = {
  IPv4: new WeakMap(),
  IPv6: new WeakMap(),
}

/** serviceToServiceMap: the ports of a Service that are proxied in the family; none for a headless one. */
export const servicePorts = (service: Service, family: IpFamily): readonly ServicePort[] => {
  const known = remembered[family].get(service)
  if (known !== undefined) return known
  const ports = derive(service, family)
  remembered[family].set(service, ports)
  return ports
}

/** Whether anything but the cluster IP leads to the port. */
export const isExternallyReachable = (port: ServicePort): boolean =>
  port.nodePort !== 0 || port.loadBalancerIPs.length > 0 || port.externalIPs.length > 0

/** Cluster endpoints serve pods and the node itself even where the external policy is Local. */
export const usesClusterEndpoints = (port: ServicePort): boolean =>
  port.internalPolicy === 'Cluster' || isExternallyReachable(port)

export const usesLocalEndpoints = (port: ServicePort): boolean =>
  port.internalPolicy === 'Local' || (port.externalPolicy === 'Local' && isExternallyReachable(port))

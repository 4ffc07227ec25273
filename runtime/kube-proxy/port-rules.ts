import { categorizeEndpoints, type Place } from './categorize-endpoints.ts'
import type { Endpoint } from './endpoint.ts'
import { isExternallyReachable, type ServicePort } from './service-port.ts'

/** The rules of one service port on one node. Frozen, and shared by all nodes where they are the same. */
export interface PortRules {
  readonly port: ServicePort
  /** Somebody in the cluster serves it. Without anybody it is rejected; with the wrong ones only, dropped. */
  readonly hasEndpoints: boolean
  /** Backends as `ip:port` in the order of the rules, for the Cluster policy. */
  readonly cluster: readonly string[]
  /** … and for the Local policy. */
  readonly local: readonly string[]
}

const none: readonly string[] = Object.freeze([])
const textsOf = (endpoints: readonly Endpoint[]): readonly string[] =>
  endpoints.length === 0 ? none : Object.freeze(endpoints.map((one) => one.text))

/** Rules that hold on every node, by port and by list of endpoints. */
const shared = new WeakMap<ServicePort, WeakMap<readonly Endpoint[], PortRules>>()

export const portRules = (port: ServicePort, endpoints: readonly Endpoint[], place: Place): PortRules => {
  const known = shared.get(port)?.get(endpoints)
  if (known !== undefined) return known
  const { cluster, local, hasAny, everywhere } = categorizeEndpoints(endpoints, port, place)
  const rules = Object.freeze({ port, hasEndpoints: hasAny, cluster: textsOf(cluster), local: textsOf(local) })
  if (everywhere) {
    let byEndpoints = shared.get(port)
    if (byEndpoints === undefined) {
      byEndpoints = new WeakMap()
      shared.set(port, byEndpoints)
    }
    byEndpoints.set(endpoints, rules)
  }
  return rules
}

/** Whom the cluster IP leads to, or undefined: nobody. */
export const internalBackends = ({ port, hasEndpoints, cluster, local }: PortRules): readonly string[] | undefined => {
  if (port.internalPolicy === 'Local') return local.length > 0 ? local : undefined
  return hasEndpoints ? cluster : undefined
}

/** Whether what comes from outside through node ports, load balancers and external IPs finds anybody. */
export const hasExternalEndpoints = ({ port, hasEndpoints, local }: PortRules): boolean =>
  port.externalPolicy === 'Local' ? local.length > 0 : hasEndpoints

/** Whether there is an external chain: also where it serves only the node's own traffic. */
export const hasExternalChain = ({ port, hasEndpoints }: PortRules): boolean =>
  hasEndpoints && isExternallyReachable(port)

/** Whether loadBalancerSourceRanges guard the load balancer's addresses. */
export const hasFirewall = ({ port, hasEndpoints }: PortRules): boolean =>
  hasEndpoints && port.loadBalancerIPs.length > 0 && port.sourceRanges.length > 0

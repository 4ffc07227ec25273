import { cidrContains, parseCidr, type Cidr } from '../../api/names/cidr.ts'
import { parseIp } from '../../api/names/ip-address.ts'
import { hostOf } from './endpoint.ts'
import { hasExternalChain, hasExternalEndpoints, hasFirewall, internalBackends, type PortRules } from './port-rules.ts'
import { chances } from './probability.ts'
import type { ProxyConfig } from './proxy-config.ts'
import type { Portal, RuleTable, Via } from './rule-table.ts'

/** What decides about packets on one node besides the rules of Services. */
export interface NodeView {
  readonly table: RuleTable
  readonly config: ProxyConfig
  /** Addresses of the node's interfaces, loopback aside. */
  readonly addresses: readonly string[]
  /** The address that source ranges must hold for the node itself to be let in. */
  readonly nodeIP: string
}

/** The first packet of a connection as it meets the node's rules. */
export interface Connection {
  readonly protocol: string
  readonly source: string
  readonly destination: string
  readonly port: number
}

export interface Backend {
  /** `10.244.1.2:8080` */
  readonly endpoint: string
  readonly probability: number
  /** The backend sees the node as source, not the client. */
  readonly masquerade: boolean
}

export type Outcome =
  | {
      readonly verdict: 'forward'
      readonly via: Via
      readonly rules: PortRules
      readonly backends: readonly Backend[]
      /** How long a client stays with its backend, if the Service says so. */
      readonly affinitySeconds: number | undefined
    }
  /** reject: ICMP port unreachable; drop: silence; none: no rule takes the packet, it goes on unchanged. */
  | { readonly verdict: 'reject' | 'drop' | 'none' }

const reject: Outcome = Object.freeze({ verdict: 'reject' })
const drop: Outcome = Object.freeze({ verdict: 'drop' })
const unchanged: Outcome = Object.freeze({ verdict: 'none' })

const within = (cidr: Cidr | undefined, address: string): boolean => {
  const ip = cidr === undefined ? undefined : parseIp(address)
  return ip !== undefined && cidrContains(cidr!, ip)
}

/** Addrtype LOCAL. */
const isLocal = (node: NodeView, address: string): boolean =>
  address.startsWith('127.') || address === '::1' || node.addresses.includes(address)

const takesNodePorts = (node: NodeView, address: string): boolean => {
  const { localhostNodePorts, nodePortAddresses } = node.config
  if (!isLocal(node, address) || (address.startsWith('127.') && !localhostNodePorts)) return false
  return nodePortAddresses.length === 0 || nodePortAddresses.some((cidr) => within(cidr, address))
}

interface Choice {
  readonly backends: readonly string[]
  readonly masquerade: boolean
}

/** KUBE-SVC and KUBE-SVL as the cluster IP leads there. */
const internally = (node: NodeView, rules: PortRules, source: string): Choice | undefined => {
  const backends = internalBackends(rules)
  if (backends === undefined) return undefined
  const { clusterCidr, masqueradeAll } = node.config
  return { backends, masquerade: masqueradeAll || (clusterCidr !== undefined && !within(clusterCidr, source)) }
}

/** KUBE-EXT. With the Local policy pods and the node itself are served as if they came through the load balancer. */
const externally = (node: NodeView, rules: PortRules, source: string): Choice | undefined => {
  if (!hasExternalChain(rules)) return undefined
  if (rules.port.externalPolicy === 'Cluster') return { backends: rules.cluster, masquerade: true }
  if (within(node.config.clusterCidr, source)) return { backends: rules.cluster, masquerade: false }
  if (isLocal(node, source)) return { backends: rules.cluster, masquerade: true }
  return hasExternalEndpoints(rules) ? { backends: rules.local, masquerade: false } : undefined
}

/** KUBE-FW: whether loadBalancerSourceRanges let the source in. */
const admitted = (node: NodeView, { port }: PortRules, source: string): boolean => {
  const holds = (address: string): boolean => port.sourceRanges.some((range) => within(parseCidr(range), address))
  return holds(source) || (port.loadBalancerIPs.includes(source) && holds(node.nodeIP))
}

const choiceOf = (node: NodeView, { via, rules }: Portal, source: string): Choice | undefined => {
  if (via === 'clusterIP') return internally(node, rules, source)
  if (via === 'loadBalancer' && hasFirewall(rules) && !admitted(node, rules, source)) return undefined
  return externally(node, rules, source)
}

/** What the filter table says of a packet that no rule of the nat table has taken. */
const filtered = (node: NodeView, connection: Connection, portals: readonly Portal[]): Outcome => {
  const { source, destination } = connection
  const fromNode = isLocal(node, source)
  const toNode = isLocal(node, destination)
  // KUBE-PROXY-FIREWALL, everywhere: what the source ranges did not let through.
  if (portals.some(({ via, rules }) => via === 'loadBalancer' && hasFirewall(rules))) return drop
  // KUBE-SERVICES, in FORWARD and OUTPUT.
  if (fromNode || !toNode) {
    for (const { via, rules } of portals) {
      if (via === 'clusterIP' && internalBackends(rules) === undefined) return rules.hasEndpoints ? drop : reject
    }
  }
  // KUBE-EXTERNAL-SERVICES, in INPUT and FORWARD: what the node itself sends to others does not meet it.
  if (fromNode && !toNode) return unchanged
  for (const { via, rules } of portals) {
    if (via !== 'clusterIP' && !hasExternalEndpoints(rules)) return rules.hasEndpoints ? drop : reject
  }
  return unchanged
}

/**
 * Follows a packet through the tables that the iptables proxier writes (proxier.go, syncProxyRules): nat first, where the
 * first rule that leads to a backend takes it, then filter.
 * Differs: what has found a backend is not judged again by the filter rules of another Service that has the same address.
 */
export const evaluateConnection = (node: NodeView, connection: Connection): Outcome => {
  const { protocol, source, destination, port } = connection
  const virtual = node.table.portals(protocol, destination, port)
  const ofNode = isLocal(node, destination) ? node.table.nodePorts(protocol, port) : []
  const taken = takesNodePorts(node, destination) ? [...virtual, ...ofNode] : virtual
  for (const portal of taken) {
    const choice = choiceOf(node, portal, source)
    if (choice === undefined) continue
    const shares = chances(choice.backends.length)
    const backends = choice.backends.map((endpoint, i) => ({
      endpoint,
      probability: shares[i]!,
      // Who is sent back to itself sees the node as source: the answer must not take the short way.
      masquerade: choice.masquerade || hostOf(endpoint) === source,
    }))
    const { rules, via } = portal
    return { verdict: 'forward', via, rules, backends, affinitySeconds: rules.port.affinitySeconds }
  }
  // KUBE-FIREWALL: localhost is open for node ports, and for nothing else from outside.
  const loopback = destination.startsWith('127.') && !source.startsWith('127.')
  if (loopback && node.config.localhostNodePorts) return drop
  if (virtual.length === 0 && ofNode.length === 0) return unchanged
  return filtered(node, connection, ofNode.length === 0 ? virtual : [...virtual, ...ofNode])
}

import { cidrContains, parseCidr, type Cidr } from '../../api/names/cidr.ts'
import { parseIp } from '../../api/names/ip-address.ts'
import { hostOf } from './endpoint.ts'
import type { Connection, NodeView, Outcome } from './evaluate-connection.ts'
import { hasExternalChain, hasExternalEndpoints, type PortRules } from './port-rules.ts'
import type { Portal } from './rule-table.ts'

export const reject: Outcome = Object.freeze({ verdict: 'reject' })
export const drop: Outcome = Object.freeze({ verdict: 'drop' })
export const unchanged: Outcome = Object.freeze({ verdict: 'none' })

export const within = (cidr: Cidr | undefined, address: string): boolean => {
  const ip = cidr === undefined ? undefined : parseIp(address)
  return ip !== undefined && cidrContains(cidr!, ip)
}

/** Addrtype LOCAL. */
export const isLocal = (node: NodeView, address: string): boolean =>
  address.startsWith('127.') || address === '::1' || node.addresses.includes(address)

/** Whether --nodeport-addresses lets an address of the node take node ports; each mode says itself which addresses are asked for. */
export const isNodePortAddress = (node: NodeView, address: string): boolean => {
  const { nodePortAddresses } = node.config
  if (nodePortAddresses === 'primary') return address === node.nodeIP
  return nodePortAddresses.length === 0 || nodePortAddresses.some((cidr) => within(cidr, address))
}

/** Backends to choose from, and whether they see the node instead of the client. */
export interface Choice {
  readonly backends: readonly string[]
  readonly masquerade: boolean
}

/** Whether loadBalancerSourceRanges let the source in. */
export const admitted = (node: NodeView, { port }: PortRules, source: string): boolean => {
  const holds = (address: string): boolean => port.sourceRanges.some((range) => within(parseCidr(range), address))
  return holds(source) || (port.loadBalancerIPs.includes(source) && holds(node.nodeIP))
}

const even: (readonly number[])[] = []
/** One of n, each as likely. */
export const evenChances = (n: number): readonly number[] => (even[n] ??= Object.freeze(Array<number>(n).fill(1 / n)))

export const forward = (
  { rules, via }: Portal,
  choice: Choice,
  { source }: Connection,
  shares: readonly number[],
): Outcome => {
  const backends = choice.backends.map((endpoint, i) => ({
    endpoint,
    probability: shares[i]!,
    // Who is sent back to itself sees the node as source: the answer must not take the short way.
    masquerade: choice.masquerade || hostOf(endpoint) === source,
  }))
  return { verdict: 'forward', via, rules, backends, affinitySeconds: rules.port.affinitySeconds }
}

/** A connection to a cluster IP from outside the pods' network. */
export const masqueradesInternal = ({ config }: NodeView, source: string): boolean =>
  config.masqueradeAll || (config.clusterCidr !== undefined && !within(config.clusterCidr, source))

/**
 * KUBE-EXT, and the external chain of nftables. With the Local policy pods and the node itself are served as if they came
 * through the load balancer.
 */
export const externalChoice = (node: NodeView, rules: PortRules, source: string): Choice | undefined => {
  if (!hasExternalChain(rules)) return undefined
  if (rules.port.externalPolicy === 'Cluster') return { backends: rules.cluster, masquerade: true }
  if (within(node.config.clusterCidr, source)) return { backends: rules.cluster, masquerade: false }
  if (isLocal(node, source)) return { backends: rules.cluster, masquerade: true }
  return hasExternalEndpoints(rules) ? { backends: rules.local, masquerade: false } : undefined
}

/** Source ranges guard the load balancer's addresses whether anybody serves them or not. */
export const isGuarded = ({ port }: PortRules): boolean =>
  port.loadBalancerIPs.length > 0 && port.sourceRanges.length > 0

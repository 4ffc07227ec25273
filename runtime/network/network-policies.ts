import { cidrContains, parseCidr } from '../../api/names/cidr.ts'
import { parseIp } from '../../api/names/ip-address.ts'
import type { Labels } from '../../api/selectors/label-requirement.ts'
import { validSelector } from '../../api/selectors/label-selector-from-object.ts'
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../../api/types/networking-v1.generated.ts'
import type { PolicyConnection, PolicyEnd, PolicyPod } from './policy-connection.ts'

/** What decides besides the connection itself. */
export interface PolicyWorld {
  /** The policies of a namespace. */
  policies(namespace: string): readonly NetworkPolicy[]
  /** undefined: there is no such namespace. */
  namespaceLabels(namespace: string): Labels | undefined
  /** Address ranges hold for pods too. Upstream leaves it to the plugin. */
  readonly blocksReachPods: boolean
}

type Direction = 'Ingress' | 'Egress'
type Rule = { readonly ports?: readonly NetworkPolicyPort[]; readonly peers?: readonly NetworkPolicyPeer[] }

/** Policies that name no type are for ingress, and for egress as well if they have egress rules (SetDefaults_NetworkPolicy). */
const isFor = ({ spec }: NetworkPolicy, direction: Direction): boolean =>
  spec.policyTypes === undefined || spec.policyTypes.length === 0
    ? direction === 'Ingress' || (spec.egress ?? []).length > 0
    : spec.policyTypes.includes(direction)

const rulesOf = ({ spec }: NetworkPolicy, direction: Direction): readonly Rule[] =>
  direction === 'Ingress'
    ? (spec.ingress ?? []).map(({ ports, from }) => ({ ports, peers: from }) as Rule)
    : (spec.egress ?? []).map(({ ports, to }) => ({ ports, peers: to }) as Rule)

const inBlock = (text: string, address: string): boolean => {
  const cidr = parseCidr(text)
  const ip = parseIp(address)
  return cidr !== undefined && ip !== undefined && cidrContains(cidr, ip)
}

/** Selectors choose pods, never addresses; a namespace selector alone means all pods of its namespaces. */
const isPeer = (peer: NetworkPolicyPeer, end: PolicyEnd, namespace: string, world: PolicyWorld): boolean => {
  if (peer.ipBlock !== undefined) {
    if (end.pod !== undefined && !world.blocksReachPods) return false
    return (
      inBlock(peer.ipBlock.cidr, end.address) &&
      !(peer.ipBlock.except ?? []).some((range) => inBlock(range, end.address))
    )
  }
  const { pod } = end
  if (pod === undefined) return false
  if (peer.namespaceSelector === undefined) {
    if (pod.namespace !== namespace) return false
  } else {
    const labels = world.namespaceLabels(pod.namespace)
    if (labels === undefined || !validSelector(peer.namespaceSelector).matches(labels)) return false
  }
  return peer.podSelector === undefined || validSelector(peer.podSelector).matches(pod.labels)
}

/** A port by number, by range, or by the name that the pod at the far end of the connection gives it. */
const isPort = (wanted: NetworkPolicyPort, { protocol, port, to }: PolicyConnection): boolean => {
  if ((wanted.protocol ?? 'TCP') !== protocol) return false
  if (wanted.port === undefined) return true
  if (typeof wanted.port === 'number') return wanted.port <= port && port <= (wanted.endPort ?? wanted.port)
  return (to.pod?.ports ?? []).some((one) => one.name === wanted.port && one.port === port && one.protocol === protocol)
}

const lets = (rule: Rule, connection: PolicyConnection, far: PolicyEnd, of: Place): boolean => {
  const { ports = [], peers = [] } = rule
  return (
    (ports.length === 0 || ports.some((port) => isPort(port, connection))) &&
    (peers.length === 0 || peers.some((peer) => isPeer(peer, far, of.namespace, of.world)))
  )
}

interface Place {
  readonly namespace: string
  readonly world: PolicyWorld
}

/** Policies that isolate the pod in the direction: what none of them lets through is denied. */
const isolating = (pod: PolicyPod, direction: Direction, world: PolicyWorld): readonly NetworkPolicy[] =>
  world
    .policies(pod.namespace)
    .filter((policy) => isFor(policy, direction) && validSelector(policy.spec.podSelector ?? {}).matches(pod.labels))

const passes = (connection: PolicyConnection, direction: Direction, world: PolicyWorld): boolean => {
  const { from, seen, to } = connection
  const [near, far] = direction === 'Ingress' ? [to, seen ?? from] : [from, to]
  if (near.pod === undefined) return true
  // The pod's own node: its kubelet must reach it.
  if (far.pod === undefined && far.node !== undefined && far.node === near.node) return true
  const { namespace } = near.pod
  const policies = isolating(near.pod, direction, world)
  return (
    policies.length === 0 ||
    policies.some((policy) =>
      rulesOf(policy, direction).some((rule) => lets(rule, connection, far, { namespace, world })),
    )
  )
}

/**
 * Which end refuses a connection, or undefined: it passes. Both must let it through: the policies that choose the pod it comes
 * from (egress), and those that choose the pod it goes to (ingress). A pod always reaches itself. Answers need no rule.
 * (concepts/services-networking/network-policies of the documentation; staging/src/k8s.io/api/networking/v1/types.go)
 */
export const deniedBy = (connection: PolicyConnection, world: PolicyWorld): Direction | undefined => {
  const { from, to } = connection
  if (from.pod !== undefined && from.address === to.address) return undefined
  if (!passes(connection, 'Egress', world)) return 'Egress'
  return passes(connection, 'Ingress', world) ? undefined : 'Ingress'
}

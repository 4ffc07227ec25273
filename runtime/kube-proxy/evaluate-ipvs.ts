import type { Connection, NodeView, Outcome } from './evaluate-connection.ts'
import {
  admitted,
  drop,
  evenChances,
  forward,
  isGuarded,
  isLocal,
  isNodePortAddress,
  masqueradesInternal,
  reject,
  unchanged,
  within,
  type Choice,
} from './packet.ts'
import type { PortRules } from './port-rules.ts'
import type { Portal } from './rule-table.ts'

/** The real servers behind a virtual one (syncEndpoint). With the Local policy and nobody here, those that the Cluster policy has. */
const realServers = ({ cluster, local }: PortRules, onlyLocal: boolean): readonly string[] =>
  onlyLocal && local.length > 0 ? local : cluster

const choiceOf = (node: NodeView, { via, rules }: Portal, source: string): Choice => {
  const { port } = rules
  if (via === 'clusterIP')
    return {
      backends: realServers(rules, port.internalPolicy === 'Local'),
      masquerade: masqueradesInternal(node, source),
    }
  const onlyLocal = port.externalPolicy === 'Local'
  return { backends: realServers(rules, onlyLocal), masquerade: !onlyLocal }
}

/** From outside to a pod of another node, with the client's address kept: the answer goes past this node, and is discarded. */
const isLost = (node: NodeView, { via, rules }: Portal, source: string): boolean =>
  via !== 'clusterIP' &&
  rules.port.externalPolicy === 'Local' &&
  rules.local.length === 0 &&
  !isLocal(node, source) &&
  !within(node.config.clusterCidr, source)

/** GetAllLocalAddressesExcept: what is on the node's interfaces; localhost is none. */
const takesNodePorts = (node: NodeView, address: string): boolean =>
  node.addresses.includes(address) && isNodePortAddress(node, address)

/**
 * Follows a packet to the virtual servers that the ipvs proxier makes (pkg/proxy/ipvs/proxier.go). All virtual addresses are on
 * the interface kube-ipvs0, so none of their other ports leads anywhere else. The scheduler is rr.
 * Differs: a connection whose answer would be discarded counts as dropped.
 */
export const evaluateIpvs = (node: NodeView, connection: Connection): Outcome => {
  const { protocol, source, destination, port } = connection
  const nodePorts = takesNodePorts(node, destination) ? node.table.nodePorts(protocol, port) : []
  const portal = [...node.table.portals(protocol, destination, port), ...nodePorts][0]
  // KUBE-IPVS-FILTER: an address of kube-ipvs0 and a port that nobody has claimed.
  if (portal === undefined)
    return node.table.isVirtual(destination) && !node.addresses.includes(destination) ? reject : unchanged
  const { via, rules } = portal
  // KUBE-SOURCE-RANGES-FIREWALL
  if (via === 'loadBalancer' && isGuarded(rules) && !admitted(node, rules, source)) return drop
  const choice = choiceOf(node, portal, source)
  if (choice.backends.length === 0) return reject
  if (isLost(node, portal, source)) return drop
  return forward(portal, choice, connection, evenChances(choice.backends.length))
}

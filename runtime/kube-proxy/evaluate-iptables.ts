import type { Connection, NodeView, Outcome } from './evaluate-connection.ts'
import {
  admitted,
  drop,
  externalChoice,
  forward,
  isLocal,
  isNodePortAddress,
  masqueradesInternal,
  reject,
  unchanged,
  type Choice,
} from './packet.ts'
import { hasExternalEndpoints, hasFirewall, internalBackends, type PortRules } from './port-rules.ts'
import { chances } from './probability.ts'
import type { Portal } from './rule-table.ts'

const takesNodePorts = (node: NodeView, address: string): boolean => {
  if (!isLocal(node, address) || (address.startsWith('127.') && !node.config.localhostNodePorts)) return false
  return isNodePortAddress(node, address)
}

/** KUBE-SVC and KUBE-SVL as the cluster IP leads there. */
const internally = (node: NodeView, rules: PortRules, source: string): Choice | undefined => {
  const backends = internalBackends(rules)
  return backends && { backends, masquerade: masqueradesInternal(node, source) }
}

const choiceOf = (node: NodeView, { via, rules }: Portal, source: string): Choice | undefined => {
  if (via === 'clusterIP') return internally(node, rules, source)
  if (via === 'loadBalancer' && hasFirewall(rules) && !admitted(node, rules, source)) return undefined
  return externalChoice(node, rules, source)
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
export const evaluateIptables = (node: NodeView, connection: Connection): Outcome => {
  const { protocol, source, destination, port } = connection
  const virtual = node.table.portals(protocol, destination, port)
  const ofNode = isLocal(node, destination) ? node.table.nodePorts(protocol, port) : []
  const taken = takesNodePorts(node, destination) ? [...virtual, ...ofNode] : virtual
  for (const portal of taken) {
    const choice = choiceOf(node, portal, source)
    if (choice === undefined) continue
    return forward(portal, choice, connection, chances(choice.backends.length))
  }
  // KUBE-FIREWALL: localhost is open for node ports, and for nothing else from outside.
  const loopback = destination.startsWith('127.') && !source.startsWith('127.')
  if (loopback && node.config.localhostNodePorts) return drop
  if (virtual.length === 0 && ofNode.length === 0) return unchanged
  return filtered(node, connection, ofNode.length === 0 ? virtual : [...virtual, ...ofNode])
}

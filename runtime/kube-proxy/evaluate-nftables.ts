import type { Connection, NodeView, Outcome } from './evaluate-connection.ts'
import {
  admitted,
  drop,
  evenChances,
  externalChoice,
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
import { hasExternalEndpoints, internalBackends } from './port-rules.ts'
import type { Portal } from './rule-table.ts'

/** Chain services. */
const choiceOf = (node: NodeView, { via, rules }: Portal, source: string): Choice | undefined => {
  if (via !== 'clusterIP') return externalChoice(node, rules, source)
  const backends = internalBackends(rules)
  return backends && { backends, masquerade: masqueradesInternal(node, source) }
}

/** Map no-endpoint-services, or no-endpoint-nodeports: what the packet meets there. */
const endpointsCheck = (portals: readonly Portal[]): Outcome | undefined => {
  for (const { via, rules } of portals) {
    const served = via === 'clusterIP' ? internalBackends(rules) !== undefined : hasExternalEndpoints(rules)
    if (!served) return rules.hasEndpoints ? drop : reject
  }
  return undefined
}

/** Set nodeport-ips: the node's own address, or those of --nodeport-addresses; never localhost. */
const takesNodePorts = (node: NodeView, address: string): boolean =>
  !address.startsWith('127.') && node.addresses.includes(address) && isNodePortAddress(node, address)

/** Follows a packet through the chains of the nftables proxier (pkg/proxy/nftables/proxier.go): firewall-check, services, then the checks. */
export const evaluateNftables = (node: NodeView, connection: Connection): Outcome => {
  const { protocol, source, destination, port } = connection
  const virtual = node.table.portals(protocol, destination, port)
  for (const { via, rules } of virtual)
    if (via === 'loadBalancer' && isGuarded(rules) && !admitted(node, rules, source)) return drop
  const nodePorts = takesNodePorts(node, destination) ? node.table.nodePorts(protocol, port) : []
  for (const portal of [...virtual, ...nodePorts]) {
    const choice = choiceOf(node, portal, source)
    if (choice !== undefined) return forward(portal, choice, connection, evenChances(choice.backends.length))
  }
  const checked = endpointsCheck(virtual) ?? endpointsCheck(nodePorts)
  if (checked !== undefined) return checked
  // Chain cluster-ips-check: what is sent on. A cluster IP has no other ports, and the rest of the range nobody at all.
  if (isLocal(node, destination) && !isLocal(node, source)) return unchanged
  if (node.table.isClusterIP(destination)) return reject
  return within(node.config.serviceCidr, destination) ? drop : unchanged
}

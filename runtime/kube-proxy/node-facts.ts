import { ipText, parseIp } from '../../api/names/ip-address.ts'
import type { Node } from '../../api/types/core-v1.generated.ts'

/** What a proxy reads from its Node. */
export interface NodeFacts {
  /** Addresses of its interfaces: the internal ones; where there are none, the external ones. */
  readonly addresses: readonly string[]
  /** Label topology.kubernetes.io/zone, or ''. */
  readonly zone: string
}

const none: NodeFacts = Object.freeze({ addresses: Object.freeze([]), zone: '' })

/** GetNodeHostIPs of pkg/util/node, and the label that NodeTopologyConfig watches. */
export const nodeFacts = (node: Node | undefined): NodeFacts => {
  if (node === undefined) return none
  const addresses = node.status?.addresses ?? []
  const of = (type: string): string[] =>
    addresses.flatMap((one) => {
      const ip = one.type === type ? parseIp(one.address) : undefined
      return ip === undefined ? [] : [ipText(ip)]
    })
  const internal = of('InternalIP')
  return {
    addresses: internal.length > 0 ? internal : of('ExternalIP'),
    zone: node.metadata.labels?.['topology.kubernetes.io/zone'] ?? '',
  }
}

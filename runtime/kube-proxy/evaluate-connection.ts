import { evaluateIptables } from './evaluate-iptables.ts'
import { evaluateIpvs } from './evaluate-ipvs.ts'
import { evaluateNftables } from './evaluate-nftables.ts'
import type { PortRules } from './port-rules.ts'
import type { ProxyConfig } from './proxy-config.ts'
import type { RuleTable, Via } from './rule-table.ts'

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

const evaluators = { iptables: evaluateIptables, ipvs: evaluateIpvs, nftables: evaluateNftables } as const

/** Where the first packet of a connection goes, by what the proxy's mode makes of the rules. */
export const evaluateConnection = (node: NodeView, connection: Connection): Outcome =>
  evaluators[node.config.mode](node, connection)

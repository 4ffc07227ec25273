import type { Affinity } from './affinity.ts'
import {
  evaluateConnection,
  type Backend,
  type Connection,
  type NodeView,
  type Outcome,
} from './evaluate-connection.ts'

/** A connection that has found its way, or why not. */
export type Opened =
  | {
      readonly verdict: 'forward'
      readonly backend: Backend
      readonly outcome: Extract<Outcome, { readonly verdict: 'forward' }>
    }
  | { readonly verdict: 'reject' | 'drop' | 'none' }

export interface Draws {
  /** kernel.choose */
  choose(label: string, n: number): number
  readonly affinity: Affinity
}

/** Opens a connection: where a client with affinity was before, or by chance, every backend being as likely. */
export const openConnection = (node: NodeView, connection: Connection, draws: Draws): Opened => {
  const outcome = evaluateConnection(node, connection)
  if (outcome.verdict !== 'forward') return outcome
  const { backends, rules } = outcome
  const names = backends.map((one) => one.endpoint)
  // The persistence of ipvs is that of a virtual server, the lists of the others are those of a service port.
  const { source, destination, port } = connection
  const client = node.config.mode === 'ipvs' ? `${source} to ${destination}:${port}` : source
  const before = draws.affinity.recall(rules, names, client)
  const at = before === undefined ? draws.choose('kube-proxy/backend', backends.length) : names.indexOf(before)
  const backend = backends[at]!
  draws.affinity.remember(rules, backend.endpoint, client)
  return { verdict: 'forward', backend, outcome }
}

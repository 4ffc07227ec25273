import { deepFreeze } from '../../api/json/deep-freeze.ts'
import type { NodeTable } from './cache/node-table.ts'
import type { Attempt } from './engine.ts'
import type { Decision } from './schedule-pod.ts'

/** Data of a `verdict` entry: what one scheduling attempt came to. */
export interface SchedulingVerdict {
  readonly outcome: 'placed' | 'failed' | 'skipped'
  readonly node: string | undefined
  readonly message: string | undefined
  readonly evaluated: number
  readonly feasible: number
  readonly nominated: string | undefined
  readonly victims: readonly string[]
  /** Node by node; left out where more nodes were looked at than anybody would read. */
  readonly nodes: readonly NodeVerdict[] | undefined
}

export interface NodeVerdict {
  readonly node: string
  /** Total and score by plugin of a feasible node. */
  readonly total?: number
  readonly scores?: Readonly<Record<string, number>>
  /** Who refused, and why. */
  readonly plugin?: string
  readonly reasons?: readonly string[]
}

const mostNodes = 50

const nodesOf = (table: NodeTable, decision: Decision | undefined): readonly NodeVerdict[] | undefined => {
  if (decision === undefined || decision.kind === 'error') return []
  const { nodeStatus } = decision.diagnosis
  const feasible = decision.kind === 'node' ? decision.feasible : new Int32Array(0)
  if (nodeStatus.size + feasible.length > mostNodes) return undefined
  const found: NodeVerdict[] = []
  feasible.forEach((slot, at) => {
    const node = table.slots[slot]!.name
    if (decision.kind !== 'node' || decision.scores.length === 0) found.push({ node })
    else {
      const scores: Record<string, number> = {}
      for (const { plugin, weight, normalized } of decision.scores) scores[plugin.name] = normalized[at]! * weight
      found.push({ node, total: decision.totals[at]!, scores })
    }
  })
  for (const [slot, { plugin, reasons }] of nodeStatus) found.push({ node: table.slots[slot]!.name, plugin, reasons })
  return found
}

export const verdictOf = (
  table: NodeTable,
  attempt: Exclude<Attempt, { readonly kind: 'idle' }>,
): SchedulingVerdict => {
  if (attempt.kind === 'skipped') {
    const { note } = attempt
    return deepFreeze({
      outcome: 'skipped',
      node: undefined,
      message: note,
      evaluated: 0,
      feasible: 0,
      nominated: undefined,
      victims: [],
      nodes: [],
    })
  }
  const nodes = nodesOf(table, attempt.decision)
  if (attempt.kind === 'placed') {
    const { node, decision } = attempt
    const { evaluated, feasible } = decision
    return deepFreeze({
      outcome: 'placed',
      node,
      message: undefined,
      evaluated,
      feasible: feasible.length,
      nominated: undefined,
      victims: [],
      nodes,
    })
  }
  const { decision, message, nominate, preemption } = attempt
  return deepFreeze({
    outcome: 'failed',
    node: undefined,
    message,
    evaluated: decision?.kind === 'unfit' ? decision.diagnosis.nodeStatus.size : 0,
    feasible: 0,
    nominated: nominate,
    victims: preemption === undefined ? [] : preemption.victims.map((one) => one.key),
    nodes,
  })
}

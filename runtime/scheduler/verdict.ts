import { merged } from '../../api/json/merged.ts'
import { deepFreeze } from '../../api/json/deep-freeze.ts'
import { objectSubject } from '../../api/object-key.ts'
import { builtinScheme } from '../../api/scheme/builtin-scheme.ts'
import type { NodeTable } from './cache/node-table.ts'
import { eventLabel, isWildcard } from './cluster-event.ts'
import type { Attempt } from './engine.ts'
import type { PodInfo } from './pod-info.ts'
import type { QueuedPod } from './queue/queued-pod.ts'
import { fullyExplained, type Decision } from './schedule-pod.ts'
import type { Refusals, SchedulingVerdict, ScoredNode, WokenBy } from '../record/scheduling-verdict.ts'
import type { Status } from './status.ts'
import { shortages, whatWouldHelp } from './what-would-help.ts'

const namesKept = 5
type Cell = readonly [number, number, number]

/** An extender as a column's head: the first name of its host, or its address. */
const hostOf = (urlPrefix: string): string => {
  const host = /^[a-z]+:\/\/([^/:]+)/.exec(urlPrefix)?.[1] ?? urlPrefix
  return /^[0-9.]+$/.test(host) ? host : (host.split('.')[0] ?? host)
}

const headsOf = (extenders: readonly string[]): readonly string[] => {
  const heads = extenders.map(hostOf)
  return new Set(heads).size === heads.length ? heads : extenders
}

const scoresOf = (table: NodeTable, decision: Extract<Decision, { readonly kind: 'node' }>): readonly ScoredNode[] => {
  const { node, feasible, totals, scores, extended = [] } = decision
  if (scores.length === 0) return feasible.length === 1 ? [{ node, total: 0, plugins: {} }] : []
  const first = feasible.indexOf(table.slotOf(node)!)
  // Of hundreds of nodes nobody asked for: their names are not even looked up.
  if (!decision.cycle.explained && !fullyExplained(feasible.length))
    return [{ node, total: totals[first]!, plugins: {} }]
  const names = Array.from(feasible, (slot) => table.slots[slot]!.name)
  const heads = headsOf(extended.map((one) => one.extender))
  const order = names.map((_, at) => at)
  // The one that was taken leads its equals.
  order.sort((a, b) => totals[b]! - totals[a]! || Number(b === first) - Number(a === first) || a - b)
  return order.map((at) => ({
    node: names[at]!,
    total: totals[at]!,
    plugins: Object.fromEntries([
      ...scores.map(({ plugin, weight, raw, normalized }): readonly [string, Cell] => [
        plugin.name,
        [raw[at]!, normalized[at]!, normalized[at]! * weight],
      ]),
      ...extended.map(({ scores: own }, index): readonly [string, Cell] => {
        const score = Number.isNaN(own[at]!) ? 0 : own[at]!
        return [heads[index]!, [score, score, score]]
      }),
    ]),
  }))
}

/** How far a node is from taking the pod; only shortages have a measure. */
const distance = (table: NodeTable, pod: PodInfo, slot: number): number => {
  let sum = 0
  for (const { missing, capacity } of shortages(table, pod, slot)) sum += missing / Math.max(capacity, missing)
  return sum
}

const refusalsOf = (
  table: NodeTable,
  pod: PodInfo,
  decision: Exclude<Decision, { readonly kind: 'error' }>,
): readonly Refusals[] => {
  const { nodeStatus } = decision.diagnosis
  if (nodeStatus.size === 0) return []
  const groups = new Map<string, { status: Status; slots: number[]; nearest: number; least: number; count: number }>()
  const all = decision.cycle.explained || fullyExplained(nodeStatus.size)
  const keys = new Map<Status, string>()
  for (let index = 0; index < nodeStatus.size; index += 1) {
    const status = nodeStatus.statusAt(index)
    const slot = nodeStatus.slotAt(index)
    let key = keys.get(status)
    if (key === undefined) {
      key = [status.plugin, ...status.reasons].join('\n')
      keys.set(status, key)
    }
    let group = groups.get(key)
    if (group === undefined) {
      group = { status, slots: [], nearest: slot, least: Infinity, count: 0 }
      groups.set(key, group)
    }
    group.count += 1
    if (all || group.slots.length < namesKept) group.slots.push(slot)
    if (!all && status.plugin === 'NodeResourcesFit') {
      const far = distance(table, pod, slot)
      if (far < group.least) Object.assign(group, { least: far, nearest: slot })
    }
  }
  return [...groups.values()].map(({ status, slots, nearest, count }) => ({
    plugin: status.plugin,
    reasons: status.reasons,
    count,
    nodes: (slots.includes(nearest) ? slots : [nearest, ...slots]).map((slot) => ({
      node: table.slots[slot]!.name,
      change: whatWouldHelp(table, pod, slot, status),
    })),
  }))
}

const wokenBy = ({ wokenBy: waking }: QueuedPod): WokenBy | undefined => {
  if (waking === undefined) return undefined
  const { event, object, plugin } = waking
  const resource = object === undefined ? undefined : builtinScheme().byKind(`${object.apiVersion}/${object.kind}`)
  return {
    event: isWildcard(event) ? 'Unschedulable' : eventLabel(event),
    subject:
      resource === undefined ? undefined : objectSubject(resource, object!.metadata.namespace, object!.metadata.name),
    plugin,
  }
}

/** Frozen: what is spread of it has one hidden class. */
const nothing = Object.freeze({
  node: undefined,
  message: undefined,
  evaluated: 0,
  feasible: 0,
  scores: [],
  refusals: [],
  nominated: undefined,
  victims: [],
} as const)

/** What is told of a decision by itself. */
export const decisionVerdict = (
  table: NodeTable,
  pod: PodInfo,
  decision: Decision,
): Omit<SchedulingVerdict, 'attempt' | 'woken'> => {
  const known = table.order().length
  if (decision.kind === 'error') return { ...nothing, outcome: 'failed', message: decision.message, known }
  const refusals = refusalsOf(table, pod, decision)
  if (decision.kind === 'unfit') {
    const { message, nominate, preemption, diagnosis } = decision
    return {
      ...nothing,
      outcome: 'failed',
      message,
      known,
      evaluated: diagnosis.nodeStatus.size,
      refusals,
      nominated: nominate,
      victims: preemption === undefined ? [] : preemption.victims.map((one) => one.key),
    }
  }
  const { node, evaluated, feasible } = decision
  return {
    ...nothing,
    outcome: 'placed',
    node,
    known,
    evaluated,
    feasible: feasible.length,
    scores: scoresOf(table, decision),
    refusals,
  }
}

export const verdictOf = (
  table: NodeTable,
  attempt: Exclude<Attempt, { readonly kind: 'idle' }>,
): SchedulingVerdict => {
  if (attempt.kind === 'skipped') {
    const known = table.order().length
    return deepFreeze({ ...nothing, outcome: 'skipped', message: attempt.note, attempt: 0, woken: undefined, known })
  }
  const { queued, decision, kind } = attempt
  const told = { attempt: queued.attempts, woken: wokenBy(queued) }
  if (decision === undefined)
    return deepFreeze({
      ...nothing,
      ...told,
      outcome: 'failed',
      message: kind === 'failed' ? attempt.message : '',
      known: table.order().length,
    })
  const verdict = decisionVerdict(table, queued.pod, decision)
  // What Reserve refused has a decision too, and failed nevertheless.
  return deepFreeze(
    kind === 'failed'
      ? {
          ...verdict,
          ...told,
          outcome: 'failed',
          node: undefined,
          message: attempt.message,
          nominated: attempt.nominate,
        }
      : merged(verdict, told),
  )
}

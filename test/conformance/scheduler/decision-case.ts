import type { Diagnosis } from '../../../runtime/scheduler/diagnosis.ts'
import { newDiagnosis, blame } from '../../../runtime/scheduler/diagnosis.ts'
import { createNodeTable, type NodeTable } from '../../../runtime/scheduler/cache/node-table.ts'
import { newCycle } from '../../../runtime/scheduler/framework.ts'
import { createNominator, type Nominator } from '../../../runtime/scheduler/nominator.ts'
import { podInfo, type PodInfo } from '../../../runtime/scheduler/pod-info.ts'
import type { SchedulerProfile } from '../../../runtime/scheduler/profile.ts'
import { createFramework, type Framework } from '../../../runtime/scheduler/runner.ts'
import { schedulePod } from '../../../runtime/scheduler/schedule-pod.ts'
import { status, statusMessage, type Status } from '../../../runtime/scheduler/status.ts'
import { ineligible, promisingNodes } from '../../../runtime/scheduler/plugins/default-preemption.ts'
import { bestCandidates, selectVictims, type Candidate } from '../../../runtime/scheduler/plugins/victim-selection.ts'
import { eventNote, preemptedNote, preemptionCondition } from '../../../runtime/scheduler/texts.ts'
import type { PodDisruptionBudget } from '../../../api/types/policy-v1.generated.ts'
import {
  byKey,
  createObjectWorld,
  type ObjectWorld,
  isTerminal,
  plainNamespace,
  storedNode,
  storedObject,
  storedPod,
} from './stored-objects.ts'

type Json = Record<string, unknown>
export interface DecisionCase {
  readonly id: string
  readonly config?: SchedulerProfile
  readonly nodes?: readonly never[]
  readonly pods?: readonly never[]
  readonly objects?: readonly never[]
  readonly pod: never
  readonly expect: Json
}

export const nameOf = (pod: PodInfo): string => (pod.namespace === 'default' ? pod.name : pod.key)

export interface RecordedWorld {
  readonly objects: ObjectWorld
  readonly nodes: NodeTable
  readonly nominator: Nominator
  readonly framework: Framework
  readonly pods: readonly PodInfo[]
}

/** A scheduler's surroundings with the recorded cluster in them. */
export const worldOf = (
  recorded: Omit<DecisionCase, 'expect' | 'id' | 'pod'>,
  others: readonly PodInfo[] = [],
): RecordedWorld => {
  const objects = createObjectWorld()
  const nodes = createNodeTable()
  for (const one of recorded.objects ?? []) objects.set(storedObject(one))
  const pods = (recorded.pods ?? [])
    .map((one) => storedPod(one))
    .filter((one) => !isTerminal(one))
    .sort(byKey)
    .map(podInfo)
  for (const pod of [...pods, ...others]) {
    if (objects.get('v1/Namespace', '', pod.namespace) === undefined) objects.set(plainNamespace(pod.namespace))
  }
  for (const node of (recorded.nodes ?? []).map((one) => storedNode(one)).sort(byKey)) nodes.setNode(node)
  const nominator = createNominator(() => false)
  const framework = createFramework(recorded.config ?? {}, {
    nodes,
    listers: objects,
    nominator,
    // The recorder's pods all started before it ran.
    now: () => Date.parse('2027-01-01T00:00:00Z') * 1000,
    choose: () => 0,
    preempting: () => false,
  })
  for (const pod of pods) {
    objects.set(pod.pod)
    if (pod.pod.spec.nodeName !== undefined) nodes.addPod(pod.pod.spec.nodeName, pod)
    else if (framework.preEnqueue(pod) === undefined) nominator.nominate(pod, undefined)
  }
  return { objects, nodes, nominator, framework, pods }
}

const verdictOf = (given: Status): Json => ({
  ...(given.plugin === '' ? {} : { plugin: given.plugin }),
  code: given.code,
  reasons: given.reasons,
})

const scoresOf = (framework: Framework, pod: PodInfo, feasible: readonly number[], answer: Json): void => {
  const cycle = newCycle(pod)
  framework.preFilter(cycle)
  for (const slot of framework.handle.nodes.order()) framework.filterWithNominated(cycle, slot)
  const slots = Int32Array.from(feasible)
  const nodeName = (slot: number): string => framework.handle.nodes.slots[slot]!.name
  const failed = framework.preScore(cycle, slots)
  if (failed !== undefined) {
    answer['error'] = statusMessage(failed)
    return
  }
  answer['skippedScore'] = framework.skippedScores(cycle).slice().sort()
  const scores = framework.score(cycle, slots, true)
  if ('code' in scores) {
    answer['error'] = statusMessage(scores)
    return
  }
  const totals = new Map<string, number>(feasible.map((slot) => [nodeName(slot), 0]))
  answer['scores'] = Object.fromEntries(
    scores.map(({ plugin, weight, raw, normalized }) => [
      plugin.name,
      Object.fromEntries(
        feasible.map((slot, i) => {
          const weighted = normalized[i]! * weight
          totals.set(nodeName(slot), totals.get(nodeName(slot))! + weighted)
          return [nodeName(slot), [raw[i], normalized[i], weighted]]
        }),
      ),
    ]),
  )
  answer['total'] = Object.fromEntries(totals)
  const most = Math.max(...totals.values())
  answer['best'] = [...totals]
    .filter(([, total]) => total === most)
    .map(([name]) => name)
    .sort()
}

const preemptionOf = (framework: Framework, pod: PodInfo, diagnosis: Diagnosis): Json | undefined => {
  const { handle } = framework
  if (!framework.runsPreemption) return undefined
  const reason = ineligible(handle, pod, diagnosis)
  if (reason !== undefined) return { ineligible: reason }
  const slots = promisingNodes(handle, diagnosis)
  if (slots.length === 0) return undefined
  const budgets = handle.listers.list('policy/v1/PodDisruptionBudget') as readonly PodDisruptionBudget[]
  const cycle = newCycle(pod)
  framework.preFilter(cycle)
  const candidates: Candidate[] = []
  const nodes: Json = {}
  for (const slot of slots) {
    const found = selectVictims(handle, cycle, slot, budgets)
    const name = handle.nodes.slots[slot]!.name
    if ('code' in found) nodes[name] = verdictOf(found)
    else {
      nodes[name] = { victims: found.victims.map(nameOf), pdbViolations: found.violations }
      candidates.push(found)
    }
  }
  const answer: Json = { nodes }
  if (candidates.length === 0) return answer
  const best = bestCandidates(candidates, handle.now())
  answer['best'] = best.map((one) => one.node).sort()
  const [chosen] = best
  if (best.length === 1 && chosen !== undefined) {
    const deleted = chosen.victims.filter((one) => !one.terminating)
    if (deleted.length > 0) {
      answer['deleted'] = deleted.map(nameOf).sort()
      answer['victimCondition'] = preemptionCondition(pod)
      answer['victimEvent'] = preemptedNote(pod, chosen.node)
      const cleared = handle.nominator
        .on(chosen.node)
        .filter((one) => one.priority < pod.priority && one.uid !== pod.uid)
      if (cleared.length > 0) answer['cleared'] = cleared.map(nameOf).sort()
    }
  }
  return answer
}

/** Every phase over every node, then the scheduler's own attempt: what the recorder did. */
export const answerDecision = (recorded: DecisionCase): Json => {
  const pod = podInfo(storedPod(recorded.pod))
  const { framework, nodes, objects, nominator } = worldOf(recorded, [pod])
  objects.set(pod.pod)
  const answer: Json = {}
  const gated = framework.preEnqueue(pod)
  if (gated !== undefined) return { gated: verdictOf(gated) }
  if (pod.pod.status?.nominatedNodeName !== undefined) nominator.nominate(pod, undefined)
  const cycle = newCycle(pod)
  const all = nodes.order()
  const diagnosis = newDiagnosis()
  const feasible: number[] = []
  if (all.length > 0) {
    const before = framework.preFilter(cycle)
    if (before.status?.code === 'Error') answer['error'] = statusMessage(before.status)
    else if (before.status !== undefined) {
      answer['preFilter'] = verdictOf(before.status)
      diagnosis.absent = before.status
    } else {
      const allowed = before.nodes
      if (allowed !== undefined) {
        answer['preFilterPlugins'] = [...before.plugins].sort()
        answer['preFilterNodes'] = [...allowed].sort()
        diagnosis.absent = status('', 'UnschedulableAndUnresolvable', '')
      }
      const filter: Json = {}
      for (const slot of all) {
        const { name } = nodes.slots[slot]!
        if (allowed !== undefined && !allowed.has(name)) continue
        const verdict = framework.filterWithNominated(cycle, slot)
        filter[name] = verdict === undefined ? 'ok' : verdictOf(verdict)
        if (verdict === undefined) feasible.push(slot)
        else {
          diagnosis.nodeStatus.set(slot, verdict)
          blame(diagnosis, verdict)
        }
      }
      if (Object.keys(filter).length > 0) answer['filter'] = filter
    }
  }
  if (feasible.length > 1) scoresOf(framework, pod, feasible, answer)
  else if (feasible.length === 1) answer['best'] = [nodes.slots[feasible[0]!]!.name]
  else if (all.length > 0 && answer['error'] === undefined) {
    const preemption = preemptionOf(framework, pod, diagnosis)
    if (preemption !== undefined) answer['preemption'] = preemption
  }
  const decision = schedulePod(framework, pod, { next: 0 })
  if (decision.kind === 'node') {
    answer['evaluated'] = decision.evaluated
    answer['feasible'] = decision.feasible.length
    if (pod.pod.status?.nominatedNodeName === decision.node) {
      answer['best'] = [decision.node]
      if (decision.feasible.length === 1) for (const name of ['scores', 'total', 'skippedScore']) delete answer[name]
    }
    if (!(answer['best'] as readonly string[]).includes(decision.node)) answer['chosen'] = decision.node
    return answer
  }
  answer['reason'] = decision.kind === 'unfit' ? 'Unschedulable' : decision.reason
  answer['message'] = decision.message
  const note = eventNote(decision.message)
  if (note !== decision.message) answer['event'] = note
  if (decision.kind === 'unfit') {
    const { unschedulablePlugins, pendingPlugins } = decision.diagnosis
    if (unschedulablePlugins.size > 0) answer['rejectors'] = [...unschedulablePlugins].sort()
    if (pendingPlugins.size > 0) answer['pending'] = [...pendingPlugins].sort()
  }
  const nominate = decision.kind === 'unfit' ? decision.nominate : ''
  const best = (answer['preemption'] as { best?: readonly string[] } | undefined)?.best
  if (best === undefined) {
    const was = pod.pod.status?.nominatedNodeName ?? ''
    if (nominate !== undefined && nominate !== was) answer['nominatedNodeName'] = nominate
  } else if (nominate === undefined || !best.includes(nominate)) answer['nominatedNodeName'] = nominate
  return answer
}

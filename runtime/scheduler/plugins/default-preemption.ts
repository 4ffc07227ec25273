import type { PodDisruptionBudget } from '../../../api/types/policy-v1.generated.ts'
import { action } from '../cluster-event.ts'
import { fitError, newDiagnosis, type Diagnosis } from '../diagnosis.ts'
import { callExtenders } from '../extenders/call-extenders.ts'
import type { Cycle, Handle, PluginFactory, PostFilterAnswer } from '../framework.ts'
import type { PodInfo } from '../pod-info.ts'
import { status, statusMessage, type Status } from '../status.ts'
import { bestCandidates, selectVictims, type Candidate } from './victim-selection.ts'

const name = 'DefaultPreemption'
const unhelpful = status('', 'UnschedulableAndUnresolvable', 'Preemption is not helpful for scheduling')

export interface DryRun {
  readonly candidates: readonly Candidate[]
  /** What was found on nodes that are no candidates. */
  readonly refused: ReadonlyMap<number, Status>
}

/** Nodes whose verdict preemption may change, in the order in which nodes are looked at (NodesForStatusCode). */
export const promisingNodes = ({ nodes }: Handle, diagnosis: Diagnosis): readonly number[] => {
  const found: number[] = []
  for (const slot of nodes.order()) {
    if ((diagnosis.nodeStatus.get(slot) ?? diagnosis.absent).code === 'Unschedulable') found.push(slot)
  }
  return found
}

/** DryRunPreemption: from a drawn node on, until there are enough candidates and one that violates no budget. */
export const dryRun = (
  handle: Handle,
  cycle: Cycle,
  slots: readonly number[],
  search: { offset: number; enough: number },
): DryRun => {
  const budgets = handle.listers.list('policy/v1/PodDisruptionBudget') as readonly PodDisruptionBudget[]
  const safe: Candidate[] = []
  const violating: Candidate[] = []
  const refused = new Map<number, Status>()
  for (let step = 0; step < slots.length; step += 1) {
    const slot = slots[(search.offset + step) % slots.length]!
    const found = selectVictims(handle, cycle, slot, budgets)
    if ('code' in found) {
      refused.set(slot, found)
      continue
    }
    ;(found.violations === 0 ? safe : violating).push(found)
    if (safe.length > 0 && safe.length + violating.length >= search.enough) break
  }
  return { candidates: [...safe, ...violating], refused }
}

/** PodEligibleToPreemptOthers: the text that says why not. */
export const ineligible = ({ nodes }: Handle, pod: PodInfo, diagnosis: Diagnosis): string | undefined => {
  if (pod.pod.spec.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.'
  const nominated = pod.pod.status?.nominatedNodeName ?? ''
  const slot = nominated === '' ? undefined : nodes.slotOf(nominated)
  if (slot === undefined) return undefined
  if ((diagnosis.nodeStatus.get(slot) ?? diagnosis.absent).code === 'UnschedulableAndUnresolvable') return undefined
  const leaving = nodes.slots[slot]!.pods.some((one) => {
    if (one.priority >= pod.priority || !one.terminating) return false
    const target = one.pod.status?.conditions?.find((condition) => condition.type === 'DisruptionTarget')
    return target?.status === 'True' && target.reason === 'PreemptionByScheduler'
  })
  return leaving ? 'not eligible due to a terminating pod on the nominated node.' : undefined
}

const refuse = (text: string, nominate: string | undefined): PostFilterAnswer => ({
  status: status(name, 'Unschedulable', `preemption: ${text}`),
  nominate,
})

/** pkg/scheduler/framework/plugins/defaultpreemption. Decides only: whoever runs the attempt carries the evictions out. */
export const defaultPreemption: PluginFactory = (handle, args) => {
  const percentage = (args['minCandidateNodesPercentage'] as number | undefined) ?? 10
  const absolute = (args['minCandidateNodesAbsolute'] as number | undefined) ?? 100
  const waiting = status(name, 'UnschedulableAndUnresolvable', 'waiting for the preemption for this pod to be finished')
  return {
    name,
    preEnqueue: (pod) => (handle.preempting(pod.uid) ? waiting : undefined),
    postFilter(cycle, diagnosis) {
      const { pod } = cycle
      const reason = ineligible(handle, pod, diagnosis)
      if (reason !== undefined) return refuse(reason, undefined)
      const slots = promisingNodes(handle, diagnosis)
      let found: DryRun = { candidates: [], refused: new Map() }
      if (slots.length > 0) {
        const enough = Math.min(Math.max(Math.floor((slots.length * percentage) / 100), absolute), slots.length)
        found = dryRun(handle, cycle, slots, {
          offset: handle.choose('scheduler/preemption-offset', slots.length),
          enough,
        })
      }
      if (found.candidates.length === 0) {
        const failed = [...found.refused.values()].find((one) => one.code === 'Error')
        if (failed !== undefined)
          return { status: status(name, 'Error', `preemption: ${statusMessage(failed)}`), nominate: undefined }
        const inner = newDiagnosis()
        for (const [slot, verdict] of found.refused) inner.nodeStatus.set(slot, verdict)
        inner.absent = unhelpful
        return refuse(fitError(inner, handle.nodes.order().length), '')
      }
      const candidates =
        handle.extenders.length === 0 ? found.candidates : callExtenders(handle, cycle, found.candidates)
      if ('code' in candidates)
        return { status: status(name, 'Error', `preemption: ${statusMessage(candidates)}`), nominate: undefined }
      if (candidates.length === 0) return refuse('no candidate node for preemption', undefined)
      const best = bestCandidates(candidates, handle.now())
      const chosen = best[handle.choose('scheduler/preemption-tie', best.length)]!
      return { status: undefined, nominate: chosen.node, preemption: { node: chosen.node, victims: chosen.victims } }
    },
    events: [{ event: { resource: 'Pod', actions: action.delete }, hint: () => 'Skip' }],
  }
}

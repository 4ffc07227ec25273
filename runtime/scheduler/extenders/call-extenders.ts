import type { Cycle, Handle } from '../framework.ts'
import { status, type Status } from '../status.ts'
import type { Candidate } from '../plugins/victim-selection.ts'
import type { PodInfo } from '../pod-info.ts'
import type { Answer } from './extender.ts'
import type { MetaVictims, Victims } from './extender-bodies.ts'

/**
 * HTTPExtender.convertToVictims: the pods that are meant. Differs: kube-scheduler crashes over a node with null for its victims;
 * here it is one without any.
 */
const victimsOf = (
  { nodes }: Handle,
  extender: string,
  chosen: Readonly<Record<string, MetaVictims | null>>,
): Answer<readonly Candidate[]> => {
  const found: Candidate[] = []
  for (const [node, meta] of Object.entries(chosen)) {
    const slot = nodes.slotOf(node)
    if (slot === undefined) return { ok: false, error: `nodeinfo not found for node name ${JSON.stringify(node)}` }
    const victims: PodInfo[] = []
    for (const one of meta?.Pods ?? []) {
      const uid = one?.UID ?? ''
      const pod = nodes.slots[slot]!.pods.find((other) => other.uid === uid)
      if (pod === undefined) {
        const claim = `extender: ${extender} claims to preempt pod (UID: &{${uid}}) on node: ${node}`
        return { ok: false, error: `${claim}, but the pod is not found on that node` }
      }
      victims.push(pod)
    }
    found.push({ slot, node, victims, violations: meta?.NumPDBViolations ?? 0 })
  }
  return { ok: true, value: found }
}

/**
 * Evaluator.callExtenders (pkg/scheduler/framework/preemption/preemption.go): extenders that preempt may drop candidates and
 * spare victims. What is left keeps the order of the extender's answer; Go's map has none.
 */
export const callExtenders = (
  handle: Handle,
  cycle: Cycle,
  candidates: readonly Candidate[],
): readonly Candidate[] | Status => {
  const failed = (text: string): Status => status('', 'Error', text)
  let left = candidates
  for (const extender of handle.extenders) {
    if (!extender.preempts || !extender.interested(cycle.pod)) continue
    const given = new Map(
      left.map((one): readonly [string, Victims] => [
        one.node,
        { Pods: one.victims.map(({ pod }) => pod), NumPDBViolations: one.violations },
      ]),
    )
    const answer = extender.preempt(
      cycle.pod,
      left.map((one) => handle.nodes.slots[one.slot]!.node!),
      given,
    )
    cycle.waited += answer.took
    const found = answer.ok ? victimsOf(handle, extender.name, answer.value) : answer
    if (!found.ok) {
      if (extender.ignorable) continue
      return failed(found.error)
    }
    const empty = found.value.find((one) => one.victims.length === 0)
    if (empty !== undefined && !extender.ignorable)
      return failed(`expected at least one victim pod on node ${JSON.stringify(empty.node)}`)
    left = found.value.filter((one) => one.victims.length > 0)
    if (left.length === 0) break
  }
  return left
}

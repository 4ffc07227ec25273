import type { Pod } from '../../../api/types/core-v1.generated.ts'
import type { PodDisruptionBudget } from '../../../api/types/policy-v1.generated.ts'
import type { Cycle, Handle } from '../framework.ts'
import { labelMatcher } from '../label-matcher.ts'
import type { PodInfo } from '../pod-info.ts'
import { status, type Status } from '../status.ts'

/** Pods whose eviction from a node would make room. */
export interface Candidate {
  readonly slot: number
  readonly node: string
  /** Most important first. */
  readonly victims: readonly PodInfo[]
  readonly violations: number
}

/** Microseconds since 1970 at which a pod started; one that has not starts now (GetPodStartTime). */
export const startOf = ({ status: state }: Pod, now: number): number =>
  state?.startTime === undefined ? now : Date.parse(state.startTime) * 1000

/** MoreImportantPod: higher priority, then the longer running. */
const byImportance =
  (now: number) =>
  (a: PodInfo, b: PodInfo): number =>
    a.priority !== b.priority ? b.priority - a.priority : startOf(a.pod, now) - startOf(b.pod, now)

/** filterPodsWithPDBViolation: every matching budget counts each pod down, one that is used up already included. */
const violating = (pods: readonly PodInfo[], budgets: readonly PodDisruptionBudget[]): ReadonlySet<PodInfo> => {
  const left = budgets.map((one) => one.status?.disruptionsAllowed ?? 0)
  const found = new Set<PodInfo>()
  for (const pod of pods) {
    if (pod.labels === undefined || Object.keys(pod.labels).length === 0) continue
    for (const [index, budget] of budgets.entries()) {
      if (budget.metadata.namespace !== pod.namespace) continue
      const selector = labelMatcher(budget.spec?.selector)
      if (selector.empty || !selector.matches(pod.labels)) continue
      if (Object.hasOwn(budget.status?.disruptedPods ?? {}, pod.name)) continue
      left[index]! -= 1
      if (left[index]! < 0) found.add(pod)
    }
  }
  return found
}

const noVictims = status('', 'UnschedulableAndUnresolvable', 'No preemption victims found for incoming pod')

/**
 * SelectVictimsOnNode (plugins/defaultpreemption/default_preemption.go): takes every pod of lower priority off the node and puts
 * back, most important first, those that leave room. The node is afterwards as it was before.
 */
export const selectVictims = (
  handle: Handle,
  cycle: Cycle,
  slot: number,
  budgets: readonly PodDisruptionBudget[],
): Candidate | Status => {
  const node = handle.nodes.slots[slot]!
  const order = node.pods.slice()
  const ports = new Set(node.ports)
  const lower = order.filter((pod) => pod.priority < cycle.pod.priority)
  if (lower.length === 0) return noVictims
  for (const pod of lower) handle.removePod(cycle, pod, slot)
  const away = new Set(lower)
  const restore = (): void => {
    for (const pod of away) handle.addPod(cycle, pod, slot)
    // Taking pods off and back must not show: neither in their order nor in ports that two of them share.
    node.pods.splice(0, node.pods.length, ...order)
    node.ports.clear()
    for (const port of ports) node.ports.add(port)
  }
  const refused = handle.filterNode(cycle, slot)
  if (refused !== undefined) {
    restore()
    return refused
  }
  const sorted = lower.slice().sort(byImportance(handle.now()))
  const unsafe = violating(sorted, budgets)
  const victims: PodInfo[] = []
  let violations = 0
  const reprieve = (pod: PodInfo): boolean => {
    handle.addPod(cycle, pod, slot)
    if (handle.filterNode(cycle, slot) === undefined) {
      away.delete(pod)
      return true
    }
    handle.removePod(cycle, pod, slot)
    victims.push(pod)
    return false
  }
  for (const pod of sorted) if (unsafe.has(pod) && !reprieve(pod)) violations += 1
  for (const pod of sorted) if (!unsafe.has(pod)) reprieve(pod)
  if (unsafe.size > 0 && unsafe.size < sorted.length) victims.sort(byImportance(handle.now()))
  restore()
  if (victims.length === 0) return status('', 'Error', `expected at least one victim pod on node "${node.name}"`)
  return { slot, node: node.name, victims, violations }
}

/** Candidates that are equally good by upstream's five criteria, in order (pickOneNodeForPreemption). */
export const bestCandidates = (candidates: readonly Candidate[], now: number): readonly Candidate[] => {
  const earliest = ({ victims }: Candidate): number => {
    const highest = Math.max(...victims.map((one) => one.priority))
    return Math.min(...victims.filter((one) => one.priority === highest).map((one) => startOf(one.pod, now)))
  }
  const criteria: readonly ((one: Candidate) => number)[] = [
    (one) => -one.violations,
    (one) => -one.victims[0]!.priority,
    (one) => -one.victims.reduce((sum, victim) => sum + victim.priority + 2147483648, 0),
    (one) => -one.victims.length,
    earliest,
  ]
  let left = candidates
  for (const criterion of criteria) {
    const scores = left.map(criterion)
    const most = Math.max(...scores)
    left = left.filter((_, index) => scores[index] === most)
    if (left.length === 1) break
  }
  return left
}

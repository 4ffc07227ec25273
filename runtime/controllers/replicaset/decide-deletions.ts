import type { Pod } from '../../../api/types/core-v1.generated.ts'
import { parseTimestamp } from '../../client/timestamp.ts'
import type { Micros } from '../../kernel/micros.ts'
import { isPodActive, isPodReady, podCondition } from '../../reconcile/pod-state.ts'

const phaseOrdinal = (pod: Pod): number =>
  pod.status?.phase === 'Pending' ? 0 : pod.status?.phase === 'Unknown' ? 1 : 2

/** GetDeletionCostFromPodAnnotations: what is no canonical int32 counts 0. */
const deletionCost = (pod: Pod): number => {
  const text = pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost']
  if (text === undefined || !/^(0|-?[1-9][0-9]*)$/.test(text)) return 0
  const cost = Number(text)
  return cost >= -2147483648 && cost <= 2147483647 ? cost : 0
}

const maxRestarts = (pod: Pod): { regular: number; sidecar: number } => {
  const sidecars = new Set(
    (pod.spec?.initContainers ?? []).filter((one) => one.restartPolicy === 'Always').map((one) => one.name),
  )
  let regular = 0
  let sidecar = 0
  for (const status of pod.status?.containerStatuses ?? []) regular = Math.max(regular, status.restartCount)
  for (const status of pod.status?.initContainerStatuses ?? []) {
    if (sidecars.has(status.name)) sidecar = Math.max(sidecar, status.restartCount)
  }
  return { regular, sidecar }
}

/** The power of two below an age: logarithmicRankDiff compares ages by it. Ages are whole nanoseconds; a microsecond is 1000. */
const magnitude = (age: Micros): number => {
  if (age <= 0) return -1
  let rest = BigInt(age) * 1000n
  let bits = 0
  while (rest > 1n) {
    rest >>= 1n
    bits += 1
  }
  return bits
}

interface Ranked {
  readonly pod: Pod
  readonly rank: number
}

/** Older goes last, by order of magnitude (LogarithmicScaleDown); within one the uid decides. */
const byAge = (
  a: { at: Micros | undefined; pod: Pod },
  b: { at: Micros | undefined; pod: Pod },
  now: Micros,
): number => {
  if (a.at === undefined || b.at === undefined) {
    if (a.at === undefined && b.at === undefined) return 0
    // afterOrZero: a missing time counts as the youngest.
    return a.at === undefined ? -1 : 1
  }
  const difference = magnitude(now - a.at) - magnitude(now - b.at)
  if (difference !== 0) return difference
  return (a.pod.metadata.uid ?? '') < (b.pod.metadata.uid ?? '') ? -1 : 1
}

/** controller.ActivePodsWithRanks.Less: which of two pods goes first. `wall` is microseconds since 1970. */
const compare = (a: Ranked, b: Ranked, wall: Micros): number => {
  const nodeA = a.pod.spec?.nodeName ?? ''
  const nodeB = b.pod.spec?.nodeName ?? ''
  if (nodeA !== nodeB && (nodeA === '' || nodeB === '')) return nodeA === '' ? -1 : 1
  const phases = phaseOrdinal(a.pod) - phaseOrdinal(b.pod)
  if (phases !== 0) return phases
  const readyA = isPodReady(a.pod)
  const readyB = isPodReady(b.pod)
  if (readyA !== readyB) return readyA ? 1 : -1
  const costs = deletionCost(a.pod) - deletionCost(b.pod)
  if (costs !== 0) return costs
  if (a.rank !== b.rank) return b.rank - a.rank
  if (readyA && readyB) {
    const sinceA = parseTimestamp(podCondition(a.pod, 'Ready')?.lastTransitionTime)
    const sinceB = parseTimestamp(podCondition(b.pod, 'Ready')?.lastTransitionTime)
    if (sinceA !== sinceB) return byAge({ at: sinceA, pod: a.pod }, { at: sinceB, pod: b.pod }, wall)
  }
  const restartsA = maxRestarts(a.pod)
  const restartsB = maxRestarts(b.pod)
  if (restartsA.regular !== restartsB.regular) return restartsB.regular - restartsA.regular
  if (restartsA.sidecar !== restartsB.sidecar) return restartsB.sidecar - restartsA.sidecar
  const createdA = parseTimestamp(a.pod.metadata.creationTimestamp)
  const createdB = parseTimestamp(b.pod.metadata.creationTimestamp)
  if (createdA !== createdB) return byAge({ at: createdA, pod: a.pod }, { at: createdB, pod: b.pod }, wall)
  return 0
}

/**
 * replica_set.go getPodsToDelete: the `count` pods to give up. `related` are the pods of all ReplicaSets of the same owner: doubled
 * up pods on a node go first.
 */
export const decideDeletions = (
  pods: readonly Pod[],
  related: readonly Pod[],
  count: number,
  wall: Micros,
): readonly Pod[] => {
  if (count >= pods.length) return pods
  const onNode = new Map<string, number>()
  for (const pod of related) {
    if (!isPodActive(pod)) continue
    const node = pod.spec?.nodeName ?? ''
    onNode.set(node, (onNode.get(node) ?? 0) + 1)
  }
  return pods
    .map((pod) => ({ pod, rank: onNode.get(pod.spec?.nodeName ?? '') ?? 0 }))
    .sort((a, b) => compare(a, b, wall))
    .slice(0, count)
    .map(({ pod }) => pod)
}

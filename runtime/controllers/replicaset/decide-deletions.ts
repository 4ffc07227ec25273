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

/** Products of whole numbers below this are exact. */
const exactMicros = 72_057_594_037_927

/** The power of two below an age: logarithmicRankDiff compares ages by it. Ages are whole nanoseconds; a microsecond is 1000. */
export const magnitude = (age: Micros): number => {
  if (age <= 0) return -1
  if (age > exactMicros) return (BigInt(age) * 1000n).toString(2).length - 1
  let rest = age * 1000
  let bits = 0
  for (; rest >= 4_294_967_296; rest /= 4_294_967_296) bits += 32
  return bits + 31 - Math.clz32(Math.floor(rest))
}

interface Ranked {
  readonly pod: Pod
  readonly rank: number
}

/** What of a pod is compared, read once for each version of it. */
interface Traits {
  readonly node: string
  readonly phase: number
  readonly ready: boolean
  readonly cost: number
  readonly since: Micros | undefined
  readonly regular: number
  readonly sidecar: number
  readonly created: Micros | undefined
  readonly uid: string
}

const known = new WeakMap<Pod, Traits>()

const traitsOf = (pod: Pod): Traits => {
  let traits = known.get(pod)
  if (traits === undefined) {
    traits = {
      node: pod.spec?.nodeName ?? '',
      phase: phaseOrdinal(pod),
      ready: isPodReady(pod),
      cost: deletionCost(pod),
      since: parseTimestamp(podCondition(pod, 'Ready')?.lastTransitionTime),
      ...maxRestarts(pod),
      created: parseTimestamp(pod.metadata.creationTimestamp),
      uid: pod.metadata.uid ?? '',
    }
    known.set(pod, traits)
  }
  return traits
}

interface Ranked {
  readonly pod: Pod
  readonly rank: number
  readonly traits: Traits
}

/** Older goes last, by order of magnitude (LogarithmicScaleDown); within one the uid decides. */
const byAge = (
  a: { at: Micros | undefined; uid: string },
  b: { at: Micros | undefined; uid: string },
  now: Micros,
): number => {
  if (a.at === undefined || b.at === undefined) {
    if (a.at === undefined && b.at === undefined) return 0
    // afterOrZero: a missing time counts as the youngest.
    return a.at === undefined ? -1 : 1
  }
  const difference = magnitude(now - a.at) - magnitude(now - b.at)
  if (difference !== 0) return difference
  return a.uid < b.uid ? -1 : 1
}

/** controller.ActivePodsWithRanks.Less: which of two pods goes first. `wall` is microseconds since 1970. */
const compare = (first: Ranked, second: Ranked, wall: Micros): number => {
  const a = first.traits
  const b = second.traits
  if (a.node !== b.node && (a.node === '' || b.node === '')) return a.node === '' ? -1 : 1
  if (a.phase !== b.phase) return a.phase - b.phase
  if (a.ready !== b.ready) return a.ready ? 1 : -1
  if (a.cost !== b.cost) return a.cost - b.cost
  if (first.rank !== second.rank) return second.rank - first.rank
  if (a.ready && b.ready && a.since !== b.since)
    return byAge({ at: a.since, uid: a.uid }, { at: b.since, uid: b.uid }, wall)
  if (a.regular !== b.regular) return b.regular - a.regular
  if (a.sidecar !== b.sidecar) return b.sidecar - a.sidecar
  if (a.created !== b.created) return byAge({ at: a.created, uid: a.uid }, { at: b.created, uid: b.uid }, wall)
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
  const ranked = pods.map((pod): Ranked => {
    const traits = traitsOf(pod)
    return { pod, rank: onNode.get(traits.node) ?? 0, traits }
  })
  // Sorted as a whole: the order has no ends (equal times are a tie, others go by uid), so what comes first depends on all.
  return ranked
    .sort((a, b) => compare(a, b, wall))
    .slice(0, count)
    .map(({ pod }) => pod)
}

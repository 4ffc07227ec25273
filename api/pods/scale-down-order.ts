import type { Pod } from '../types/core-v1.generated.ts'
import { goSort } from '../workloads/go-sort.ts'
import { isPodReady, podCondition } from './container-status.ts'

const phaseOrder: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 }

/** GetDeletionCostFromPodAnnotations: an int32, without sign or zeros in front; anything else counts 0. */
const deletionCost = (pod: Pod): number => {
  const text = pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost']
  if (text === undefined || !/^(?:0|-[0-9]+|[1-9][0-9]*)$/.test(text)) return 0
  const cost = Number(text)
  return cost >= -2147483648 && cost <= 2147483647 ? cost : 0
}

/** Milliseconds since 1970; undefined for none. */
const timeOf = (text: string | undefined | null): number | undefined =>
  text === undefined || text === null ? undefined : Date.parse(text)

/** floor(log2(nanoseconds)) of an age, by halving, which is exact; -1 for none. */
const ageRank = (milliseconds: number): number => {
  if (milliseconds <= 0) return -1
  let rank = 0
  for (let left = milliseconds * 1_000_000; left >= 2; left /= 2) rank += 1
  return rank
}

interface Facts {
  readonly pod: Pod
  readonly node: string
  readonly phase: number
  readonly ready: boolean
  readonly cost: number
  readonly rank: number
  readonly readyAt: number | undefined
  readonly restarts: number
  readonly sidecarRestarts: number
  readonly created: number | undefined
  readonly uid: string
}

const factsOf = (pod: Pod, rank: number): Facts => {
  const ready = isPodReady(pod)
  const sidecars = (pod.spec.initContainers ?? [])
    .filter((one) => one.restartPolicy === 'Always')
    .map((one) => one.name)
  let restarts = 0
  for (const status of pod.status?.containerStatuses ?? []) restarts = Math.max(restarts, status.restartCount)
  let sidecarRestarts = 0
  for (const status of pod.status?.initContainerStatuses ?? []) {
    if (sidecars.includes(status.name)) sidecarRestarts = Math.max(sidecarRestarts, status.restartCount)
  }
  return {
    pod,
    node: pod.spec.nodeName ?? '',
    phase: phaseOrder[pod.status?.phase ?? ''] ?? 0,
    ready,
    cost: deletionCost(pod),
    rank,
    readyAt: ready ? timeOf(podCondition(pod.status, 'Ready')?.lastTransitionTime) : undefined,
    restarts,
    sidecarRestarts,
    created: timeOf(pod.metadata.creationTimestamp),
    uid: pod.metadata.uid ?? '',
  }
}

/** Whether the younger of two ages goes first: by the logarithm of the age, then by uid. Undefined: neither. */
const youngerFirst = (a: Facts, b: Facts, [timeA, timeB]: readonly (number | undefined)[], now: number): boolean => {
  if (timeA === undefined || timeB === undefined) return timeA === undefined
  const difference = ageRank(now - timeA) - ageRank(now - timeB)
  return difference === 0 ? a.uid < b.uid : difference < 0
}

/** ActivePodsWithRanks.Less. */
const less = (a: Facts, b: Facts, now: number): boolean => {
  if (a.node !== b.node && (a.node === '' || b.node === '')) return a.node === ''
  if (a.phase !== b.phase) return a.phase < b.phase
  if (a.ready !== b.ready) return !a.ready
  if (a.cost !== b.cost) return a.cost < b.cost
  if (a.rank !== b.rank) return a.rank > b.rank
  if (a.ready && b.ready && a.readyAt !== b.readyAt) return youngerFirst(a, b, [a.readyAt, b.readyAt], now)
  if (a.restarts !== b.restarts) return a.restarts > b.restarts
  if (a.sidecarRestarts !== b.sidecarRestarts) return a.sidecarRestarts > b.sidecarRestarts
  if (a.created !== b.created) return youngerFirst(a, b, [a.created, b.created], now)
  return false
}

/**
 * The order in which a ReplicaSet deletes pods: the first goes first. `ranks[i]` is how many active pods of the owner's family
 * run on the node of pod i; `now` in milliseconds since 1970.
 */
export const scaleDownOrder = (pods: readonly Pod[], ranks: readonly number[], now: number): Pod[] => {
  const facts = pods.map((pod, i) => factsOf(pod, ranks[i] ?? 0))
  goSort(facts, (a, b) => less(a, b, now))
  return facts.map(({ pod }) => pod)
}

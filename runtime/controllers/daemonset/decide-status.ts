import type { DaemonSet, DaemonSetStatus } from '../../../api/types/apps-v1.generated.ts'
import type { Node, Pod } from '../../../api/types/core-v1.generated.ts'
import type { Micros } from '../../kernel/micros.ts'
import { isPodAvailable, isPodReady } from '../../reconcile/pod-state.ts'
import { byAge, isUpdated } from './decide-pods.ts'
import type { Verdict } from './decide-placement.ts'

export interface StatusQuestion {
  readonly set: DaemonSet
  readonly nodes: readonly Node[]
  readonly podsByNode: ReadonlyMap<string, readonly Pod[]>
  readonly hash: string
  readonly wall: Micros
  readonly place: (node: Node) => Verdict
}

const numbers = [
  'currentNumberScheduled',
  'numberMisscheduled',
  'desiredNumberScheduled',
  'numberReady',
  'updatedNumberScheduled',
  'numberAvailable',
  'numberUnavailable',
] as const
type Numbers = Record<(typeof numbers)[number], number>

/** updateDaemonSetStatus */
export const countPods = ({ set, nodes, podsByNode, hash, wall, place }: StatusQuestion): Numbers => {
  const counts: Numbers = {
    currentNumberScheduled: 0,
    numberMisscheduled: 0,
    desiredNumberScheduled: 0,
    numberReady: 0,
    updatedNumberScheduled: 0,
    numberAvailable: 0,
    numberUnavailable: 0,
  }
  for (const node of nodes) {
    const pods = podsByNode.get(node.metadata.name ?? '') ?? []
    if (!place(node).run) {
      if (pods.length > 0) counts.numberMisscheduled += 1
      continue
    }
    counts.desiredNumberScheduled += 1
    const pod = [...pods].sort(byAge)[0]
    if (pod === undefined) continue
    counts.currentNumberScheduled += 1
    if (isPodReady(pod)) {
      counts.numberReady += 1
      if (isPodAvailable(pod, set.spec.minReadySeconds ?? 0, wall)) counts.numberAvailable += 1
    }
    if (isUpdated(set, pod, hash)) counts.updatedNumberScheduled += 1
  }
  counts.numberUnavailable = counts.desiredNumberScheduled - counts.numberAvailable
  return counts
}

/** storeDaemonSetStatus: undefined where nothing is to be written. */
export const decideStatus = (set: DaemonSet, counts: Numbers, observe: boolean): DaemonSetStatus | undefined => {
  const now = set.status as Partial<DaemonSetStatus> | undefined
  const { generation = 0 } = set.metadata
  const same = numbers.every((name) => (now?.[name] ?? 0) === counts[name])
  if (same && (now?.observedGeneration ?? 0) >= generation) return undefined
  const { updatedNumberScheduled, numberAvailable, numberUnavailable, ...always } = counts
  const { updatedNumberScheduled: _u, numberAvailable: _a, numberUnavailable: _n, ...kept } = now ?? {}
  return {
    ...kept,
    ...always,
    ...(updatedNumberScheduled === 0 ? {} : { updatedNumberScheduled }),
    ...(numberAvailable === 0 ? {} : { numberAvailable }),
    ...(numberUnavailable === 0 ? {} : { numberUnavailable }),
    ...(observe ? { observedGeneration: generation } : {}),
  }
}

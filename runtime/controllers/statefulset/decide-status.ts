import type { StatefulSet, StatefulSetStatus } from '../../../api/types/apps-v1.generated.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import type { Micros } from '../../kernel/micros.ts'
import { isPodAvailable, isPodReady } from '../../reconcile/pod-state.ts'
import { podRevision, replicasOf } from './identity.ts'

export interface Counts {
  readonly replicas: number
  readonly ready: number
  readonly available: number
  readonly current: number
  readonly updated: number
}

/** computeReplicaStatus: pods that are yet to be created have no phase and are not counted. */
export const countReplicas = (
  set: StatefulSet,
  pods: readonly Pod[],
  names: { readonly current: string; readonly update: string },
  wall: Micros,
): Counts => {
  const counts = { replicas: 0, ready: 0, available: 0, current: 0, updated: 0 }
  for (const pod of pods) {
    const { phase = '' } = pod.status ?? {}
    if (phase === '') continue
    counts.replicas += 1
    if (phase === 'Running' && isPodReady(pod)) {
      counts.ready += 1
      if (isPodAvailable(pod, set.spec.minReadySeconds ?? 0, wall)) counts.available += 1
    }
    if (pod.metadata.deletionTimestamp !== undefined) continue
    const revision = podRevision(pod)
    if (revision === names.current) counts.current += 1
    if (revision === names.update) counts.updated += 1
  }
  return counts
}

/** completeRollingUpdate, and the status as it is sent. */
export const decideStatus = (
  set: StatefulSet,
  counts: Counts,
  names: { readonly current: string; readonly update: string },
  collisionCount: number,
): StatefulSetStatus => {
  const wanted = replicasOf(set)
  const complete =
    set.spec.updateStrategy?.type === 'RollingUpdate' &&
    counts.updated === wanted &&
    counts.ready === wanted &&
    counts.replicas === wanted
  const current = complete ? counts.updated : counts.current
  return {
    ...(set.metadata.generation === undefined ? {} : { observedGeneration: set.metadata.generation }),
    replicas: counts.replicas,
    ...(counts.ready === 0 ? {} : { readyReplicas: counts.ready }),
    ...(current === 0 ? {} : { currentReplicas: current }),
    ...(counts.updated === 0 ? {} : { updatedReplicas: counts.updated }),
    currentRevision: complete ? names.update : names.current,
    updateRevision: names.update,
    collisionCount,
    availableReplicas: counts.available,
  }
}

/** inconsistentStatus */
export const statusChanged = (set: StatefulSet, next: StatefulSetStatus): boolean => {
  const now = set.status as StatefulSetStatus | undefined
  return (
    (next.observedGeneration ?? 0) > (now?.observedGeneration ?? 0) ||
    next.replicas !== (now?.replicas ?? 0) ||
    (next.currentReplicas ?? 0) !== (now?.currentReplicas ?? 0) ||
    (next.readyReplicas ?? 0) !== (now?.readyReplicas ?? 0) ||
    (next.updatedReplicas ?? 0) !== (now?.updatedReplicas ?? 0) ||
    (next.availableReplicas ?? 0) !== (now?.availableReplicas ?? 0) ||
    next.currentRevision !== now?.currentRevision ||
    next.updateRevision !== now?.updateRevision
  )
}

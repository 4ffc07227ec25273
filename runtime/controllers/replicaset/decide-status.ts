import type { ReplicaSet, ReplicaSetCondition, ReplicaSetStatus } from '../../../api/types/apps-v1.generated.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { Micros } from '../../kernel/micros.ts'
import { isPodAvailable, isPodReady } from '../../reconcile/pod-state.ts'

/** What a status tells of the pods. */
export interface PodCounts {
  readonly replicas: number
  readonly labeled: number
  readonly ready: number
  readonly available: number
}

export interface StatusInput {
  readonly set: ReplicaSet
  readonly counts: PodCounts
  /** undefined: the controller does not report terminating replicas (ReplicationController). */
  readonly terminating: number | undefined
  /** Why creating or deleting pods failed. */
  readonly error: string | undefined
  readonly timestamp: string
}

export const withLabels = (pod: Pod, labels: Readonly<Record<string, string>>): boolean => {
  for (const key of Object.keys(labels)) if (pod.metadata.labels?.[key] !== labels[key]) return false
  return true
}

const conditionsOf = ({ set, counts, error, timestamp }: StatusInput): readonly ReplicaSetCondition[] | undefined => {
  const conditions = set.status?.conditions
  const failure = conditions?.find((condition) => condition.type === 'ReplicaFailure')
  if (error !== undefined && failure === undefined) {
    const diff = counts.replicas - (set.spec?.replicas ?? 1)
    const condition: ReplicaSetCondition = {
      type: 'ReplicaFailure',
      status: 'True',
      lastTransitionTime: timestamp,
      reason: diff < 0 ? 'FailedCreate' : diff > 0 ? 'FailedDelete' : '',
      message: error,
    }
    return [...(conditions ?? []), condition]
  }
  if (error === undefined && failure !== undefined) {
    const rest = conditions!.filter((condition) => condition !== failure)
    return rest.length === 0 ? undefined : rest
  }
  return conditions
}

/** The active pods of a set, counted one by one. */
export const countPods = (set: ReplicaSet, active: readonly Pod[], wall: Micros): PodCounts => {
  const labels = set.spec?.template?.metadata?.labels ?? {}
  let labeled = 0
  let ready = 0
  let available = 0
  for (const pod of active) {
    if (withLabels(pod, labels)) labeled += 1
    if (!isPodReady(pod)) continue
    ready += 1
    if (isPodAvailable(pod, set.spec?.minReadySeconds ?? 0, wall)) available += 1
  }
  return { replicas: active.length, labeled, ready, available }
}

/** replica_set_utils.go calculateStatus, from the pods as they were before this reconcile's writes. */
export const decideStatus = (input: StatusInput): ReplicaSetStatus => {
  const { set, counts, terminating } = input
  const { replicas, labeled, ready, available } = counts
  const conditions = conditionsOf(input)
  return {
    replicas,
    ...(labeled === 0 ? {} : { fullyLabeledReplicas: labeled }),
    ...(ready === 0 ? {} : { readyReplicas: ready }),
    ...(available === 0 ? {} : { availableReplicas: available }),
    ...(terminating === undefined ? {} : { terminatingReplicas: terminating }),
    observedGeneration: set.metadata.generation ?? 0,
    ...(conditions === undefined ? {} : { conditions }),
  }
}

/** Whether updateReplicaSetStatus would write: any number, a condition, or the generation differs. */
export const statusChanged = (set: ReplicaSet, next: ReplicaSetStatus): boolean => {
  const now = set.status
  return !(
    (now?.replicas ?? 0) === next.replicas &&
    (now?.fullyLabeledReplicas ?? 0) === (next.fullyLabeledReplicas ?? 0) &&
    (now?.readyReplicas ?? 0) === (next.readyReplicas ?? 0) &&
    (now?.availableReplicas ?? 0) === (next.availableReplicas ?? 0) &&
    now?.terminatingReplicas === next.terminatingReplicas &&
    (set.metadata.generation ?? 0) === (now?.observedGeneration ?? 0) &&
    structuralEqual(now?.conditions ?? [], next.conditions ?? [])
  )
}

import type { Deployment, ReplicaSet } from '../../../api/types/apps-v1.generated.ts'
import { scaledOrZero } from '../../../api/int-or-string/int-or-string.ts'

export const replicasOf = (object: Deployment | ReplicaSet): number => object.spec?.replicas ?? 1
export const availableOf = (set: ReplicaSet): number => set.status?.availableReplicas ?? 0

export const isRollingUpdate = (deployment: Deployment): boolean => deployment.spec?.strategy?.type === 'RollingUpdate'

/** ResolveFenceposts: surge rounds up, unavailable down; never both zero. */
const fenceposts = (deployment: Deployment): { surge: number; unavailable: number } => {
  const { maxSurge: surgeText, maxUnavailable: unavailableText } = deployment.spec?.strategy?.rollingUpdate ?? {}
  const surge = scaledOrZero(surgeText, replicasOf(deployment), true)
  const unavailable = scaledOrZero(unavailableText, replicasOf(deployment), false)
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable }
}

export const maxSurge = (deployment: Deployment): number =>
  isRollingUpdate(deployment) ? fenceposts(deployment).surge : 0

export const maxUnavailable = (deployment: Deployment): number => {
  if (!isRollingUpdate(deployment) || replicasOf(deployment) === 0) return 0
  return Math.min(fenceposts(deployment).unavailable, replicasOf(deployment))
}

export const sum = (sets: readonly ReplicaSet[], of: (set: ReplicaSet) => number): number =>
  sets.reduce((total, set) => total + of(set), 0)

/** NewRSNewReplicas: how large the new ReplicaSet may be now; `others` are all the other ones. */
export const newReplicaSetSize = (deployment: Deployment, others: readonly ReplicaSet[], size: number): number => {
  if (!isRollingUpdate(deployment)) return replicasOf(deployment)
  const surge = scaledOrZero(deployment.spec?.strategy?.rollingUpdate?.maxSurge, replicasOf(deployment), true)
  const room = replicasOf(deployment) + surge - sum(others, replicasOf) - size
  if (room <= 0) return size
  return size + Math.min(room, replicasOf(deployment) - size)
}

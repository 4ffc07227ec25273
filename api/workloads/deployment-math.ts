import { scaledIntOrPercent, type IntOrString } from '../int-or-string/int-or-string.ts'
import type { Deployment, ReplicaSet } from '../types/apps-v1.generated.ts'

// pkg/controller/deployment/util

type Result<T> = T | { readonly error: string }

/** ResolveFenceposts: surge rounds up, unavailable down; both 0 would not move, so that one pod may be unavailable. */
export const resolveFenceposts = (
  maxSurge: IntOrString | undefined,
  maxUnavailable: IntOrString | undefined,
  desired: number,
): Result<{ readonly surge: number; readonly unavailable: number }> => {
  const surge = scaledIntOrPercent(maxSurge ?? 0, desired, true)
  if ('error' in surge) return surge
  const unavailable = scaledIntOrPercent(maxUnavailable ?? 0, desired, false)
  if ('error' in unavailable) return unavailable
  const stuck = surge.value === 0 && unavailable.value === 0
  return { surge: surge.value, unavailable: stuck ? 1 : unavailable.value }
}

const isRollingUpdate = (deployment: Deployment): boolean => deployment.spec?.strategy?.type === 'RollingUpdate'

const replicasOf = (object: Deployment | ReplicaSet): number => object.spec?.replicas ?? 0

const fenceposts = (deployment: Deployment): { readonly surge: number; readonly unavailable: number } => {
  const rolling = deployment.spec?.strategy?.rollingUpdate
  const result = resolveFenceposts(rolling?.maxSurge, rolling?.maxUnavailable, replicasOf(deployment))
  return 'error' in result ? { surge: 0, unavailable: 0 } : result
}

/** MaxSurge. */
export const maxSurge = (deployment: Deployment): number =>
  isRollingUpdate(deployment) ? fenceposts(deployment).surge : 0

/** MaxUnavailable: never more than the replicas. */
export const maxUnavailable = (deployment: Deployment): number => {
  const replicas = replicasOf(deployment)
  if (!isRollingUpdate(deployment) || replicas === 0) return 0
  return Math.min(fenceposts(deployment).unavailable, replicas)
}

/** GetReplicaCountForReplicaSets. */
export const totalReplicas = (replicaSets: readonly ReplicaSet[]): number =>
  replicaSets.reduce((sum, one) => sum + replicasOf(one), 0)

/** NewRSNewReplicas: to what size the new ReplicaSet may grow now. */
export const newReplicaSetReplicas = (
  deployment: Deployment,
  replicaSets: readonly ReplicaSet[],
  newReplicaSet: ReplicaSet,
): Result<{ readonly replicas: number }> => {
  const desired = replicasOf(deployment)
  const strategy = deployment.spec?.strategy
  if (strategy?.type === 'Recreate') return { replicas: desired }
  if (strategy?.type !== 'RollingUpdate') return { error: `deployment type ${strategy?.type ?? ''} isn't supported` }
  const surge = scaledIntOrPercent(strategy.rollingUpdate?.maxSurge ?? 0, desired, true)
  if ('error' in surge) return surge
  const current = replicasOf(newReplicaSet)
  const room = desired + surge.value - totalReplicas(replicaSets)
  return { replicas: room <= 0 ? current : current + Math.min(room, desired - current) }
}

const annotationNumber = (replicaSet: ReplicaSet, name: string): number | undefined => {
  const text = replicaSet.metadata.annotations?.[name]
  if (text === undefined || !/^[0-9]+$/.test(text)) return undefined
  const value = Number(text)
  return value <= 2147483647 ? value : undefined
}

export const desiredReplicasAnnotation = 'deployment.kubernetes.io/desired-replicas'
export const maxReplicasAnnotation = 'deployment.kubernetes.io/max-replicas'

/** GetDesiredReplicasAnnotation. */
export const desiredReplicasOf = (replicaSet: ReplicaSet): number | undefined =>
  annotationNumber(replicaSet, desiredReplicasAnnotation)

/** integer.RoundToInt32: half away from zero. */
const round = (value: number): number => (value < 0 ? Math.trunc(value - 0.5) : Math.trunc(value + 0.5))

const fractionOf = (replicaSet: ReplicaSet, deployment: Deployment): number => {
  const size = replicasOf(replicaSet)
  if (replicasOf(deployment) === 0) return -size
  const maxReplicas = replicasOf(deployment) + maxSurge(deployment)
  const annotated = annotationNumber(replicaSet, maxReplicasAnnotation)
  const before = annotated === undefined || annotated === 0 ? (deployment.status?.replicas ?? 0) : annotated
  if (before === 0) return 0
  return round((size * maxReplicas) / before) - size
}

/** GetReplicaSetProportion: a ReplicaSet's share when a deployment is scaled in the middle of a rollout. */
export const replicaSetProportion = (
  replicaSet: ReplicaSet,
  deployment: Deployment,
  toAdd: number,
  added: number,
): number => {
  if (replicasOf(replicaSet) === 0 || toAdd === 0 || toAdd === added) return 0
  const fraction = fractionOf(replicaSet, deployment)
  const allowed = toAdd - added
  return toAdd > 0 ? Math.min(fraction, allowed) : Math.max(fraction, allowed)
}

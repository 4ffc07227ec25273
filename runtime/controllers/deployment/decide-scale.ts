import type { Deployment, ReplicaSet } from '../../../api/types/apps-v1.generated.ts'
import { countAnnotation, desiredReplicasAnnotation, maxReplicasAnnotation } from './annotations.ts'
import { availableOf, isRollingUpdate, maxSurge, maxUnavailable, replicasOf, sum } from './replica-math.ts'
import { byCreation, bySizeNewer, bySizeOlder } from './replica-set-order.ts'

/** One ReplicaSet's next size. `force`: its annotations are brought up to date even if the size stays. */
export interface Resize {
  readonly set: ReplicaSet
  readonly size: number
  readonly force: boolean
}

export const isActive = (set: ReplicaSet): boolean => replicasOf(set) > 0

/** isScalingEvent: an active set whose annotation still has another number of replicas. */
export const isScalingEvent = (deployment: Deployment, sets: readonly ReplicaSet[]): boolean =>
  sets.some((set) => {
    const desired = isActive(set) ? countAnnotation(set, desiredReplicasAnnotation) : undefined
    return desired !== undefined && desired !== replicasOf(deployment)
  })

const activeOrLatest = (current: ReplicaSet | undefined, old: readonly ReplicaSet[]): ReplicaSet | undefined => {
  const all = current === undefined ? old : [...old, current]
  const active = all.filter(isActive)
  if (active.length === 1) return active[0]
  if (active.length > 1) return undefined
  return current ?? [...old].sort(byCreation).at(-1)
}

const isSaturated = (deployment: Deployment, set: ReplicaSet | undefined): boolean =>
  set !== undefined &&
  replicasOf(set) === replicasOf(deployment) &&
  countAnnotation(set, desiredReplicasAnnotation) === replicasOf(deployment) &&
  availableOf(set) === replicasOf(deployment)

/** integer.RoundToInt32: halves away from zero. */
const round = (value: number): number => Math.trunc(value < 0 ? value - 0.5 : value + 0.5)

/** getReplicaSetFraction: what a set would gain or lose in proportion. */
const fraction = (set: ReplicaSet, deployment: Deployment): number => {
  if (replicasOf(deployment) === 0) return -replicasOf(set)
  const before = countAnnotation(set, maxReplicasAnnotation) || (deployment.status?.replicas ?? 0)
  if (before === 0) return 0
  return round((replicasOf(set) * (replicasOf(deployment) + maxSurge(deployment))) / before) - replicasOf(set)
}

const proportionally = (deployment: Deployment, active: readonly ReplicaSet[]): readonly Resize[] => {
  const allowed = replicasOf(deployment) > 0 ? replicasOf(deployment) + maxSurge(deployment) : 0
  const toAdd = allowed - sum(active, replicasOf)
  const sorted = toAdd > 0 ? [...active].sort(bySizeNewer) : toAdd < 0 ? [...active].sort(bySizeOlder) : active
  let added = 0
  const sizes = sorted.map((set) => {
    if (toAdd === 0 || added === toAdd) return replicasOf(set)
    const share = fraction(set, deployment)
    const proportion = toAdd > 0 ? Math.min(share, toAdd - added) : Math.max(share, toAdd - added)
    added += proportion
    return replicasOf(set) + proportion
  })
  // What rounding leaves goes to the largest.
  if (toAdd !== 0 && sizes.length > 0) sizes[0] = Math.max(0, sizes[0]! + toAdd - added)
  return sorted.map((set, index) => ({ set, size: sizes[index]!, force: true }))
}

/** sync.go scale: after a change of replicas, or while paused. */
export const decideScale = (
  deployment: Deployment,
  current: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
): readonly Resize[] => {
  const only = activeOrLatest(current, old)
  if (only !== undefined) return [{ set: only, size: replicasOf(deployment), force: false }]
  if (isSaturated(deployment, current)) return old.filter(isActive).map((set) => ({ set, size: 0, force: false }))
  if (!isRollingUpdate(deployment)) return []
  const all = current === undefined ? old : [...old, current]
  return proportionally(deployment, all.filter(isActive))
}

/** rolling.go: how many pods of old sets may go at all (maxScaledDown). */
export const scaleDownBudget = (deployment: Deployment, all: readonly ReplicaSet[], current: ReplicaSet): number => {
  const minAvailable = replicasOf(deployment) - maxUnavailable(deployment)
  return sum(all, replicasOf) - minAvailable - (replicasOf(current) - availableOf(current))
}

/** cleanupUnhealthyReplicas: first those that are not available, oldest set first. `old` are the active ones. */
export const decideCleanup = (old: readonly ReplicaSet[], budget: number): readonly Resize[] => {
  const resizes: Resize[] = []
  let total = 0
  for (const set of [...old].sort(byCreation)) {
    if (total >= budget) break
    if (replicasOf(set) === 0 || replicasOf(set) === availableOf(set)) continue
    const count = Math.min(budget - total, replicasOf(set) - availableOf(set))
    resizes.push({ set, size: replicasOf(set) - count, force: false })
    total += count
  }
  return resizes
}

/** scaleDownOldReplicaSetsForRollingUpdate: then as many as may be unavailable, oldest set first. */
export const decideScaleDown = (
  deployment: Deployment,
  old: readonly ReplicaSet[],
  current: ReplicaSet,
): readonly Resize[] => {
  const minAvailable = replicasOf(deployment) - maxUnavailable(deployment)
  const allowed = sum([...old, current], availableOf) - minAvailable
  if (allowed <= 0) return []
  const resizes: Resize[] = []
  let total = 0
  for (const set of [...old].sort(byCreation)) {
    if (total >= allowed) break
    if (replicasOf(set) === 0) continue
    const count = Math.min(replicasOf(set), allowed - total)
    resizes.push({ set, size: replicasOf(set) - count, force: false })
    total += count
  }
  return resizes
}

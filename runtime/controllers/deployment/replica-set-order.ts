import type { ReplicaSet } from '../../../api/types/apps-v1.generated.ts'
import { replicasOf } from './replica-math.ts'
import { revisionOf } from './annotations.ts'

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** controller.ReplicaSetsByCreationTimestamp: oldest first, then by name. Timestamps as printed sort as text. */
export const byCreation = (a: ReplicaSet, b: ReplicaSet): number =>
  compareText(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') ||
  compareText(a.metadata.name ?? '', b.metadata.name ?? '')

/** controller.ReplicaSetsBySizeNewer, …BySizeOlder: largest first; equal ones newest or oldest first. */
export const bySizeNewer = (a: ReplicaSet, b: ReplicaSet): number => replicasOf(b) - replicasOf(a) || byCreation(b, a)
export const bySizeOlder = (a: ReplicaSet, b: ReplicaSet): number => replicasOf(b) - replicasOf(a) || byCreation(a, b)

/** deploymentutil.ReplicaSetsByRevision: lowest revision first. */
export const byRevision = (a: ReplicaSet, b: ReplicaSet): number => {
  const revisionA = revisionOf(a)
  const revisionB = revisionOf(b)
  if (revisionA === undefined || revisionB === undefined || revisionA === revisionB) return byCreation(a, b)
  return revisionA - revisionB
}

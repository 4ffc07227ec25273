import type { Deployment, ReplicaSet } from '../../../api/types/apps-v1.generated.ts'
import type { KubeObject } from '../../../api/object.ts'
import { maxSurge } from './replica-math.ts'

// pkg/controller/deployment/util/deployment_util.go
export const revisionAnnotation = 'deployment.kubernetes.io/revision'
export const revisionHistoryAnnotation = 'deployment.kubernetes.io/revision-history'
export const desiredReplicasAnnotation = 'deployment.kubernetes.io/desired-replicas'
export const maxReplicasAnnotation = 'deployment.kubernetes.io/max-replicas'
export const rollbackAnnotation = 'deprecated.deployment.rollback.to'

/** deployment_controller.go: maxRevHistoryLengthInChars. */
const maxRevisionHistoryLength = 2000

type Annotations = Readonly<Record<string, string>>

/** annotationsToSkip: what is not copied between a Deployment and its ReplicaSets. */
const skipped: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  revisionHistoryAnnotation,
  desiredReplicasAnnotation,
  maxReplicasAnnotation,
  rollbackAnnotation,
])

const parseRevision = (text: string | undefined): number | undefined =>
  text === undefined ? 0 : /^[+-]?[0-9]+$/.test(text) ? Number(text) : undefined

/** Revision of an object's annotation; 0 if it has none, undefined if it is not a number. */
export const revisionOf = (object: KubeObject): number | undefined =>
  parseRevision(object.metadata.annotations?.[revisionAnnotation])

export const maxRevision = (sets: readonly ReplicaSet[]): number =>
  sets.reduce((max, set) => Math.max(max, revisionOf(set) ?? 0), 0)

/** GetDesiredReplicasAnnotation, getMaxReplicasAnnotation: a non-negative int32, else undefined. */
export const countAnnotation = (set: ReplicaSet, name: string): number | undefined => {
  const text = set.metadata.annotations?.[name]
  if (text === undefined || !/^[0-9]+$/.test(text)) return undefined
  const count = Number(text)
  return count <= 2147483647 ? count : undefined
}

/** SetReplicasAnnotations, ReplicasAnnotationsNeedUpdate: the same object if both are right already. */
export const withReplicasAnnotations = (annotations: Annotations, deployment: Deployment): Annotations => {
  const replicas = deployment.spec?.replicas ?? 1
  const desired = String(replicas)
  const max = String(replicas + maxSurge(deployment))
  if (annotations[desiredReplicasAnnotation] === desired && annotations[maxReplicasAnnotation] === max)
    return annotations
  return { ...annotations, [desiredReplicasAnnotation]: desired, [maxReplicasAnnotation]: max }
}

/** The annotation of former revisions, with one more; the oldest go when it gets too long. */
const withHistory = (history: string | undefined, revision: string): string | undefined => {
  const revisions = (history ?? '').split(',')
  if (revisions[0] === '') return revision
  let length = (history ?? '').length + revision.length + 1
  let start = 0
  while (length > maxRevisionHistoryLength && start < revisions.length) {
    length -= revisions[start]!.length + 1
    start += 1
  }
  return length <= maxRevisionHistoryLength ? [...revisions.slice(start), revision].join(',') : undefined
}

/** SetNewReplicaSetAnnotations: the new ReplicaSet's annotations; the same object if nothing changes. */
export const newReplicaSetAnnotations = (
  deployment: Deployment,
  present: Annotations | undefined,
  revision: number,
  exists: boolean,
): Annotations => {
  const next: Record<string, string> = { ...present }
  let changed = false
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {})) {
    if (skipped.has(key) || next[key] === value) continue
    next[key] = value
    changed = true
  }
  const oldText = next[revisionAnnotation]
  const old = oldText === '' ? 0 : parseRevision(oldText)
  // Upstream gives up on a revision that is no number, and reports no change.
  if (old === undefined) return present ?? {}
  if (old < revision) {
    next[revisionAnnotation] = String(revision)
    changed = true
    if (oldText !== undefined) {
      const history = withHistory(next[revisionHistoryAnnotation], oldText)
      if (history !== undefined) next[revisionHistoryAnnotation] = history
    }
  }
  if (!exists) return withReplicasAnnotations(next, deployment)
  return changed ? next : (present ?? next)
}

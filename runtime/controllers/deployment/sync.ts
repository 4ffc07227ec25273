import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import type {
  Deployment,
  DeploymentCondition,
  DeploymentStatus,
  ReplicaSet,
} from '../../../api/types/apps-v1.generated.ts'
import { namespaceTerminates } from '../../client/call.ts'
import type { Io, Result } from '../../reconcile/controller.ts'
import { isControlledBy } from '../../reconcile/controller-reference.ts'
import { must } from '../../reconcile/refused.ts'
import { maxRevision, newReplicaSetAnnotations, revisionAnnotation, withReplicasAnnotations } from './annotations.ts'
import { conditionOf, newCondition, withCondition } from './conditions.ts'
import { draftReplicaSet, sameTemplate, sortSets, type SortedSets } from './decide-new-replica-set.ts'
import { decideScale, type Resize } from './decide-scale.ts'
import { decideStatus, hasProgressDeadline } from './decide-status.ts'
import { replicasOf } from './replica-math.ts'
import { byRevision } from './replica-set-order.ts'

type Steps<R> = Generator<ApiRequest, R, unknown>

/**
 * One reconcile's view. `deployment` is upstream's private copy: it takes the changes that the reconcile makes to it, but keeps the
 * resourceVersion it was read with, so that a second status write of one reconcile conflicts.
 */
export interface Work {
  readonly io: Io<Deployment>
  deployment: Deployment
  readonly sets: readonly ReplicaSet[]
}

export const createWork = (io: Io<Deployment>, deployment: Deployment, sets: readonly ReplicaSet[]): Work => ({
  io,
  deployment,
  sets,
})

export function* writeStatus(work: Work): Steps<void> {
  must(yield* work.io.write.updateStatus(work.deployment))
}

const setStatus = (work: Work, status: DeploymentStatus): void => {
  work.deployment = { ...work.deployment, status }
}

const setConditionOn = (work: Work, condition: DeploymentCondition): void =>
  setStatus(work, {
    ...work.deployment.status,
    conditions: withCondition(work.deployment.status?.conditions ?? [], condition),
  })

/** SetDeploymentRevision: whether it changed. */
const setRevision = (work: Work, revision: string): boolean => {
  const { metadata } = work.deployment
  if (metadata.annotations?.[revisionAnnotation] === revision) return false
  work.deployment = {
    ...work.deployment,
    metadata: { ...metadata, annotations: { ...metadata.annotations, [revisionAnnotation]: revision } },
  }
  return true
}

const progressing = (
  work: Work,
  status: 'True' | 'False' | 'Unknown',
  reason: string,
  message: string,
): DeploymentCondition => newCondition('Progressing', status, { reason, message }, work.io.timestamp())

/** checkPausedConditions. */
export function* syncPausedCondition(work: Work): Steps<void> {
  const { deployment } = work
  if (!hasProgressDeadline(deployment)) return
  const condition = conditionOf(deployment.status?.conditions, 'Progressing')
  if (condition?.reason === 'ProgressDeadlineExceeded') return
  const noted = condition?.reason === 'DeploymentPaused'
  const paused = deployment.spec?.paused === true
  if (paused === noted) return
  setConditionOn(
    work,
    paused
      ? progressing(work, 'Unknown', 'DeploymentPaused', 'Deployment is paused')
      : progressing(work, 'Unknown', 'DeploymentResumed', 'Deployment is resumed'),
  )
  yield* writeStatus(work)
}

/** The existing new ReplicaSet, brought up to date. */
function* adoptRevision(work: Work, set: ReplicaSet, revision: number): Steps<ReplicaSet> {
  const { deployment, io } = work
  const annotations = newReplicaSetAnnotations(deployment, set.metadata.annotations, revision, true)
  const minReadySeconds = deployment.spec?.minReadySeconds ?? 0
  const annotated = annotations !== (set.metadata.annotations ?? annotations)
  if (annotated || (set.spec?.minReadySeconds ?? 0) !== minReadySeconds) {
    const { minReadySeconds: _before, ...spec } = set.spec
    const next = {
      ...set,
      metadata: { ...set.metadata, annotations },
      spec: { ...spec, ...(minReadySeconds === 0 ? {} : { minReadySeconds }) },
    }
    return must(yield* io.write.update(next)) as ReplicaSet
  }
  let changed = setRevision(work, annotations[revisionAnnotation] ?? '')
  if (hasProgressDeadline(deployment) && conditionOf(deployment.status?.conditions, 'Progressing') === undefined) {
    const message = `Found new replica set "${set.metadata.name ?? ''}"`
    setConditionOn(work, progressing(work, 'True', 'FoundNewReplicaSet', message))
    changed = true
  }
  if (changed) yield* writeStatus(work)
  return set
}

/** The new ReplicaSet is created; a name that is taken by something else raises the collision count. */
function* createReplicaSet(work: Work, old: readonly ReplicaSet[], revision: number): Steps<ReplicaSet> {
  const { io } = work
  const draft = draftReplicaSet(work.deployment, old, revision)
  const answer = yield* io.write.create(draft)
  const name = draft.metadata.name ?? ''
  let created: ReplicaSet
  let existed = false
  if (answer.ok) created = answer.object as ReplicaSet
  else if (answer.reason === 'AlreadyExists') {
    existed = true
    const namespace = work.deployment.metadata.namespace ?? ''
    const taken = io.read.get('apps/v1/ReplicaSet', `${namespace}/${name}`) as ReplicaSet | undefined
    const ours =
      taken !== undefined &&
      isControlledBy(taken, work.deployment) &&
      sameTemplate(work.deployment.spec?.template, taken.spec?.template)
    if (!ours) {
      if (taken !== undefined) {
        const { status } = work.deployment
        setStatus(work, { ...status, collisionCount: (status?.collisionCount ?? 0) + 1 })
        yield* io.write.updateStatus(work.deployment)
      }
      return must<KubeObject>(answer) as ReplicaSet
    }
    created = taken
  } else {
    if (!namespaceTerminates(answer)) {
      const message = `Failed to create new replica set "${name}": ${answer.message}`
      if (hasProgressDeadline(work.deployment)) {
        setConditionOn(work, progressing(work, 'False', 'ReplicaSetCreateError', message))
        yield* io.write.updateStatus(work.deployment)
      }
      io.event(work.deployment, 'Warning', 'ReplicaSetCreateError', message)
    }
    return must<KubeObject>(answer) as ReplicaSet
  }
  const size = draft.spec?.replicas ?? 0
  if (!existed && size > 0) {
    io.event(work.deployment, 'Normal', 'ScalingReplicaSet', `Scaled up replica set ${name} from 0 to ${size}`)
  }
  let changed = setRevision(work, String(revision))
  if (!existed && hasProgressDeadline(work.deployment)) {
    setConditionOn(work, progressing(work, 'True', 'NewReplicaSetCreated', `Created new replica set "${name}"`))
    changed = true
  }
  if (changed) yield* writeStatus(work)
  return created
}

/** getAllReplicaSetsAndSyncRevision. */
export function* syncRevision(work: Work, create: boolean): Steps<SortedSets> {
  const { current, old } = sortSets(work.deployment, work.sets)
  const revision = maxRevision(old) + 1
  if (current !== undefined) return { current: yield* adoptRevision(work, current, revision), old }
  return { current: create ? yield* createReplicaSet(work, old, revision) : undefined, old }
}

/** scaleReplicaSet: whether its size changed, and the set as it is now. */
export function* resize(
  work: Work,
  { set, size, force }: Resize,
): Steps<{ readonly scaled: boolean; readonly set: ReplicaSet }> {
  const before = replicasOf(set)
  if (!force && before === size) return { scaled: false, set }
  const present = set.metadata.annotations ?? {}
  const annotations = withReplicasAnnotations(present, work.deployment)
  if (before === size && annotations === present) return { scaled: false, set }
  const next = { ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, replicas: size } }
  const updated = must(yield* work.io.write.update(next)) as ReplicaSet
  if (before === size) return { scaled: false, set: updated }
  const message = `Scaled ${before < size ? 'up' : 'down'} replica set ${set.metadata.name ?? ''} from ${before} to ${size}`
  work.io.event(work.deployment, 'Normal', 'ScalingReplicaSet', message)
  return { scaled: true, set: updated }
}

/** cleanupDeployment: old sets beyond the history limit that are empty and say so. */
export function* cleanUpHistory(work: Work, old: readonly ReplicaSet[]): Steps<void> {
  const limit = work.deployment.spec?.revisionHistoryLimit
  if (limit === undefined || limit === 2147483647) return
  const alive = old.filter((set) => set.metadata.deletionTimestamp === undefined)
  const surplus = alive.length - limit
  if (surplus <= 0) return
  for (const set of [...alive].sort(byRevision).slice(0, surplus)) {
    const empty = (set.status?.replicas ?? 0) === 0 && replicasOf(set) === 0
    if (!empty || (set.metadata.generation ?? 0) > (set.status?.observedGeneration ?? 0)) continue
    const answer = yield* work.io.write.delete(set)
    if (!answer.ok && answer.code !== 404) must(answer)
  }
}

/** syncDeploymentStatus. */
export function* syncStatus(work: Work, { current, old }: SortedSets): Steps<void> {
  const sets = current === undefined ? old : [...old, current]
  const status = decideStatus(work.deployment, sets, current, work.io.timestamp())
  if (structuralEqual(work.deployment.status ?? {}, status)) return
  setStatus(work, status)
  yield* writeStatus(work)
}

/** syncStatusOnly: a Deployment that is being deleted. */
export function* syncStatusOnly(work: Work): Steps<Result | void> {
  yield* syncStatus(work, yield* syncRevision(work, false))
}

/** sync: replicas have changed, or the Deployment is paused. */
export function* syncScale(work: Work): Steps<Result | void> {
  const sets = yield* syncRevision(work, false)
  for (const one of decideScale(work.deployment, sets.current, sets.old)) yield* resize(work, one)
  if (work.deployment.spec?.paused === true) yield* cleanUpHistory(work, sets.old)
  yield* syncStatus(work, sets)
}

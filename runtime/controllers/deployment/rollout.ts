import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { ReplicaSet } from '../../../api/types/apps-v1.generated.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import { second } from '../../kernel/micros.ts'
import { done, type Result } from '../../reconcile/controller.ts'
import { isPodTerminal } from '../../reconcile/pod-state.ts'
import { refusalOf } from '../../reconcile/refused.ts'
import { conditionOf } from './conditions.ts'
import type { SortedSets } from './decide-new-replica-set.ts'
import { decideCleanup, decideScaleDown, isActive, scaleDownBudget } from './decide-scale.ts'
import { deadlineOf, decideRolloutStatus, hasProgressDeadline, isComplete } from './decide-status.ts'
import { newReplicaSetSize, replicasOf } from './replica-math.ts'
import { cleanUpHistory, resize, syncRevision, writeStatus, type Work } from './sync.ts'

type Steps<R> = Generator<ApiRequest, R, unknown>

const allOf = ({ current, old }: SortedSets): readonly ReplicaSet[] => (current === undefined ? old : [...old, current])

/** requeueStuckDeployment: looks again when the progress deadline has passed. */
const stuckAgain = (work: Work): Result => {
  const { deployment, io } = work
  const condition = conditionOf(deployment.status?.conditions, 'Progressing')
  if (!hasProgressDeadline(deployment) || condition === undefined) return done
  if (isComplete(deployment, deployment.status) || condition.reason === 'ProgressDeadlineExceeded') return done
  const deadline = deadlineOf(deployment, condition)
  if (deadline === undefined) return done
  const after = deadline - io.wall()
  return after < second ? { retry: 'the progress deadline is near' } : { requeueAfter: after + second }
}

/** syncRolloutStatus. */
function* syncRolloutStatus(work: Work, sets: SortedSets): Steps<Result | void> {
  const { deployment, io } = work
  const status = decideRolloutStatus({
    deployment,
    sets: allOf(sets),
    current: sets.current,
    now: io.timestamp(),
    wall: io.wall(),
  })
  if (structuralEqual(deployment.status ?? {}, status)) return stuckAgain(work)
  work.deployment = { ...deployment, status }
  yield* writeStatus(work)
  return done
}

/** reconcileNewReplicaSet: whether it was scaled. */
function* scaleNew(work: Work, current: ReplicaSet, old: readonly ReplicaSet[]): Steps<boolean> {
  const wanted = replicasOf(work.deployment)
  if (replicasOf(current) === wanted) return false
  const size = replicasOf(current) > wanted ? wanted : newReplicaSetSize(work.deployment, old, replicasOf(current))
  return (yield* resize(work, { set: current, size, force: false })).scaled
}

/** reconcileOldReplicaSets: whether any was scaled down. A refused write ends it quietly, as upstream does. */
function* scaleDownOld(work: Work, current: ReplicaSet, old: readonly ReplicaSet[]): Steps<boolean> {
  const active = old.filter(isActive)
  if (active.length === 0) return false
  const budget = scaleDownBudget(work.deployment, [...old, current], current)
  if (budget <= 0) return false
  try {
    const cleaned = new Map<ReplicaSet, ReplicaSet>()
    for (const one of decideCleanup(active, budget)) cleaned.set(one.set, (yield* resize(work, one)).set)
    const left = active.map((set) => cleaned.get(set) ?? set)
    const down = decideScaleDown(work.deployment, left, current)
    for (const one of down) yield* resize(work, one)
    return cleaned.size + down.length > 0
  } catch (error) {
    if (refusalOf(error) === undefined) throw error
    return false
  }
}

/** rolling.go rolloutRolling. */
export function* rolloutRolling(work: Work): Steps<Result | void> {
  const sets = yield* syncRevision(work, true)
  const current = sets.current!
  if (yield* scaleNew(work, current, sets.old)) return yield* syncRolloutStatus(work, sets)
  if (yield* scaleDownOld(work, current, sets.old)) return yield* syncRolloutStatus(work, sets)
  if (isComplete(work.deployment, work.deployment.status)) yield* cleanUpHistory(work, sets.old)
  return yield* syncRolloutStatus(work, sets)
}

/** oldPodsRunning: pods of old sets that have not ended, terminating ones included. */
const oldPodsRun = (
  { current, old }: SortedSets,
  pods: readonly { readonly set: ReplicaSet; readonly pods: readonly Pod[] }[],
): boolean => {
  if (old.some((set) => (set.status?.replicas ?? 0) > 0)) return true
  return pods.some(
    (one) => one.set.metadata.uid !== current?.metadata.uid && one.pods.some((pod) => !isPodTerminal(pod)),
  )
}

/** recreate.go rolloutRecreate. */
export function* rolloutRecreate(
  work: Work,
  pods: readonly { readonly set: ReplicaSet; readonly pods: readonly Pod[] }[],
): Steps<Result | void> {
  let sets = yield* syncRevision(work, false)
  let scaled = false
  for (const set of sets.old.filter(isActive)) {
    if ((yield* resize(work, { set, size: 0, force: false })).scaled) scaled = true
  }
  if (scaled || oldPodsRun(sets, pods)) return yield* syncRolloutStatus(work, sets)
  if (sets.current === undefined) sets = yield* syncRevision(work, true)
  yield* resize(work, { set: sets.current!, size: replicasOf(work.deployment), force: false })
  if (isComplete(work.deployment, work.deployment.status)) yield* cleanUpHistory(work, sets.old)
  return yield* syncRolloutStatus(work, sets)
}

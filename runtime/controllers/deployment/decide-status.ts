import type {
  Deployment,
  DeploymentCondition,
  DeploymentStatus,
  ReplicaSet,
} from '../../../api/types/apps-v1.generated.ts'
import { parseTimestamp } from '../../client/timestamp.ts'
import { second, type Micros } from '../../kernel/micros.ts'
import { conditionOf, newCondition, withCondition, withoutCondition, type Conditions } from './conditions.ts'
import { availableOf, maxUnavailable, replicasOf, sum } from './replica-math.ts'

const maxInt32 = 2147483647

export const hasProgressDeadline = (deployment: Deployment): boolean => {
  const seconds = deployment.spec?.progressDeadlineSeconds
  return seconds !== undefined && seconds !== maxInt32
}

/** GetTerminatingReplicaCountForReplicaSets: undefined as soon as one set does not report it. */
const terminatingOf = (sets: readonly ReplicaSet[]): number | undefined => {
  let total = 0
  for (const { status } of sets) {
    if (status?.terminatingReplicas !== undefined) total += status.terminatingReplicas
    else if ((status?.observedGeneration ?? 0) !== 0) return undefined
  }
  return total
}

/** sync.go calculateStatus. Numbers that are zero are left out, as the API prints them. */
export const decideStatus = (
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  current: ReplicaSet | undefined,
  now: string,
): DeploymentStatus => {
  const actual = (set: ReplicaSet): number => set.status?.replicas ?? 0
  const available = sum(sets, availableOf)
  const unavailable = Math.max(0, sum(sets, replicasOf) - available)
  const terminating = terminatingOf(sets)
  const { collisionCount, conditions } = deployment.status ?? {}
  const enough = available >= replicasOf(deployment) - maxUnavailable(deployment)
  const availability = enough
    ? newCondition(
        'Available',
        'True',
        { reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' },
        now,
      )
    : newCondition(
        'Available',
        'False',
        { reason: 'MinimumReplicasUnavailable', message: 'Deployment does not have minimum availability.' },
        now,
      )
  // Field by field: of many spreads each would make a hidden class of its own, every time.
  const status: Record<string, unknown> = {}
  const count = (field: keyof DeploymentStatus, value: number): void => {
    if (value !== 0) status[field] = value
  }
  count('observedGeneration', deployment.metadata.generation ?? 0)
  count('replicas', sum(sets, actual))
  count('updatedReplicas', current === undefined ? 0 : actual(current))
  count(
    'readyReplicas',
    sum(sets, (set) => set.status?.readyReplicas ?? 0),
  )
  count('availableReplicas', available)
  count('unavailableReplicas', unavailable)
  if (terminating !== undefined) status['terminatingReplicas'] = terminating
  status['conditions'] = withCondition(conditions ?? [], availability)
  if (collisionCount !== undefined) status['collisionCount'] = collisionCount
  return status
}

/** DeploymentComplete. */
export const isComplete = (deployment: Deployment, status: DeploymentStatus | undefined): boolean => {
  const wanted = replicasOf(deployment)
  return (
    (status?.updatedReplicas ?? 0) === wanted &&
    (status?.replicas ?? 0) === wanted &&
    (status?.availableReplicas ?? 0) === wanted &&
    (status?.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  )
}

/** DeploymentProgressing: more updated, fewer old, more ready or more available than in the stored status. */
const isProgressing = (deployment: Deployment, status: DeploymentStatus): boolean => {
  const before = deployment.status ?? {}
  const old = (of: DeploymentStatus): number => (of.replicas ?? 0) - (of.updatedReplicas ?? 0)
  return (
    (status.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(status) < old(before) ||
    (status.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (status.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  )
}

/** When the progress deadline passes, on the wall clock; undefined if there is nothing to pass. */
export const deadlineOf = (deployment: Deployment, condition: DeploymentCondition | undefined): Micros | undefined => {
  const from = parseTimestamp(condition?.lastUpdateTime)
  const seconds = deployment.spec?.progressDeadlineSeconds
  return from === undefined || seconds === undefined ? undefined : from + seconds * second
}

/** DeploymentTimedOut. */
const isTimedOut = (deployment: Deployment, conditions: Conditions, wall: Micros): boolean => {
  const condition = conditionOf(conditions, 'Progressing')
  if (condition === undefined || condition.reason === 'NewReplicaSetAvailable') return false
  if (condition.reason === 'ProgressDeadlineExceeded') return true
  const deadline = deadlineOf(deployment, condition)
  return deadline !== undefined && deadline < wall
}

export interface RolloutStatusInput {
  readonly deployment: Deployment
  readonly sets: readonly ReplicaSet[]
  readonly current: ReplicaSet | undefined
  readonly now: string
  readonly wall: Micros
}

const progressCondition = (input: RolloutStatusInput, status: DeploymentStatus): Conditions => {
  const { deployment, current, now, wall } = input
  const conditions = status.conditions ?? []
  const before = conditionOf(deployment.status?.conditions, 'Progressing')
  const settled =
    (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && before?.reason === 'NewReplicaSetAvailable'
  if (settled) return conditions
  const subject =
    current === undefined
      ? `Deployment "${deployment.metadata.name ?? ''}"`
      : `ReplicaSet "${current.metadata.name ?? ''}"`
  if (isComplete(deployment, status)) {
    const said = { reason: 'NewReplicaSetAvailable', message: `${subject} has successfully progressed.` }
    return withCondition(conditions, newCondition('Progressing', 'True', said, now))
  }
  if (isProgressing(deployment, status)) {
    const said = { reason: 'ReplicaSetUpdated', message: `${subject} is progressing.` }
    const condition = newCondition('Progressing', 'True', said, now)
    if (before === undefined) return withCondition(conditions, condition)
    const since = before.status === 'True' ? before.lastTransitionTime : undefined
    return [
      ...withoutCondition(conditions, 'Progressing'),
      since === undefined ? condition : { ...condition, lastTransitionTime: since },
    ]
  }
  if (isTimedOut(deployment, conditions, wall)) {
    const said = { reason: 'ProgressDeadlineExceeded', message: `${subject} has timed out progressing.` }
    return withCondition(conditions, newCondition('Progressing', 'False', said, now))
  }
  return conditions
}

/** getReplicaFailures: the new set's, else the first of any. */
const replicaFailure = ({ sets, current }: RolloutStatusInput): DeploymentCondition | undefined => {
  const of = (set: ReplicaSet | undefined): DeploymentCondition | undefined => {
    const found = set?.status?.conditions?.find((condition) => condition.type === 'ReplicaFailure')
    if (found === undefined) return undefined
    const { lastTransitionTime: at } = found
    return { ...found, ...(at === undefined ? {} : { lastUpdateTime: at }) }
  }
  return of(current) ?? sets.map(of).find((condition) => condition !== undefined)
}

/** progress.go syncRolloutStatus: the status with its Progressing and ReplicaFailure conditions. */
export const decideRolloutStatus = (input: RolloutStatusInput): DeploymentStatus => {
  const { deployment, sets, current, now } = input
  const status = decideStatus(deployment, sets, current, now)
  let conditions = status.conditions ?? []
  if (hasProgressDeadline(deployment)) conditions = progressCondition(input, status)
  else conditions = withoutCondition(conditions, 'Progressing')
  const failure = replicaFailure(input)
  conditions =
    failure === undefined ? withoutCondition(conditions, 'ReplicaFailure') : withCondition(conditions, failure)
  return { ...status, conditions }
}

import type { Pod } from '../../../api/types/core-v1.generated.ts'
import { parseTimestamp } from '../../client/timestamp.ts'
import { minute, second, type Micros } from '../../kernel/micros.ts'
import { podCondition } from '../../reconcile/pod-state.ts'
import { absoluteFailureCount } from './job-facts.ts'

// pkg/controller/job/backoff_utils.go

const defaultBackoff: Micros = 10 * second
const maxBackoff: Micros = 10 * minute

export interface BackoffRecord {
  readonly failures: number
  readonly lastFailure?: Micros
}

/** getFinishTimeFromContainers: the last end, if all of them have ended. */
const containersFinished = (pod: Pod): Micros | undefined => {
  const sidecars = (pod.spec?.initContainers ?? []).filter((one) => one.restartPolicy === 'Always')
  const statuses = [
    ...(pod.status?.containerStatuses ?? []),
    ...(pod.status?.initContainerStatuses ?? []).filter(({ name }) => sidecars.some((one) => one.name === name)),
  ]
  let latest: Micros | undefined
  for (const { state } of statuses) {
    const at = parseTimestamp(state?.terminated?.finishedAt)
    if (at === undefined) return undefined
    if (latest === undefined || latest < at) latest = at
  }
  return latest
}

/** getFinishedTime */
export const finishedAt = (pod: Pod): Micros => {
  const containers = containersFinished(pod)
  if (containers !== undefined) return containers
  const ready = podCondition(pod, 'Ready')
  const unready = ready?.status === 'False' ? parseTimestamp(ready.lastTransitionTime) : undefined
  if (unready !== undefined) return unready
  const deleted = parseTimestamp(pod.metadata.deletionTimestamp)
  if (deleted !== undefined) return deleted - (pod.metadata.deletionGracePeriodSeconds ?? 0) * second
  return parseTimestamp(pod.metadata.creationTimestamp) ?? 0
}

/** newBackoffRecord: failures in a row since the last success. */
export const nextBackoff = (
  known: BackoffRecord | undefined,
  succeeded: readonly Pod[],
  failed: readonly Pod[],
): BackoffRecord => {
  const before = known ?? { failures: 0 }
  const failures = failed.map(finishedAt)
  if (succeeded.length === 0) {
    if (failures.length === 0) return before
    return { failures: before.failures + failures.length, lastFailure: Math.max(...failures) }
  }
  const lastSuccess = Math.max(...succeeded.map(finishedAt))
  const since = failures.filter((at) => at > lastSuccess)
  return since.length === 0 ? { failures: 0 } : { failures: since.length, lastFailure: Math.max(...since) }
}

/** getRemainingTimeForFailuresCount */
const remaining = (failures: number, lastFailure: Micros, wall: Micros): Micros => {
  if (failures === 0) return 0
  let wait = defaultBackoff
  for (let step = 1; step < failures && wait < maxBackoff; step += 1) wait = Math.min(2 * wait, maxBackoff)
  return Math.max(0, wait - (wall - lastFailure))
}

export const remainingBackoff = (record: BackoffRecord, wall: Micros): Micros =>
  remaining(record.failures, record.lastFailure ?? 0, wall)

/** getRemainingTimePerIndex */
export const remainingForIndex = (lastFailed: Pod | undefined, wall: Micros): Micros =>
  lastFailed === undefined ? 0 : remaining(absoluteFailureCount(lastFailed) + 1, finishedAt(lastFailed), wall)

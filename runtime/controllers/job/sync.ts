import type { ApiRequest } from '../../../api/protocol/request.ts'
import { validSelector } from '../../../api/selectors/label-selector-from-object.ts'
import type { Job, JobCondition } from '../../../api/types/batch-v1.generated.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import { countIndexes } from '../../../api/workloads/job-indexes.ts'
import { parseTimestamp } from '../../client/timestamp.ts'
import { second, type Micros } from '../../kernel/micros.ts'
import { claimObjects } from '../../reconcile/claim.ts'
import type { Io } from '../../reconcile/controller.ts'
import { controllerOf } from '../../reconcile/controller-reference.ts'
import { isPodActive, isPodReady, isPodTerminating } from '../../reconcile/pod-state.ts'
import { fail } from '../../reconcile/refused.ts'
import { nextBackoff } from './decide-backoff.ts'
import { delayedPods, failedIndexes, succeededIndexes } from './decide-indexes.ts'
import { decidePodFailure } from './decide-pod-failure.ts'
import { decideSuccess } from './decide-success.ts'
import {
  conditionOf,
  hasLimitPerIndex,
  isIndexed,
  isPodFailed,
  isSuspended,
  isTracked,
  trackingFinalizer,
} from './job-facts.ts'
import { ensureCondition, newCondition, stateOf } from './job-state.ts'
import { deleteActive, manageJob } from './manage.ts'
import { trackStatus } from './track.ts'
import { validPods, type JobMemory, type JobWork } from './work.ts'

type Step<R = void> = Generator<ApiRequest, R, unknown>

/** getPodsForJob; what was adopted just now has its finalizer, though the cache does not show it yet. */
function* podsOf(io: Io, job: Job): Step<readonly Pod[]> {
  const selector = validSelector(job.spec.selector)
  const orphans = io.read.indexed('v1/Pod', 'controller', `orphans/${job.metadata.namespace ?? ''}`) as readonly Pod[]
  const { claimed, error } = yield* claimObjects(io, {
    owner: job,
    candidates: [...(io.read.owned('v1/Pod', job) as readonly Pod[]), ...orphans],
    matches: (pod) => selector.matches(pod.metadata.labels),
    finalizers: [trackingFinalizer],
  })
  if (error !== undefined) fail(error)
  return claimed.map((pod) => {
    if (controllerOf(pod) !== undefined || isTracked(pod)) return pod
    return {
      ...pod,
      metadata: { ...pod.metadata, finalizers: [...(pod.metadata.finalizers ?? []), trackingFinalizer] },
    }
  })
}

const restartsOf = (pod: Pod): number =>
  [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].reduce(
    (sum, one) => sum + one.restartCount,
    0,
  )

/** pastBackoffLimitOnFailure */
const restartsExceed = (job: Job, pods: readonly Pod[]): boolean => {
  if (job.spec.template.spec?.restartPolicy !== 'OnFailure') return false
  const limit = job.spec.backoffLimit ?? 6
  const restarts = pods
    .filter((pod) => pod.status?.phase === 'Running' || pod.status?.phase === 'Pending')
    .reduce((sum, pod) => sum + restartsOf(pod), 0)
  return limit === 0 ? restarts > 0 : restarts >= limit
}

/** How long until the Job's deadline; undefined for none. */
const untilDeadline = (work: JobWork, wall: Micros): Micros | undefined => {
  const { activeDeadlineSeconds } = work.job.spec
  const start = parseTimestamp(work.state.startTime)
  if (activeDeadlineSeconds === undefined || start === undefined || isSuspended(work.job)) return undefined
  return start + activeDeadlineSeconds * second - wall
}

/** Whether and why the Job is over, as the interim condition that says so. */
const decideFinished = (work: JobWork): JobCondition | undefined => {
  const { io, job, pods, state, key } = work
  const met = conditionOf(state.conditions, 'SuccessCriteriaMet')
  if (met?.status === 'True') return met
  const condition = (type: string, reason: string, message: string): JobCondition =>
    newCondition(type, 'True', { reason, message }, io.timestamp())
  const target = conditionOf(state.conditions, 'FailureTarget')
  if (target?.status === 'True') return condition('Failed', target.reason ?? '', target.message ?? '')
  for (const pod of pods) {
    const { failJob } = isPodFailed(job, pod) ? decidePodFailure(job, pod) : {}
    if (failJob !== undefined) return condition('FailureTarget', 'PodFailurePolicy', failJob)
  }
  if (work.failed > (job.spec.backoffLimit ?? 6) || restartsExceed(job, pods))
    return condition('FailureTarget', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit')
  const left = untilDeadline(work, io.wall())
  if (left === undefined) return undefined
  if (left <= 0) return condition('FailureTarget', 'DeadlineExceeded', 'Job was active longer than specified deadline')
  io.requeue(key, left)
  return undefined
}

const decideIndexed = (work: JobWork): JobCondition | undefined => {
  const { io, job, pods, finished } = work
  const failure = (reason: string, message: string): JobCondition =>
    newCondition('FailureTarget', 'True', { reason, message }, io.timestamp())
  const { before, now } = succeededIndexes(job, pods)
  work.previousIndexes = before
  work.succeededIndexes = now
  work.succeeded = countIndexes(now)
  let verdict = finished
  if (hasLimitPerIndex(job)) {
    work.failedIndexes = failedIndexes(job, pods)
    const failed = countIndexes(work.failedIndexes)
    const { maxFailedIndexes, completions = 0 } = job.spec
    if (maxFailedIndexes !== undefined && failed > maxFailedIndexes)
      verdict ??= failure('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes')
    else if (failed > 0 && failed + work.succeeded >= completions)
      verdict ??= failure('FailedIndexes', 'Job has failed indexes')
    work.delayed = delayedPods(work)
  }
  const message = verdict === undefined ? decideSuccess(job, now) : undefined
  if (message === undefined) return verdict
  return newCondition('SuccessCriteriaMet', 'True', { reason: 'SuccessPolicy', message }, io.timestamp())
}

/** Enters JobSuspended or JobResumed; whether it was new. */
const noteSuspension = (work: JobWork): boolean => {
  const { io, job, state } = work
  const suspended = isSuspended(job)
  const why = suspended
    ? { reason: 'JobSuspended', message: 'Job suspended' }
    : { reason: 'JobResumed', message: 'Job resumed' }
  const wanted = newCondition('Suspended', suspended ? 'True' : 'False', why, io.timestamp())
  const next = ensureCondition(state.conditions, wanted)
  if (next === state.conditions) return false
  state.conditions = next
  io.event(job, 'Normal', suspended ? 'Suspended' : 'Resumed', why.message)
  state.startTime = suspended ? undefined : io.timestamp()
  return true
}

/** syncJob */
export function* syncJob(io: Io, key: string, job: Job): Step {
  const memory = io.memory as JobMemory
  const satisfied = io.expect.satisfied(key)
  const pods = yield* podsOf(io, job)
  const activePods = pods.filter(isPodActive)
  const state = stateOf(job)
  const base = { job, pods, expectedFreed: new Set(memory.freed.get(key)) }
  const newSucceeded = validPods(base, state.uncountedSucceeded).filter((pod) => pod.status?.phase === 'Succeeded')
  const newFailed = validPods(base, state.uncountedFailed).filter((pod) => isPodFailed(job, pod))
  const counted = newFailed.filter((pod) => decidePodFailure(job, pod).counts)
  const work: JobWork = {
    ...base,
    io,
    key,
    memory,
    activePods,
    state,
    backoff: nextBackoff(memory.backoff.get(key), newSucceeded, newFailed),
    ready: activePods.filter(isPodReady).length,
    terminating: pods.filter(isPodTerminating).length,
    succeeded: state.succeeded + newSucceeded.length + state.uncountedSucceeded.length,
    failed: state.failed + counted.length + state.uncountedFailed.length,
    previousIndexes: [],
    succeededIndexes: [],
    failedIndexes: undefined,
    delayed: new Map(),
    finished: undefined,
  }
  if (state.startTime === undefined && !isSuspended(job)) state.startTime = io.timestamp()
  work.finished = decideFinished(work)
  if (isIndexed(job)) work.finished = decideIndexed(work)

  let active = activePods.length
  let error: string | undefined
  let suspensionChanged = false
  if (work.finished !== undefined) {
    const deleted = yield* deleteActive(work)
    if (deleted.gone !== active || !satisfied) work.finished = undefined
    active -= deleted.gone
    work.terminating += deleted.gone
    work.ready -= deleted.ready
    error = deleted.error
  } else {
    const manages = satisfied && job.metadata.deletionTimestamp === undefined
    if (manages) {
      const managed = yield* manageJob(work)
      active = managed.active
      error = managed.error
    }
    const { completions } = job.spec
    const complete = active === 0 && (completions === undefined ? work.succeeded > 0 : work.succeeded >= completions)
    if (complete) {
      const why = { reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' }
      work.finished = newCondition('SuccessCriteriaMet', 'True', why, io.timestamp())
    } else if (manages) suspensionChanged = noteSuspension(work)
  }
  const changed =
    suspensionChanged || active !== state.active || work.ready !== state.ready || work.terminating !== state.terminating
  state.active = active
  state.ready = work.ready
  state.terminating = work.terminating
  yield* trackStatus(work, changed)
  if (error !== undefined) fail(error)
}

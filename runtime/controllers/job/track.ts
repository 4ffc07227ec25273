import type { KubeObject } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { Job } from '../../../api/types/batch-v1.generated.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import { countIndexes, hasIndex, indexesText, withIndexes } from '../../../api/workloads/job-indexes.ts'
import type { Call } from '../../reconcile/controller.ts'
import { fail, must } from '../../reconcile/refused.ts'
import { decidePodFailure } from './decide-pod-failure.ts'
import { conditionOf, hasLimitPerIndex, indexOf, isIndexed, isPodFailed, isTracked } from './job-facts.ts'
import { countFreed, ensureCondition, newCondition, stateOf, statusOf, type JobState } from './job-state.ts'
import { releasePod } from './manage.ts'
import { uidOf, type JobWork } from './work.ts'

// pkg/controller/job/job_controller.go: trackJobStatusAndRemoveFinalizers. A finished pod is first listed as uncounted, then its
// finalizer is taken off, then it is counted: no crash in between counts it twice or never.

type Step<R> = Generator<ApiRequest, R, unknown>

/** MaxUncountedPods */
const maxUncounted = 500

function* writeStatus({ io }: JobWork, job: Job, state: JobState): Step<Job> {
  return must(yield* io.write.updateStatus({ ...job, status: statusOf(state) } as KubeObject)) as unknown as Job
}

/** canRemoveFinalizer */
const mayRelease = (work: JobWork, pod: Pod, failed: boolean): boolean => {
  const { job, finished, delayed } = work
  if (job.metadata.deletionTimestamp !== undefined || finished !== undefined || pod.status?.phase === 'Succeeded')
    return true
  if (!failed) return false
  return !hasLimitPerIndex(job) || delayed.get(indexOf(pod)) !== pod
}

/** removeTrackingFinalizerFromPods: which of them lost it, and the first error. */
function* release(work: JobWork, pods: readonly Pod[]): Step<{ freed: readonly Pod[]; error: string | undefined }> {
  const { io, key, memory } = work
  const expected = memory.freed.get(key) ?? new Set<string>()
  memory.freed.set(key, expected)
  for (const pod of pods) expected.add(uidOf(pod))
  function* one(pod: Pod): Call<KubeObject> {
    return yield* releasePod(io, pod)
  }
  const answers = yield* io.together(pods.map(one))
  const freed: Pod[] = []
  let error: string | undefined
  answers.forEach((answer, at) => {
    const pod = pods[at]!
    if (!answer.ok) expected.delete(uidOf(pod))
    if (answer.ok || answer.code === 404) freed.push(pod)
    else error ??= answer.message
  })
  return { freed, error }
}

/** Lists newly finished pods as uncounted; which may go, whether anything changed, and whether there were too many. */
const listFinished = (work: JobWork): { readonly pods: readonly Pod[]; changed: boolean; readonly full: boolean } => {
  const { job, state, finished } = work
  const indexed = isIndexed(job)
  const pods: Pod[] = []
  const fresh: number[] = []
  const before = new Set(state.uncountedFailed)
  const beforeSucceeded = new Set(state.uncountedSucceeded)
  let changed = false
  let full = false
  const ordered = indexed ? [...work.pods].sort((a, b) => indexOf(a) - indexOf(b)) : work.pods
  for (const pod of ordered) {
    const uid = uidOf(pod)
    if (!isTracked(pod) || work.expectedFreed.has(uid)) continue
    const failed = isPodFailed(job, pod)
    if (!mayRelease(work, pod, failed)) continue
    pods.push(pod)
    const index = indexOf(pod)
    const within = index >= 0 && index < (job.spec.completions ?? 0)
    if (pod.status?.phase === 'Succeeded' && !before.has(uid)) {
      if (indexed) {
        if (within && !hasIndex(work.previousIndexes, index)) {
          fresh.push(index)
          changed = true
        }
      } else if (!beforeSucceeded.has(uid)) {
        state.uncountedSucceeded = [...state.uncountedSucceeded, uid]
        changed = true
      }
    } else if (failed || (finished !== undefined && finished.type !== 'SuccessCriteriaMet')) {
      if (!before.has(uid) && (!indexed || within) && decidePodFailure(job, pod).counts) {
        state.uncountedFailed = [...state.uncountedFailed, uid]
        changed = true
      }
    }
    if (fresh.length + state.uncountedSucceeded.length + state.uncountedFailed.length >= maxUncounted) {
      full = true
      break
    }
  }
  if (indexed) {
    work.succeededIndexes = withIndexes(work.succeededIndexes, [...new Set(fresh)])
    const text = indexesText(work.succeededIndexes)
    const failedText = work.failedIndexes === undefined ? undefined : indexesText(work.failedIndexes)
    if (text !== state.completedIndexes || failedText !== state.failedIndexes) changed = true
    state.succeeded = countIndexes(work.succeededIndexes)
    state.completedIndexes = text
    state.failedIndexes = failedText
  }
  return { pods, changed, full }
}

/** Enters the interim condition; the final one follows once nothing is uncounted or terminating. */
const enterInterim = (work: JobWork): boolean => {
  const { state, finished, io } = work
  if (finished === undefined) return false
  const why = { reason: finished.reason ?? '', message: finished.message ?? '' }
  if (finished.type === 'FailureTarget') {
    state.conditions = [...state.conditions, finished]
    work.finished = newCondition('Failed', 'True', why, io.timestamp())
    return true
  }
  if (finished.type !== 'SuccessCriteriaMet') return false
  const known = conditionOf(state.conditions, finished.type)?.status === 'True'
  if (!known) state.conditions = [...state.conditions, finished]
  work.finished = newCondition('Complete', 'True', why, io.timestamp())
  return !known
}

/** enactJobFinished */
const enact = (work: JobWork, state: JobState): boolean => {
  const { finished, terminating } = work
  if (finished === undefined || terminating > 0) return false
  if (state.uncountedSucceeded.length + state.uncountedFailed.length > 0) return false
  state.conditions = ensureCondition(state.conditions, finished)
  if (finished.type === 'Complete') state.completionTime = finished.lastTransitionTime
  return true
}

/** recordJobFinished */
const tellFinished = ({ io, finished }: JobWork, job: Job, state: JobState): void => {
  if (finished?.type === 'Complete') {
    if (job.spec.completions !== undefined && state.succeeded > job.spec.completions) {
      const message = 'Too many succeeded pods running after completion count reached'
      io.event(job, 'Warning', 'TooManySucceededPods', message)
    }
    io.event(job, 'Normal', 'Completed', 'Job completed')
  } else if (finished !== undefined) io.event(job, 'Warning', finished.reason ?? '', finished.message ?? '')
}

export function* trackStatus(work: JobWork, needsStatusUpdate: boolean): Step<void> {
  const { memory, key, expectedFreed } = work
  const tracked = new Set(work.pods.filter((pod) => isTracked(pod) && !expectedFreed.has(uidOf(pod))).map(uidOf))
  let { state, job } = work
  let flush = countFreed(state, tracked) || needsStatusUpdate
  const listed = listFinished(work)
  flush = listed.changed || flush
  flush = enterInterim(work) || flush
  if (flush) {
    job = yield* writeStatus(work, job, state)
    state = stateOf(job)
    memory.backoff.set(key, work.backoff)
    flush = false
  }
  if (listed.pods.length > 0) {
    const { freed, error } = yield* release(work, listed.pods)
    for (const pod of freed) tracked.delete(uidOf(pod))
    if (error !== undefined) {
      if (countFreed(state, tracked)) yield* writeStatus(work, job, state)
      fail(error)
    }
  }
  flush = countFreed(state, tracked) || flush
  const finished = !listed.full && enact(work, state)
  if (!flush && !finished) return
  job = yield* writeStatus(work, job, state)
  if (!finished) return
  tellFinished(work, job, state)
  memory.finished.add(job.metadata.uid ?? '')
}

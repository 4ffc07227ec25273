import type { Job } from '../../../api/types/batch-v1.generated.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import {
  hasIndex,
  mergeIndexes,
  parseIndexes,
  withIndexes,
  type IndexIntervals,
} from '../../../api/workloads/job-indexes.ts'
import { isPodTerminating } from '../../reconcile/pod-state.ts'
import { finishedAt } from './decide-backoff.ts'
import { decidePodFailure } from './decide-pod-failure.ts'
import {
  absoluteFailureCount,
  failureCount,
  indexOf,
  isPodFailed,
  isTracked,
  waitsForTerminating,
} from './job-facts.ts'
import { validPods, type JobWork } from './work.ts'

// pkg/controller/job/indexed_job_utils.go

const sorted = (pods: readonly Pod[]): readonly number[] =>
  [...new Set(pods.map(indexOf))].filter((index) => index >= 0).sort((a, b) => a - b)

const within = (job: Job, pod: Pod): boolean => indexOf(pod) >= 0 && indexOf(pod) < (job.spec.completions ?? 0)

/** calculateSucceededIndexes */
export const succeededIndexes = (
  job: Job,
  pods: readonly Pod[],
): { readonly before: IndexIntervals; readonly now: IndexIntervals } => {
  const before = parseIndexes(job.status?.completedIndexes ?? '', job.spec.completions ?? 0)
  const fresh = pods.filter((pod) => pod.status?.phase === 'Succeeded' && within(job, pod) && isTracked(pod))
  return { before, now: withIndexes(before, sorted(fresh)) }
}

/** isIndexFailed */
const failsIndex = (job: Job, pod: Pod): boolean => {
  if (!isPodFailed(job, pod)) return false
  const { counts, action } = decidePodFailure(job, pod)
  if (action === 'FailIndex') return true
  return counts && failureCount(pod) >= (job.spec.backoffLimitPerIndex ?? 0)
}

/** calculateFailedIndexes */
export const failedIndexes = (job: Job, pods: readonly Pod[]): IndexIntervals => {
  const before = parseIndexes(job.status?.failedIndexes ?? '', job.spec.completions ?? 0)
  const fresh = pods.filter((pod) => within(job, pod) && isTracked(pod) && failsIndex(job, pod))
  return withIndexes(before, sorted(fresh))
}

/** getPodsWithDelayedDeletionPerIndex: the last failed pod of each index that waits for its next try. */
export const delayedPods = (work: JobWork): ReadonlyMap<number, Pod> => {
  const active = new Set(work.activePods.map(indexOf))
  const delayed = new Map<number, Pod>()
  for (const pod of validPods(work, [])) {
    const index = indexOf(pod)
    if (!isPodFailed(work.job, pod) || active.has(index)) continue
    if (hasIndex(work.succeededIndexes, index) || hasIndex(work.failedIndexes ?? [], index)) continue
    const last = delayed.get(index)
    const later =
      last === undefined ||
      (absoluteFailureCount(last) <= absoluteFailureCount(pod) && finishedAt(pod) >= finishedAt(last))
    if (later) delayed.set(index, pod)
  }
  return delayed
}

/** firstPendingIndexes */
export const pendingIndexes = (work: JobWork, count: number): readonly number[] => {
  const completions = work.job.spec.completions ?? 0
  let taken = withIndexes(work.succeededIndexes, sorted(work.activePods))
  if (waitsForTerminating(work.job)) taken = withIndexes(taken, sorted(work.pods.filter(isPodTerminating)))
  if (work.failedIndexes !== undefined) taken = mergeIndexes(taken, work.failedIndexes)
  const pending: number[] = []
  let candidate = 0
  for (const { first, last } of [...taken, { first: completions, last: completions }]) {
    for (; candidate < Math.min(first, completions) && pending.length < count; candidate += 1) pending.push(candidate)
    candidate = Math.max(candidate, last + 1)
  }
  return pending
}

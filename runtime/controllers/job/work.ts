import type { Job, JobCondition } from '../../../api/types/batch-v1.generated.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import type { IndexIntervals } from '../../../api/workloads/job-indexes.ts'
import type { Io } from '../../reconcile/controller.ts'
import type { BackoffRecord } from './decide-backoff.ts'
import { indexOf, isIndexed, isTracked } from './job-facts.ts'
import type { JobState } from './job-state.ts'

/** What the controller remembers between reconciles. */
export interface JobMemory {
  /** Uids of pods whose finalizer was taken off and not yet seen gone: finalizerExpectations. */
  readonly freed: Map<string, Set<string>>
  readonly backoff: Map<string, BackoffRecord>
  /** Uids of Jobs that were finished here. */
  readonly finished: Set<string>
}

/** syncJobCtx */
export interface JobWork {
  readonly io: Io
  readonly key: string
  readonly job: Job
  readonly memory: JobMemory
  readonly pods: readonly Pod[]
  readonly activePods: readonly Pod[]
  readonly expectedFreed: ReadonlySet<string>
  readonly state: JobState
  readonly backoff: BackoffRecord
  ready: number
  terminating: number
  succeeded: number
  failed: number
  previousIndexes: IndexIntervals
  succeededIndexes: IndexIntervals
  failedIndexes: IndexIntervals | undefined
  delayed: ReadonlyMap<number, Pod>
  finished: JobCondition | undefined
}

export const uidOf = (pod: Pod): string => pod.metadata.uid ?? ''

/** getValidPodsWithFilter */
export const validPods = (
  work: Pick<JobWork, 'job' | 'pods' | 'expectedFreed'>,
  uncounted: readonly string[],
): readonly Pod[] => {
  const { job, pods, expectedFreed } = work
  const known = new Set(uncounted)
  return pods.filter((pod) => {
    if (!isTracked(pod) || known.has(uidOf(pod)) || expectedFreed.has(uidOf(pod))) return false
    if (!isIndexed(job)) return true
    const index = indexOf(pod)
    return index >= 0 && index < (job.spec.completions ?? 0)
  })
}

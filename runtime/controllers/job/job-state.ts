import type { Job, JobCondition, JobStatus } from '../../../api/types/batch-v1.generated.ts'

/** A Job's status under work: upstream changes a deep copy in place, and so does one reconcile. */
export interface JobState {
  conditions: readonly JobCondition[]
  startTime: string | undefined
  completionTime: string | undefined
  active: number
  ready: number | undefined
  terminating: number | undefined
  succeeded: number
  failed: number
  completedIndexes: string
  failedIndexes: string | undefined
  uncountedSucceeded: readonly string[]
  uncountedFailed: readonly string[]
}

export const stateOf = (job: Job): JobState => {
  const status: Partial<JobStatus> = job.status ?? {}
  return {
    conditions: status.conditions ?? [],
    startTime: status.startTime,
    completionTime: status.completionTime,
    active: status.active ?? 0,
    ready: status.ready,
    terminating: status.terminating,
    succeeded: status.succeeded ?? 0,
    failed: status.failed ?? 0,
    completedIndexes: status.completedIndexes ?? '',
    failedIndexes: status.failedIndexes,
    uncountedSucceeded: status.uncountedTerminatedPods?.succeeded ?? [],
    uncountedFailed: status.uncountedTerminatedPods?.failed ?? [],
  }
}

export const statusOf = (state: JobState): JobStatus => ({
  ...(state.conditions.length === 0 ? {} : { conditions: state.conditions }),
  ...(state.startTime === undefined ? {} : { startTime: state.startTime }),
  ...(state.completionTime === undefined ? {} : { completionTime: state.completionTime }),
  ...(state.active === 0 ? {} : { active: state.active }),
  ...(state.succeeded === 0 ? {} : { succeeded: state.succeeded }),
  ...(state.failed === 0 ? {} : { failed: state.failed }),
  ...(state.terminating === undefined ? {} : { terminating: state.terminating }),
  ...(state.completedIndexes === '' ? {} : { completedIndexes: state.completedIndexes }),
  ...(state.failedIndexes === undefined ? {} : { failedIndexes: state.failedIndexes }),
  uncountedTerminatedPods: {
    ...(state.uncountedSucceeded.length === 0 ? {} : { succeeded: state.uncountedSucceeded }),
    ...(state.uncountedFailed.length === 0 ? {} : { failed: state.uncountedFailed }),
  },
  ...(state.ready === undefined ? {} : { ready: state.ready }),
})

export const newCondition = (
  type: string,
  status: string,
  why: { readonly reason: string; readonly message: string },
  timestamp: string,
): JobCondition => ({
  type,
  status,
  lastProbeTime: timestamp,
  lastTransitionTime: timestamp,
  reason: why.reason,
  message: why.message,
})

/** ensureJobConditionStatus; the same list if nothing changes. */
export const ensureCondition = (conditions: readonly JobCondition[], wanted: JobCondition): readonly JobCondition[] => {
  const known = conditions.find((one) => one.type === wanted.type)
  if (known === undefined) return wanted.status === 'False' ? conditions : [...conditions, wanted]
  const same =
    known.status === wanted.status && (known.reason ?? '') === wanted.reason && (known.message ?? '') === wanted.message
  return same ? conditions : conditions.map((one) => (one === known ? wanted : one))
}

/** cleanUncountedPodsWithoutFinalizers: pods whose finalizer is gone are counted; whether any was. */
export const countFreed = (state: JobState, tracked: ReadonlySet<string>): boolean => {
  const succeeded = state.uncountedSucceeded.filter((uid) => tracked.has(uid))
  const failed = state.uncountedFailed.filter((uid) => tracked.has(uid))
  const freed = [state.uncountedSucceeded.length - succeeded.length, state.uncountedFailed.length - failed.length]
  if (freed[0] === 0 && freed[1] === 0) return false
  state.succeeded += freed[0]!
  state.failed += freed[1]!
  state.uncountedSucceeded = succeeded
  state.uncountedFailed = failed
  return true
}

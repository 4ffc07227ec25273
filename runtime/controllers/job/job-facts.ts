import type { Job } from '../../../api/types/batch-v1.generated.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import type { JobCondition } from '../../../api/types/batch-v1.generated.ts'

// Small questions of pkg/controller/job about a Job and its pods.

export const trackingFinalizer = 'batch.kubernetes.io/job-tracking'
export const indexAnnotation = 'batch.kubernetes.io/job-completion-index'
export const failureCountAnnotation = 'batch.kubernetes.io/job-index-failure-count'
export const ignoredCountAnnotation = 'batch.kubernetes.io/job-index-ignored-failure-count'

export const isTracked = (pod: Pod): boolean => pod.metadata.finalizers?.includes(trackingFinalizer) === true

export const isIndexed = (job: Job): boolean => job.spec.completionMode === 'Indexed'

export const isSuspended = (job: Job): boolean => job.spec.suspend === true

export const hasLimitPerIndex = (job: Job): boolean => job.spec.backoffLimitPerIndex !== undefined

export const conditionOf = (conditions: readonly JobCondition[] | undefined, type: string): JobCondition | undefined =>
  conditions?.find((one) => one.type === type)

/** util.IsJobFinished */
export const isFinished = (job: Job): boolean =>
  ['Complete', 'Failed'].some((type) => conditionOf(job.status?.conditions, type)?.status === 'True')

/** managedByExternalController */
export const isForeign = (job: Job): boolean =>
  job.spec.managedBy !== undefined && job.spec.managedBy !== 'kubernetes.io/job-controller'

/** onlyReplaceFailedPods: a pod on its way out still holds its place. */
export const waitsForTerminating = (job: Job): boolean =>
  job.spec.podReplacementPolicy === 'Failed' || job.spec.podFailurePolicy !== undefined

/** isPodFailed */
export const isPodFailed = (job: Job, pod: Pod): boolean => {
  if (pod.status?.phase === 'Failed') return true
  if (waitsForTerminating(job)) return false
  return pod.metadata.deletionTimestamp !== undefined && pod.status?.phase !== 'Succeeded'
}

/** getCompletionIndex; -1 for none. */
export const indexOf = (pod: Pod): number => {
  const text = pod.metadata.annotations?.[indexAnnotation]
  return text !== undefined && /^\+?[0-9]+$/.test(text) ? Number(text) : -1
}

const count = (pod: Pod, annotation: string): number => {
  const text = pod.metadata.annotations?.[annotation] ?? ''
  const number = /^\+?[0-9]+$/.test(text) ? Number(text) : 0
  return number > 2147483647 ? 0 : number
}

export const failureCount = (pod: Pod): number => count(pod, failureCountAnnotation)
export const ignoredCount = (pod: Pod): number => count(pod, ignoredCountAnnotation)
export const absoluteFailureCount = (pod: Pod): number => failureCount(pod) + ignoredCount(pod)

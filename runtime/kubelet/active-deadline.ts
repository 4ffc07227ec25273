import type { Pod, PodStatus } from '../../api/types/core-v1.generated.ts'
import { parseTimestamp } from '../client/timestamp.ts'
import { second, type Micros } from '../kernel/micros.ts'

export const deadlineReason = 'DeadlineExceeded'
export const deadlineMessage = 'Pod was active on the node longer than the specified deadline'

/** pkg/kubelet/active_deadline.go: when the pod has been active for too long, as an instant of the wall clock; undefined: never. */
export const deadlineOf = (pod: Pod, status: PodStatus | undefined): Micros | undefined => {
  const seconds = pod.spec.activeDeadlineSeconds
  if (seconds === undefined) return undefined
  const start = parseTimestamp((status ?? pod.status)?.startTime)
  return start === undefined ? undefined : start + seconds * second
}

import type { Pod } from '../../api/types/core-v1.generated.ts'
import { podReady } from './pod-conditions.ts'

/** status.NeedToReconcilePodReadiness */
export const needsReadiness = (pod: Pod): boolean => {
  if ((pod.spec.readinessGates ?? []).length === 0) return false
  const now = podReady(pod, pod.status.conditions ?? [], pod.status.containerStatuses ?? [], pod.status.phase)
  const current = (pod.status.conditions ?? []).find((one) => one.type === 'Ready')
  return current !== undefined && (current.status !== now.status || (current.message ?? '') !== (now.message ?? ''))
}

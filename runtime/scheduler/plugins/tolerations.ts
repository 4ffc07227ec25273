import type { Taint, Toleration } from '../../../api/types/core-v1.generated.ts'

/** v1.Toleration.ToleratesTaint, without the comparison operators (a gate that is off). */
const tolerates = (toleration: Toleration, taint: Taint): boolean => {
  if ((toleration.effect ?? '') !== '' && toleration.effect !== taint.effect) return false
  if ((toleration.key ?? '') !== '' && toleration.key !== taint.key) return false
  const operator = toleration.operator ?? 'Equal'
  if (operator === 'Exists') return true
  return (operator as string) === '' || operator === 'Equal' ? (toleration.value ?? '') === (taint.value ?? '') : false
}

export const tolerated = (tolerations: readonly Toleration[], taint: Taint): boolean => {
  for (const toleration of tolerations) if (tolerates(toleration, taint)) return true
  return false
}

export const unschedulableTaint: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }

/** Whether a taint keeps the pod from being scheduled there: NoSchedule or NoExecute, not tolerated. */
export const hasUntoleratedTaint = (
  tolerations: readonly Toleration[],
  taints: readonly Taint[] | undefined,
): boolean => {
  for (const taint of taints ?? []) {
    if (taint.effect !== 'PreferNoSchedule' && !tolerated(tolerations, taint)) return true
  }
  return false
}

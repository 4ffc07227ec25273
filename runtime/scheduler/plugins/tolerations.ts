import { toleratesAny } from '../../../api/pods/toleration.ts'
import type { Taint, Toleration } from '../../../api/types/core-v1.generated.ts'

export const tolerated = (tolerations: readonly Toleration[], taint: Taint): boolean => toleratesAny(tolerations, taint)

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

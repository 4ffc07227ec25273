import type { Pod, Taint, Toleration } from '../../../api/types/core-v1.generated.ts'
import { second, type Micros } from '../../kernel/micros.ts'

/** Toleration.ToleratesTaint. */
const tolerates = (toleration: Toleration, taint: Taint): boolean => {
  if ((toleration.effect ?? '') !== '' && toleration.effect !== taint.effect) return false
  if ((toleration.key ?? '') !== '' && toleration.key !== taint.key) return false
  if (toleration.operator === 'Exists') return true
  return (toleration.key ?? '') !== '' && (toleration.value ?? '') === (taint.value ?? '')
}

/** How long the pod may stay: undefined = for ever, 0 = not at all. */
export const stayOf = (pod: Pod, taints: readonly Taint[]): Micros | undefined => {
  let least: number | undefined
  for (const taint of taints) {
    const used = (pod.spec?.tolerations ?? []).filter((one) => tolerates(one, taint))
    if (used.length === 0) return 0
    for (const { tolerationSeconds } of used.slice(0, 1)) {
      if (tolerationSeconds === undefined) continue
      if (tolerationSeconds <= 0) return 0
      if (least === undefined || tolerationSeconds < least) least = tolerationSeconds
    }
  }
  return least === undefined ? undefined : least * second
}

import type { DaemonSet } from '../../../api/types/apps-v1.generated.ts'
import { minute, second, type Micros } from '../../kernel/micros.ts'

/** pkg/controller/daemon: failedPodsBackoff, by set, generation and node. */
export type FailedPods = Map<string, { readonly delay: Micros; readonly at: Micros }>

const initialDelay: Micros = second
const maxDelay: Micros = 15 * minute

export const failedPodKey = (set: DaemonSet, node: string): string =>
  `${set.metadata.uid ?? ''}/${set.status?.observedGeneration ?? 0}/${node}`

/** How long a failed pod still has to wait; undefined, and the next wait begins, if it may be replaced now. */
export const replaceFailed = (failed: FailedPods, key: string, now: Micros): Micros | undefined => {
  const known = failed.get(key)
  const since = known === undefined ? 0 : now - known.at
  if (known !== undefined && since <= 2 * maxDelay && since < known.delay) return known.delay
  const delay = known === undefined || since > 2 * maxDelay ? initialDelay : Math.min(2 * known.delay, maxDelay)
  failed.set(key, { delay, at: now })
  return undefined
}

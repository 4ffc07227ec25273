import { structuralEqual } from '../../api/json/structural-equal.ts'
import type { Pod } from '../../api/types/core-v1.generated.ts'

export type PodChange = 'update' | 'reconcile' | 'delete' | 'none'

const local = new Set(['kubernetes.io/config.source', 'kubernetes.io/config.mirror', 'kubernetes.io/config.seen'])

const withoutLocal = (annotations: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> => {
  if (annotations === undefined) return {}
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => !local.has(key)))
}

/** pkg/kubelet/config: checkAndUpdatePod. What a newer version of a pod asks of the kubelet. */
export const podChange = (before: Pod, now: Pod): PodChange => {
  const same =
    structuralEqual(before.spec, now.spec) &&
    structuralEqual(before.metadata.labels ?? {}, now.metadata.labels ?? {}) &&
    before.metadata.deletionTimestamp === now.metadata.deletionTimestamp &&
    before.metadata.deletionGracePeriodSeconds === now.metadata.deletionGracePeriodSeconds &&
    structuralEqual(withoutLocal(before.metadata.annotations), withoutLocal(now.metadata.annotations))
  if (same) return structuralEqual(before.status, now.status) ? 'none' : 'reconcile'
  return now.metadata.deletionTimestamp === undefined ? 'update' : 'delete'
}

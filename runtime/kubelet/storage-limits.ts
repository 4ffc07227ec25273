import { podLimitUnits } from '../../api/pods/pod-resources.ts'
import { unitsText, wholeValue } from '../../api/quantity/quantity-values.ts'
import type { PodStats } from '../../api/nodes/pod-stats.ts'
import type { Pod } from '../../api/types/core-v1.generated.ts'

/** eviction_manager.go: localStorageEviction. Why a pod that writes more than it may is evicted; undefined: it does not. */
export const beyondStorageLimit = (pod: Pod, stats: PodStats): string | undefined => {
  const used = (stats.containers ?? []).map(({ name, rootfs, logs }) => ({
    name,
    bytes: (rootfs?.usedBytes ?? 0) + (logs?.usedBytes ?? 0),
  }))
  const limit = podLimitUnits(pod).get('ephemeral-storage')
  const total = used.reduce((sum, one) => sum + one.bytes, 0)
  if (limit !== undefined && total > limit)
    return `Pod ephemeral local storage usage exceeds the total limit of containers ${unitsText('ephemeral-storage', limit)}. `
  for (const { name, bytes } of used) {
    const own = pod.spec.containers.find((container) => container.name === name)?.resources?.limits?.[
      'ephemeral-storage'
    ]
    if (own !== undefined && bytes > wholeValue(own))
      return `Container ${name} exceeded its local ephemeral storage limit ${JSON.stringify(String(own))}. `
  }
  return undefined
}

import type { Pod, PodCondition } from '../../api/types/core-v1.generated.ts'

/** A strategic merge patch of a pod's status: one condition, the nomination, or both; undefined when nothing changes. */
export const podStatusPatch = (
  pod: Pod,
  condition: Omit<PodCondition, 'lastTransitionTime' | 'lastProbeTime'> | undefined,
  nominate: string | undefined,
  now: string,
): object | undefined => {
  const status: Record<string, unknown> = {}
  if (condition !== undefined) {
    const old = pod.status?.conditions?.find((one) => one.type === condition.type)
    const same =
      old !== undefined &&
      old.status === condition.status &&
      old.reason === condition.reason &&
      (old.message ?? '') === (condition.message ?? '') &&
      (old.observedGeneration ?? 0) === (condition.observedGeneration ?? 0)
    if (!same) {
      const since = old !== undefined && old.status === condition.status ? (old.lastTransitionTime ?? now) : now
      const order = [
        ...(pod.status?.conditions ?? []).map((one) => one.type),
        ...(old === undefined ? [condition.type] : []),
      ]
      status['$setElementOrder/conditions'] = order.map((type) => ({ type }))
      status['conditions'] = [{ lastProbeTime: null, ...condition, lastTransitionTime: since }]
    }
  }
  if (nominate !== undefined && nominate !== (pod.status?.nominatedNodeName ?? '')) {
    status['nominatedNodeName'] = nominate === '' ? null : nominate
  }
  return Object.keys(status).length === 0 ? undefined : { status }
}

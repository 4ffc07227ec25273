import type { Pod, PodCondition } from '../../api/types/core-v1.generated.ts'
import { podCondition } from './pod-state.ts'

/** Only the fields of a condition that differ, with its merge key. */
const changedFields = (before: PodCondition | undefined, after: PodCondition): Record<string, unknown> => {
  // Go prints the probe time of a new condition as null, though nothing ever sets it.
  if (before === undefined) return { lastProbeTime: null, ...after }
  const fields: Record<string, unknown> = { type: after.type }
  const old = before as unknown as Record<string, unknown>
  const next = after as unknown as Record<string, unknown>
  for (const key of Object.keys(next)) if (next[key] !== old[key]) fields[key] = next[key]
  for (const key of Object.keys(old)) if (!(key in next) && old[key] !== null) fields[key] = null
  return fields
}

/**
 * utilpod.PatchPodStatus: the strategic merge patch of a pod's status that changes its phase or sets one condition, with the pod's
 * uid as precondition. undefined if nothing changes. An unchanged condition status keeps its transition time (UpdatePodCondition).
 */
export const podStatusPatch = (
  pod: Pod,
  change: { readonly phase?: string; readonly condition?: PodCondition },
): object | undefined => {
  const status: Record<string, unknown> = {}
  const generation = pod.metadata.generation ?? 0
  if (change.phase !== undefined) {
    if (change.phase !== pod.status?.phase) status['phase'] = change.phase
    if ((pod.status?.observedGeneration ?? 0) !== generation) status['observedGeneration'] = generation
  }
  const { condition } = change
  if (condition !== undefined) {
    const before = podCondition(pod, condition.type)
    const kept = before?.status === condition.status ? before.lastTransitionTime : undefined
    const fields = changedFields(before, kept === undefined ? condition : { ...condition, lastTransitionTime: kept })
    // isEqual of UpdatePodCondition: another observedGeneration alone is no change.
    if (Object.keys(fields).some((field) => field !== 'type' && field !== 'observedGeneration')) {
      const types = (pod.status?.conditions ?? []).map((one) => ({ type: one.type }))
      status['$setElementOrder/conditions'] = before === undefined ? [...types, { type: condition.type }] : types
      status['conditions'] = [fields]
    }
  }
  return Object.keys(status).length === 0 ? undefined : { metadata: { uid: pod.metadata.uid }, status }
}

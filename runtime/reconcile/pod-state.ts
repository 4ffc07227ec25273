import type { Pod, PodCondition } from '../../api/types/core-v1.generated.ts'
import { parseTimestamp } from '../client/timestamp.ts'
import { second, type Micros } from '../kernel/micros.ts'

export const podCondition = (pod: Pod, type: string): PodCondition | undefined =>
  pod.status?.conditions?.find((condition) => condition.type === type)

export const isPodReady = (pod: Pod): boolean => podCondition(pod, 'Ready')?.status === 'True'

/** podutil.IsPodTerminal */
export const isPodTerminal = (pod: Pod): boolean => pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded'

/** controller.IsPodActive */
export const isPodActive = (pod: Pod): boolean => !isPodTerminal(pod) && pod.metadata.deletionTimestamp === undefined

/** controller.IsPodTerminating */
export const isPodTerminating = (pod: Pod): boolean =>
  !isPodTerminal(pod) && pod.metadata.deletionTimestamp !== undefined

/** podutil.IsPodAvailable; `wall` is microseconds since 1970. */
export const isPodAvailable = (pod: Pod, minReadySeconds: number, wall: Micros): boolean => {
  if (!isPodReady(pod)) return false
  if (minReadySeconds === 0) return true
  const since = parseTimestamp(podCondition(pod, 'Ready')?.lastTransitionTime)
  return since !== undefined && since + minReadySeconds * second <= wall
}

/** controller.FindMinNextPodAvailabilityCheck: how long until the next ready pod becomes available. */
export const nextAvailabilityCheck = (
  pods: readonly Pod[],
  minReadySeconds: number,
  wall: Micros,
): Micros | undefined => {
  let least: Micros | undefined
  if (minReadySeconds <= 0) return undefined
  for (const pod of pods) {
    if (!isPodReady(pod)) continue
    const since = parseTimestamp(podCondition(pod, 'Ready')?.lastTransitionTime)
    if (since === undefined) continue
    const wait = since + minReadySeconds * second - wall
    if (wait > 0 && (least === undefined || wait < least)) least = wait
  }
  return least
}

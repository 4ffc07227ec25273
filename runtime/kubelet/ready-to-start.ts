import type { Pod, PodStatus } from '../../api/types/core-v1.generated.ts'

/** The status once the pod's sandbox is there: condition PodReadyToStartContainers is true. */
export const withReadyToStart = (pod: Pod, status: PodStatus): PodStatus => {
  const ready = {
    type: 'PodReadyToStartContainers',
    ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
    status: 'True',
  }
  const conditions = status.conditions ?? []
  const known = conditions.some((one) => one.type === ready.type)
  const next = known ? conditions.map((one) => (one.type === ready.type ? ready : one)) : [...conditions, ready]
  return { ...status, conditions: next }
}

import type {
  ContainerStatus,
  ContainerStateTerminated,
  Pod,
  PodCondition,
  PodStatus,
} from '../types/core-v1.generated.ts'

/** podutil.GetContainerStatus. */
export const containerStatusOf = (statuses: readonly ContainerStatus[], name: string): ContainerStatus | undefined =>
  statuses.find((status) => status.name === name)

/** The reason of a container that ended because all of its pod are restarted. */
export const restartingAllContainers = 'RestartingAllContainers'

export const endedForRestartOfAll = (terminated: ContainerStateTerminated): boolean =>
  terminated.reason === restartingAllContainers

/** podutil.GetPodCondition. */
export const podCondition = (status: PodStatus | undefined, type: string): PodCondition | undefined =>
  status?.conditions?.find((condition) => condition.type === type)

export const isPodReady = (pod: Pod): boolean => podCondition(pod.status, 'Ready')?.status === 'True'

/** podutil.IsPodTerminal: Succeeded or Failed. */
export const isPodTerminal = (pod: Pod): boolean => pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded'

/** controller.IsPodActive: neither terminal nor being deleted. */
export const isPodActive = (pod: Pod): boolean => !isPodTerminal(pod) && pod.metadata.deletionTimestamp === undefined

/** podutil.IsPodAvailable: ready for at least `minReadySeconds`; `now` in milliseconds since 1970. */
export const isPodAvailable = (pod: Pod, minReadySeconds: number, now: number): boolean => {
  const ready = podCondition(pod.status, 'Ready')
  if (ready?.status !== 'True') return false
  if (minReadySeconds === 0) return true
  const since = ready.lastTransitionTime
  return since !== undefined && since !== null && Date.parse(since) + minReadySeconds * 1000 <= now
}

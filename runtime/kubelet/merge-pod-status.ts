import type { Pod, PodCondition, PodStatus } from '../../api/types/core-v1.generated.ts'
import { findCondition, isKubeletCondition, terminalContainersReady, terminalReady } from './pod-conditions.ts'

const isTerminal = (phase: PodStatus['phase']): boolean => phase === 'Succeeded' || phase === 'Failed'

/** pkg/kubelet/status: mergePodStatus. Others' conditions stay as they are in the API; a terminal phase waits for the containers. */
export const mergePodStatus = (pod: Pod, ours: PodStatus, couldRun: boolean): PodStatus => {
  const theirs = pod.status ?? {}
  const conditions: PodCondition[] = (theirs.conditions ?? []).filter(
    (condition) => !isKubeletCondition(condition.type),
  )
  const becomesTerminal = !isTerminal(theirs.phase) && isTerminal(ours.phase)
  for (const condition of ours.conditions ?? []) {
    if (isKubeletCondition(condition.type)) conditions.push(condition)
    else if (condition.type === 'DisruptionTarget' && becomesTerminal && !couldRun) {
      const at = conditions.findIndex((one) => one.type === condition.type)
      const old = findCondition(theirs.conditions, condition.type)
      const made =
        old !== undefined && old.status === condition.status && old.lastTransitionTime !== undefined
          ? { ...condition, lastTransitionTime: old.lastTransitionTime }
          : condition
      if (at < 0) conditions.push(made)
      else conditions[at] = made
    }
  }
  let merged: PodStatus = {
    ...ours,
    ...(conditions.length > 0 || ours.conditions !== undefined ? { conditions } : {}),
    ...(theirs.resourceClaimStatuses === undefined ? {} : { resourceClaimStatuses: theirs.resourceClaimStatuses }),
    ...(theirs.extendedResourceClaimStatus === undefined
      ? {}
      : { extendedResourceClaimStatus: theirs.extendedResourceClaimStatus }),
    ...(theirs.nodeAllocatableResourceClaimStatuses === undefined
      ? {}
      : { nodeAllocatableResourceClaimStatuses: theirs.nodeAllocatableResourceClaimStatuses }),
  }
  if (becomesTerminal && couldRun) {
    const { phase, reason, message, ...rest } = merged
    void [phase, reason, message]
    merged = {
      ...rest,
      ...(theirs.phase === undefined ? {} : { phase: theirs.phase }),
      ...(theirs.reason === undefined ? {} : { reason: theirs.reason }),
      ...(theirs.message === undefined ? {} : { message: theirs.message }),
    }
  }
  if (!isTerminal(merged.phase)) return merged
  const ready = (type: string): boolean => findCondition(merged.conditions, type)?.status === 'True'
  if (!ready('Ready') && !ready('ContainersReady')) return merged
  const now = findCondition(ours.conditions, 'Ready')?.lastTransitionTime
  const update = (list: readonly PodCondition[], made: PodCondition): readonly PodCondition[] =>
    list.map((one) => {
      if (one.type !== made.type) return one
      const at = one.status === made.status ? one.lastTransitionTime : now
      return { ...made, ...(at === undefined ? {} : { lastTransitionTime: at }) }
    })
  const first = update(merged.conditions ?? [], terminalContainersReady(pod, merged.phase))
  return { ...merged, conditions: update(first, terminalReady(pod, merged.phase)) }
}

import { structuralEqual } from '../../api/json/structural-equal.ts'
import type { Node, NodeCondition, Pod } from '../../api/types/core-v1.generated.ts'
import { action, type ClusterEvent } from './cluster-event.ts'
import { podInfo } from './pod-info.ts'

const scaledDown = (before: Pod, after: Pod): boolean => {
  const now = podInfo(after).amounts.all
  for (const [name, amount] of podInfo(before).amounts.all) {
    const left = now.get(name)
    if (left === undefined || amount > left) return true
  }
  return false
}

/** PodSchedulingPropertiesChange (pkg/scheduler/framework/events.go): what an update of a pod counts as. */
export const podEvents = (before: Pod, after: Pod): readonly ClusterEvent[] => {
  const resource = (after.spec.nodeName ?? '') === '' ? 'UnschedulablePod' : 'AssignedPod'
  const events: ClusterEvent[] = []
  const add = (changed: boolean, actions: number): void => void (changed && events.push({ resource, actions }))
  add(!structuralEqual(before.metadata.labels ?? {}, after.metadata.labels ?? {}), action.updatePodLabel)
  add(podInfo(before).amounts !== podInfo(after).amounts && scaledDown(before, after), action.updatePodScaleDown)
  const gates = (pod: Pod): number => pod.spec.schedulingGates?.length ?? 0
  add(gates(after) === 0 && gates(before) !== 0, action.updatePodSchedulingGatesEliminated)
  add((before.spec.tolerations?.length ?? 0) !== (after.spec.tolerations?.length ?? 0), action.updatePodToleration)
  const claims = (pod: Pod): unknown => [
    pod.status?.resourceClaimStatuses ?? [],
    pod.status?.extendedResourceClaimStatus,
  ]
  const sameClaims =
    before.status?.resourceClaimStatuses === after.status?.resourceClaimStatuses &&
    before.status?.extendedResourceClaimStatus === after.status?.extendedResourceClaimStatus
  add(!sameClaims && !structuralEqual(claims(before), claims(after)), action.updatePodGeneratedResourceClaim)
  add(events.length === 0, action.update)
  return events
}

const conditionStatuses = (conditions: readonly NodeCondition[] | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries((conditions ?? []).map((one) => [one.type, one.status]))

/** NodeSchedulingPropertiesChange: none for a heartbeat, none for a cordon. */
export const nodeEvents = (before: Node, after: Node): readonly ClusterEvent[] => {
  const events: ClusterEvent[] = []
  const add = (changed: boolean, actions: number): void => void (changed && events.push({ resource: 'Node', actions }))
  add(before.spec?.unschedulable === true && after.spec?.unschedulable !== true, action.updateNodeTaint)
  add(!structuralEqual(before.status?.allocatable ?? {}, after.status?.allocatable ?? {}), action.updateNodeAllocatable)
  add(!structuralEqual(before.metadata.labels ?? {}, after.metadata.labels ?? {}), action.updateNodeLabel)
  add(!structuralEqual(before.spec?.taints ?? [], after.spec?.taints ?? []), action.updateNodeTaint)
  const sameConditions =
    before.status?.conditions === after.status?.conditions ||
    structuralEqual(conditionStatuses(before.status?.conditions), conditionStatuses(after.status?.conditions))
  add(!sameConditions, action.updateNodeCondition)
  add(
    !structuralEqual(before.metadata.annotations ?? {}, after.metadata.annotations ?? {}),
    action.updateNodeAnnotation,
  )
  add(
    !structuralEqual(before.status?.declaredFeatures ?? [], after.status?.declaredFeatures ?? []),
    action.updateNodeDeclaredFeature,
  )
  return events
}

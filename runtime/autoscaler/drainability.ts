import { selectorFromObject } from '../../api/selectors/label-selector-from-object.ts'
import type { Pod } from '../../api/types/core-v1.generated.ts'
import type { PodDisruptionBudget } from '../../api/types/policy-v1.generated.ts'
import type { AutoscalerSettings } from './settings.ts'

const safeToEvict = 'cluster-autoscaler.kubernetes.io/safe-to-evict'
const safeVolumes = 'cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes'
const mirror = 'kubernetes.io/config.mirror'

/** Why a pod keeps its node (utils/drain: BlockingPodReason). */
export type Blocking =
  'NotSafeToEvictAnnotation' | 'LocalStorageRequested' | 'NotReplicated' | 'UnmovableKubeSystemPod' | 'NotEnoughPdb'

const controllerOf = (pod: Pod): { readonly kind: string } | undefined =>
  pod.metadata.ownerReferences?.find((one) => one.controller === true)

export const isDaemon = (pod: Pod): boolean => controllerOf(pod)?.kind === 'DaemonSet'
export const isMirror = (pod: Pod): boolean => pod.metadata.annotations?.[mirror] !== undefined

const ended = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed'

const matches = (budget: PodDisruptionBudget, pod: Pod): boolean => {
  if (budget.metadata.namespace !== pod.metadata.namespace) return false
  const selector = selectorFromObject(budget.spec?.selector)
  return !('error' in selector) && selector.matches(pod.metadata.labels ?? {})
}

const hasLocalStorage = (pod: Pod): boolean => {
  const safe = new Set((pod.metadata.annotations?.[safeVolumes] ?? '').split(','))
  return (pod.spec.volumes ?? []).some(
    (volume) =>
      (volume.hostPath !== undefined || (volume.emptyDir !== undefined && volume.emptyDir.medium !== 'Memory')) &&
      !safe.has(volume.name),
  )
}

export interface DrainRules {
  readonly budgets: readonly PodDisruptionBudget[]
  readonly settings: AutoscalerSettings
}

/** A pod of a node that is to go: it stays behind (undefined), it has to move, or it keeps the node (simulator/drainability/rules). */
export const drainStatus = (pod: Pod, { budgets, settings }: DrainRules): 'move' | Blocking | undefined => {
  if (isMirror(pod) || isDaemon(pod) || ended(pod)) return undefined
  const said = pod.metadata.annotations?.[safeToEvict]
  const own = budgets.filter((one) => matches(one, pod))
  if (said !== 'true') {
    if (controllerOf(pod) === undefined) return 'NotReplicated'
    if (settings.skipNodesWithSystemPods && pod.metadata.namespace === 'kube-system' && own.length === 0)
      return 'UnmovableKubeSystemPod'
    if (said === 'false') return 'NotSafeToEvictAnnotation'
    if (settings.skipNodesWithLocalStorage && hasLocalStorage(pod)) return 'LocalStorageRequested'
  }
  return own.some((one) => (one.status?.disruptionsAllowed ?? 0) < 1) ? 'NotEnoughPdb' : 'move'
}

import type { Pod } from '../../api/types/core-v1.generated.ts'

/** pkg/kubelet/types: a pod from a manifest on the node's own disk. */
export const isStaticPod = (pod: Pod): boolean => {
  const source = pod.metadata.annotations?.['kubernetes.io/config.source']
  return source !== undefined && source !== 'api'
}

/** The API's image of a static pod. */
export const isMirrorPod = (pod: Pod): boolean =>
  pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined

const systemCriticalPriority = 2_000_000_000

/** pkg/kubelet/types: IsCriticalPod. */
export const isCriticalPod = (pod: Pod): boolean =>
  isStaticPod(pod) || isMirrorPod(pod) || (pod.spec.priority ?? 0) >= systemCriticalPriority

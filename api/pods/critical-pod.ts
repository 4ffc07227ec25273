import type { Pod } from '../types/core-v1.generated.ts'

/** scheduling.SystemCriticalPriority. */
export const systemCriticalPriority = 2_000_000_000

export const isMirrorPod = (pod: Pod): boolean =>
  pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined

/** A pod that the kubelet read from a file. */
export const isStaticPod = (pod: Pod): boolean => {
  const source = pod.metadata.annotations?.['kubernetes.io/config.source']
  return source !== undefined && source !== 'api'
}

/** kubelet types.IsCriticalPod: never evicted for pressure, admitted by preemption. */
export const isCriticalPod = (pod: Pod): boolean =>
  isStaticPod(pod) || isMirrorPod(pod) || (pod.spec.priority ?? -Infinity) >= systemCriticalPriority

/** corev1helpers.PodPriority. */
export const podPriority = (pod: Pod): number => pod.spec.priority ?? 0

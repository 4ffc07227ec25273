import type { Pod } from '../../api/types/core-v1.generated.ts'

/** pkg/kubelet/util/format: Pod. */
export const podText = (pod: Pod): string => `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`

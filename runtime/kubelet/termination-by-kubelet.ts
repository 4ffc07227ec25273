import type { Pod, PodStatus } from '../../api/types/core-v1.generated.ts'

export interface KubeletTermination {
  readonly reason: string
  readonly message: string
  /** Message of the condition DisruptionTarget; absent: it gets none. */
  readonly condition?: string
}

/** The status of a pod that the kubelet itself ends: evicted, or preempted for a critical one. */
export const terminationByKubelet =
  (pod: Pod, why: KubeletTermination): ((status: PodStatus) => PodStatus) =>
  (status) => ({
    ...status,
    phase: 'Failed',
    reason: why.reason,
    message: why.message,
    ...(why.condition === undefined
      ? {}
      : {
          conditions: [
            ...(status.conditions ?? []).filter((one) => one.type !== 'DisruptionTarget'),
            {
              type: 'DisruptionTarget',
              ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
              status: 'True',
              reason: 'TerminationByKubelet',
              message: why.condition,
            },
          ],
        }),
  })

import type { KubeObject } from '../api/object.ts'
import { printedPodStatus } from '../api/state-words/printed-pod-status.ts'
import type { Deployment, ReplicaSet } from '../api/types/apps-v1.generated.ts'
import type { Node, Pod } from '../api/types/core-v1.generated.ts'

const conditionTrue = (
  object: { status?: { conditions?: readonly { type: string; status: string }[] } },
  type: string,
): boolean => object.status?.conditions?.some((one) => one.type === type && one.status === 'True') ?? false

/** What a lane of the timeline says of an object: one or two words, as `kubectl get` would. */
export const laneStatus = (resource: string, object: KubeObject): string => {
  switch (resource) {
    case 'pods': {
      const pod = object as Pod
      const status = printedPodStatus(pod)
      return status === 'Running' && conditionTrue(pod, 'Ready') ? 'Ready' : status
    }
    case 'nodes':
      return conditionTrue(object as Node, 'Ready') ? 'Ready' : 'NotReady'
    case 'deployments.apps': {
      const { spec, status } = object as Deployment
      return `${status.availableReplicas ?? 0}/${spec.replicas ?? 1} available`
    }
    case 'replicasets.apps': {
      const { spec, status } = object as ReplicaSet
      return `${status.readyReplicas ?? 0}/${spec.replicas ?? 1} ready`
    }
    default:
      return object.metadata.deletionTimestamp === undefined ? 'exists' : 'Terminating'
  }
}

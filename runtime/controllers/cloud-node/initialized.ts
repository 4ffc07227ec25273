import type { Node } from '../../../api/types/core-v1.generated.ts'
import type { Instance } from '../../cloud/cloud.ts'

/** cloudproviderapi.TaintExternalCloudProvider */
export const uninitialized = 'node.cloudprovider.kubernetes.io/uninitialized'

/** getNodeModifiersFromCloudProvider: a node with what the cloud knows of its instance, and without the taint of a new one. */
export const initialized = (node: Node, { providerId, type, zone }: Instance): Node => {
  const { spec = {}, metadata } = node
  const { taints = [], ...rest } = spec
  const left = taints.filter((one) => one.key !== uninitialized)
  const zones =
    zone === undefined ? {} : { 'failure-domain.beta.kubernetes.io/zone': zone, 'topology.kubernetes.io/zone': zone }
  return {
    ...node,
    metadata: {
      ...metadata,
      labels: {
        ...metadata.labels,
        'beta.kubernetes.io/instance-type': type,
        'node.kubernetes.io/instance-type': type,
        ...zones,
      },
    },
    spec: {
      ...rest,
      ...(left.length === 0 ? {} : { taints: left }),
      ...((spec.providerID ?? '') === '' ? { providerID: providerId } : {}),
    },
  }
}

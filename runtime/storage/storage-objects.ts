import type { StorageClassSpec } from '../../dsl/plan/cluster-spec.ts'

export const zoneLabel = 'topology.kubernetes.io/zone'

/** Name of the CSI driver behind a `storageclass` block. */
export const driverOf = (spec: StorageClassSpec): string => `${spec.name}.csi.kscn`

/** The StorageClass of a block and the CSIDriver that serves it, as their installer would leave them. */
export const storageClassObjects = (spec: StorageClassSpec): readonly object[] => [
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: {
      name: spec.name,
      ...(spec.isDefault ? { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } } : {}),
    },
    provisioner: driverOf(spec),
    reclaimPolicy: 'Delete',
    volumeBindingMode: spec.bind === 'wait' ? 'WaitForFirstConsumer' : 'Immediate',
  },
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name: driverOf(spec) },
    spec: {
      attachRequired: false,
      podInfoOnMount: false,
      requiresRepublish: false,
      storageCapacity: false,
      fsGroupPolicy: 'ReadWriteOnceWithFSType',
      volumeLifecycleModes: ['Persistent'],
      seLinuxMount: false,
    },
  },
]

/** What a driver tells of a node when it registers there. */
export const csiNodeDriver = (spec: StorageClassSpec, node: string): object => ({
  name: driverOf(spec),
  nodeID: node,
  ...(spec.zonal ? { topologyKeys: [zoneLabel] } : { topologyKeys: null }),
  ...(spec.limit === undefined ? {} : { allocatable: { count: spec.limit } }),
})

/** A node's CSINode: pkg/volume/csi/nodeinfomanager. */
export const csiNodeObject = (
  node: { readonly name: string; readonly uid: string },
  drivers: readonly object[],
): object => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'CSINode',
  metadata: { name: node.name, ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: node.name, uid: node.uid }] },
  spec: { drivers },
})

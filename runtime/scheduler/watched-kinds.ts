import type { EventResource } from './cluster-event.ts'

/** What else the scheduler watches, and as what its changes are known to the plugins; undefined: it is only read. */
export const watchedKinds: readonly { readonly kind: string; readonly resource: EventResource | undefined }[] = [
  { kind: 'v1/Namespace', resource: undefined },
  { kind: 'v1/Service', resource: undefined },
  { kind: 'v1/ReplicationController', resource: undefined },
  { kind: 'apps/v1/ReplicaSet', resource: undefined },
  { kind: 'apps/v1/StatefulSet', resource: undefined },
  { kind: 'policy/v1/PodDisruptionBudget', resource: undefined },
  { kind: 'v1/PersistentVolume', resource: 'PersistentVolume' },
  { kind: 'v1/PersistentVolumeClaim', resource: 'PersistentVolumeClaim' },
  { kind: 'storage.k8s.io/v1/StorageClass', resource: 'storage.k8s.io/StorageClass' },
  { kind: 'storage.k8s.io/v1/CSINode', resource: 'storage.k8s.io/CSINode' },
  { kind: 'storage.k8s.io/v1/CSIDriver', resource: 'storage.k8s.io/CSIDriver' },
  { kind: 'storage.k8s.io/v1/CSIStorageCapacity', resource: 'storage.k8s.io/CSIStorageCapacity' },
  { kind: 'storage.k8s.io/v1/VolumeAttachment', resource: 'storage.k8s.io/VolumeAttachment' },
  { kind: 'resource.k8s.io/v1/ResourceClaim', resource: 'resource.k8s.io/ResourceClaim' },
  { kind: 'resource.k8s.io/v1/ResourceSlice', resource: 'resource.k8s.io/ResourceSlice' },
  { kind: 'resource.k8s.io/v1/DeviceClass', resource: 'resource.k8s.io/DeviceClass' },
]

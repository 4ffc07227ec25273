import { second } from '../../kernel/micros.ts'
import type { ServerContext } from '../server-context.ts'
import type { Strategy } from './strategy.ts'

/** ReturnDeletedObject in pkg/registry's storage.go files; see kinds.json `delete`. */
const returning = [
  'v1/PersistentVolumeClaim',
  'v1/PersistentVolume',
  'v1/PodTemplate',
  'v1/ResourceQuota',
  'v1/ServiceAccount',
  'storage.k8s.io/v1/StorageClass',
  'storage.k8s.io/v1/VolumeAttributesClass',
  'storage.k8s.io/v1/CSIDriver',
  'storage.k8s.io/v1/CSINode',
  'storage.k8s.io/v1/VolumeAttachment',
  'resource.k8s.io/v1/DeviceClass',
  'resource.k8s.io/v1/ResourceClaim',
  'resource.k8s.io/v1/ResourceClaimTemplate',
  'resource.k8s.io/v1/ResourceSlice',
]

const eventTtl = 3600 * second
/** One lease serves the events of a minute (storage/etcd3/lease_manager.go, defaultLeaseReuseDurationSeconds). */
const leaseReuse = 60 * second
const eventLeases = new WeakMap<ServerContext, { readonly lease: number; readonly until: number }>()

const eventLease = (context: ServerContext): number => {
  const { now } = context.kernel
  const known = eventLeases.get(context)
  if (known !== undefined && now < known.until) return known.lease
  const lease = context.etcd.grant(eventTtl + leaseReuse)
  eventLeases.set(context, { lease, until: now + leaseReuse })
  return lease
}

export const simpleStrategies: readonly Strategy[] = [
  { kind: 'batch/v1/Job', orphansByDefault: true },
  { kind: 'v1/ReplicationController', orphansByDefault: true },
  {
    kind: 'scheduling.k8s.io/v1/PriorityClass',
    keeps: (name) => (name.startsWith('system-') ? 'this is a system priority class and cannot be deleted' : undefined),
  },
  { kind: 'v1/Event', unsupportedGarbageCollection: true, lease: eventLease },
  ...returning.map((kind): Strategy => ({ kind, returnsDeleted: true })),
]

import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { Resource } from '../../../api/protocol/resource.ts'
import type { Container, Pod, ResourceQuota, Service } from '../../../api/types/core-v1.generated.ts'
import { keyOf } from '../../client/object-key.ts'
import { minute, type Micros } from '../../kernel/micros.ts'
import {
  done,
  type CacheEvent,
  type Controller,
  type Io,
  type Result,
  type WatchIo,
} from '../../reconcile/controller.ts'
import { countsUnder, decideUsage, isCharged } from './decide-usage.ts'

// pkg/controller/resourcequota/resource_quota_controller.go

const quotaKind = 'v1/ResourceQuota'
const ignored = new Set(['v1/Event', 'events.k8s.io/v1/Event'])

const allocated = (pod: Pod): unknown =>
  [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])].map((one) => [
    one.name,
    (one as { resources?: Container['resources'] }).resources,
  ])

/** install.DefaultUpdateFilter: updates that may free something. */
const frees = (before: KubeObject, object: KubeObject, wall: Micros): boolean => {
  switch (object.kind) {
    case 'Pod': {
      const [old, pod] = [before as Pod, object as Pod]
      if ((old.spec?.activeDeadlineSeconds === undefined) !== (pod.spec?.activeDeadlineSeconds === undefined))
        return true
      if ((old.status?.containerStatuses ?? []).length > 0 && !structuralEqual(allocated(old), allocated(pod)))
        return true
      return isCharged(old, wall) && !isCharged(pod, wall)
    }
    case 'Service':
      return (before as Service).spec?.type !== (object as Service).spec?.type
    case 'PersistentVolumeClaim':
      return !structuralEqual(
        (before as { spec?: { resources?: object } }).spec?.resources,
        (object as { spec?: { resources?: object } }).spec?.resources,
      )
    default:
      return false
  }
}

/** replenishQuota: quotas of the namespace that count the kind of what has gone or has become less. */
const replenish = (event: CacheEvent, io: WatchIo, resource: Resource | undefined): readonly string[] => {
  const { type, before, object } = event
  const { namespace } = object.metadata
  if (namespace === undefined || resource === undefined || type === 'added') return []
  if (type === 'modified' && (before === undefined || !frees(before, object, io.wall()))) return []
  return (io.read.list(quotaKind, { namespace }) as readonly ResourceQuota[])
    .filter((quota) => Object.keys(quota.status?.hard ?? {}).some((name) => countsUnder(resource, name)))
    .map(keyOf)
}

function* syncQuota(io: Io, quota: ResourceQuota): Generator<ApiRequest, Result, unknown> {
  const names = Object.keys(quota.spec?.hard ?? {})
  const namespace = quota.metadata.namespace ?? ''
  const counted = io
    .resources()
    .filter((one) => one.namespaced && one.verbs.includes('list') && !ignored.has(one.id))
    .filter((one) => names.some((name) => countsUnder(one, name)))
    .map((resource) => ({ resource, objects: io.read.list(resource.id, { namespace }) }))
  const status = decideUsage(quota, counted, io.wall())
  if (status === undefined) return done
  const answer = yield* io.write.updateStatus({ ...quota, status } as KubeObject)
  return answer.ok || answer.code === 404 ? done : { retry: answer.message }
}

/** kube-controller-manager's resourcequota-controller. Differs: one queue, upstream prefers quotas that have no usage yet. */
export const resourceQuotaController = (workers = 5, syncPeriod: Micros = 5 * minute): Controller => ({
  name: 'resourcequota-controller',
  reconciles: quotaKind,
  workers,
  watches: {
    [quotaKind]: (object, _io, before) => {
      const [quota, old] = [object as ResourceQuota, before as ResourceQuota | undefined]
      return old !== undefined && structuralEqual(old.spec?.hard, quota.spec?.hard) ? [] : [keyOf(quota)]
    },
  },
  watchesAll: (event, io) => {
    const kind = `${event.object.apiVersion}/${event.object.kind}`
    return ignored.has(kind) ? [] : replenish(event, io, io.served(kind))
  },
  loops: [
    {
      name: 'full resync of quotas',
      first: syncPeriod,
      every: syncPeriod,
      *run(io): Generator<ApiRequest, void, unknown> {
        for (const quota of io.read.list(quotaKind)) io.requeue(keyOf(quota), 0)
      },
    },
  ],
  *reconcile(key, io): Generator<ApiRequest, Result, unknown> {
    const quota = io.read.get(key) as ResourceQuota | undefined
    return quota === undefined ? done : yield* syncQuota(io, quota)
  },
})

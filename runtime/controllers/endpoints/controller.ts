import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { Key } from '../../../api/kind.ts'
import type { Draft, KubeObject } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { Endpoints, Service } from '../../../api/types/core-v1.generated.ts'
import { namespaceTerminates } from '../../client/call.ts'
import { labelsIndex } from '../../client/indexes.ts'
import { keyOf } from '../../client/object-key.ts'
import { minute } from '../../kernel/micros.ts'
import { done, type Controller, type Io, type Result } from '../../reconcile/controller.ts'
import {
  isHeadless,
  podsSelected,
  servicesOfPod,
  triggerTime,
  triggerTimeAnnotation,
  type TriggerTimes,
} from '../../reconcile/service-endpoints.ts'
import { decideSubsets, isOverCapacity, repack, truncate } from './decide-subsets.ts'

const managedByLabel = 'endpoints.kubernetes.io/managed-by'
const headlessLabel = 'service.kubernetes.io/headless'
const overCapacityAnnotation = 'endpoints.kubernetes.io/over-capacity'
const manager = 'endpoint-controller'
/** LeaderElectionRecordAnnotationKey */
const leaderAnnotation = 'control-plane.alpha.kubernetes.io/leader'

interface Memory {
  readonly times: TriggerTimes
  /** resourceVersions that this controller has replaced: staleEndpointsTracker. */
  readonly replaced: Map<Key, string>
}

/** labelsCorrectForEndpoints. */
const labelsCorrect = (endpoints: Endpoints, service: Service): boolean => {
  const { [managedByLabel]: by, [headlessLabel]: _headless, ...rest } = endpoints.metadata.labels ?? {}
  return by === manager && structuralEqual(rest, service.metadata.labels ?? {})
}

const wantedEndpoints = (
  service: Service,
  current: Endpoints | undefined,
  subsets: Endpoints['subsets'],
  trigger: string,
): Draft => {
  const { [triggerTimeAnnotation]: _t, [overCapacityAnnotation]: _o, ...kept } = current?.metadata.annotations ?? {}
  const { [headlessLabel]: _h, ...labels } = service.metadata.labels ?? {}
  const annotations = {
    ...kept,
    ...(trigger === '' ? {} : { [triggerTimeAnnotation]: trigger }),
    ...(isOverCapacity(subsets ?? []) ? { [overCapacityAnnotation]: 'truncated' } : {}),
  }
  const { annotations: _a, ...metadata } = current?.metadata ?? { name: service.metadata.name ?? '' }
  const cut = truncate(subsets ?? [])
  const { subsets: _subsets, ...rest } = current ?? { apiVersion: 'v1', kind: 'Endpoints' }
  return {
    ...rest,
    metadata: {
      ...metadata,
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      labels: { ...labels, ...(isHeadless(service) ? { [headlessLabel]: '' } : {}), [managedByLabel]: manager },
    },
    ...(cut.length === 0 ? {} : { subsets: cut }),
  }
}

function* reconcileService(io: Io<Service>, key: Key): Generator<ApiRequest, Result, unknown> {
  const memory = io.memory as Memory
  const service = io.read.get(key)
  if (service === undefined) {
    const slash = key.indexOf('/')
    const gone = {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { namespace: key.slice(0, slash), name: key.slice(slash + 1) },
    }
    const answer = yield* io.write.delete(gone as KubeObject)
    if (!answer.ok && answer.code !== 404) return { retry: answer.message }
    memory.times.delete(key)
    memory.replaced.delete(key)
    return done
  }
  const { selector, type } = service.spec ?? {}
  if (type === 'ExternalName' || selector === undefined) return done
  const pods = podsSelected(io.read, service.metadata.namespace ?? '', selector)
  const trigger = triggerTime(memory.times, service, pods)
  const subsets = decideSubsets(service, pods)
  const current = io.read.get('v1/Endpoints', key) as Endpoints | undefined
  if (current !== undefined && memory.replaced.get(key) === current.metadata.resourceVersion) {
    return {
      retry: `endpoints informer cache is out of date, resource version ${current.metadata.resourceVersion ?? ''} already processed`,
    }
  }
  const right =
    current !== undefined &&
    structuralEqual(repack(current.subsets ?? []), subsets) &&
    labelsCorrect(current, service) &&
    !isOverCapacity(current.subsets ?? []) &&
    current.metadata.annotations?.[overCapacityAnnotation] === undefined
  if (right) return done
  const next = wantedEndpoints(service, current, subsets, trigger)
  const where = `${service.metadata.namespace ?? ''}/${service.metadata.name ?? ''}`
  if (current === undefined) {
    const created = yield* io.write.create(next, service.metadata.namespace)
    if (created.ok || namespaceTerminates(created)) return done
    const message = `Failed to create endpoint for service ${where}: ${created.message}`
    io.event(next as KubeObject, 'Warning', 'FailedToCreateEndpoint', message)
    return { retry: created.message }
  }
  const updated = yield* io.write.update(next as KubeObject)
  if (!updated.ok) {
    io.event(
      next as KubeObject,
      'Warning',
      'FailedToUpdateEndpoint',
      `Failed to update endpoint ${where}: ${updated.message}`,
    )
    return { retry: updated.message }
  }
  const version = current.metadata.resourceVersion
  if (version !== undefined && updated.object.metadata.resourceVersion !== version) memory.replaced.set(key, version)
  return done
}

/** kube-controller-manager's endpoints-controller: pkg/controller/endpoint. */
export const endpointsController = (workers = 5): Controller<Service> => ({
  name: 'endpoint-controller',
  reconciles: 'v1/Service',
  workers,
  maxRetries: 15,
  indexes: { 'v1/Pod': [labelsIndex] },
  memory: (): Memory => ({ times: new Map(), replaced: new Map() }),
  watches: {
    'v1/Pod': servicesOfPod,
    'v1/Endpoints': (object, io) => (io.read.get('v1/Endpoints', keyOf(object)) === undefined ? [keyOf(object)] : []),
  },
  loops: [
    {
      name: 'leftover endpoints',
      first: 0,
      every: minute,
      idle: () => true,
      // checkLeftoverEndpoints, once at the start: of a Service that went while no process looked nothing else tells.
      *run(io): Generator<ApiRequest, void, unknown> {
        for (const { metadata } of io.read.list('v1/Endpoints'))
          if (metadata.annotations?.[leaderAnnotation] === undefined) io.requeue(keyOf({ metadata }), 0)
      },
    },
  ],
  reconcile: (key, io) => reconcileService(io, key),
})

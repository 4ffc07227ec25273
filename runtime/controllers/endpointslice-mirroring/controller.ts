import type { KubeObject } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { Endpoints, Service } from '../../../api/types/core-v1.generated.ts'
import type { EndpointSlice } from '../../../api/types/discovery-v1.generated.ts'
import { namespaceTerminates, type Refusal } from '../../client/call.ts'
import { labelIndex } from '../../client/indexes.ts'
import { keyOf } from '../../client/object-key.ts'
import { second } from '../../kernel/micros.ts'
import { done, type Controller, type Io, type Result, type WatchIo } from '../../reconcile/controller.ts'
import { managedByLabel, serviceKeyOf, serviceNameLabel } from '../../reconcile/slice-names.ts'
import { createSliceTracker, type SliceTracker } from '../../reconcile/slice-tracker.ts'
import { decideMirrors, mirrorManager } from './decide-mirrors.ts'

// pkg/controller/endpointslicemirroring/endpointslicemirroring_controller.go

const endpointsKind = 'v1/Endpoints'
const sliceKind = 'discovery.k8s.io/v1/EndpointSlice'
const skipLabel = 'endpointslice.kubernetes.io/skip-mirror'
const leaderAnnotation = 'control-plane.alpha.kubernetes.io/leader'

const shouldMirror = ({ metadata }: KubeObject): boolean =>
  metadata.labels?.[skipLabel] !== 'true' && metadata.annotations?.[leaderAnnotation] === undefined

const isMirror = (slice: KubeObject): boolean => slice.metadata.labels?.[managedByLabel] === mirrorManager
const trackerOf = (io: { readonly memory: unknown }): SliceTracker => io.memory as SliceTracker

const ofSlice = (object: KubeObject, io: WatchIo, before?: KubeObject): readonly string[] => {
  const slice = object as EndpointSlice
  const key = serviceKeyOf(slice)
  if (key === undefined) return []
  const tracker = trackerOf(io)
  if (io.read.get(sliceKind, keyOf(slice)) === undefined)
    return isMirror(slice) && tracker.has(slice) && !tracker.deleted(slice) ? [key] : []
  const moved = before !== undefined && isMirror(before) !== isMirror(slice)
  return moved || (isMirror(slice) && tracker.shouldReconcile(slice)) ? [key] : []
}

const hasSelector = (service: KubeObject): boolean => (service as Service).spec?.selector !== undefined

function* removeAll(io: Io, key: string, slices: readonly EndpointSlice[]): Generator<ApiRequest, Result, unknown> {
  trackerOf(io).forget(key)
  const errors: string[] = []
  for (const slice of slices) {
    const answer = yield* io.write.delete(slice)
    if (!answer.ok) errors.push(answer.message)
  }
  return errors.length === 0 ? done : { retry: `error(s) deleting EndpointSlices for ${key}: ${errors[0]!}` }
}

function* mirror(
  io: Io,
  endpoints: Endpoints,
  slices: readonly EndpointSlice[],
  max: number,
): Generator<ApiRequest, Result, unknown> {
  const tracker = trackerOf(io)
  const plan = decideMirrors(endpoints, slices, max)
  if (plan.invalid > 0) {
    const message = `Skipped ${plan.invalid} invalid IP addresses when mirroring to EndpointSlices`
    io.event(endpoints, 'Warning', 'InvalidIPAddress', message)
  }
  if (plan.skipped > plan.invalid) {
    const message = `A max of ${max} addresses can be mirrored to EndpointSlices per Endpoints subset. ${plan.skipped} addresses were skipped`
    io.event(endpoints, 'Warning', 'TooManyAddressesToMirror', message)
  }
  const failed = (what: string, { message }: Refusal): Result => ({
    retry: `failed to ${what} EndpointSlice for Endpoints ${keyOf(endpoints)}: ${message}`,
  })
  if (endpoints.metadata.deletionTimestamp === undefined) {
    for (const slice of plan.create) {
      const answer = yield* io.write.create(slice)
      if (answer.ok) tracker.wrote(answer.object as EndpointSlice)
      else return namespaceTerminates(answer) ? done : failed('create', answer)
    }
  }
  for (const slice of plan.update) {
    const answer = yield* io.write.update(slice as KubeObject)
    if (!answer.ok) return failed(`update ${slice.metadata.name ?? ''}`, answer)
    tracker.wrote(answer.object as EndpointSlice)
  }
  for (const slice of plan.remove) {
    const answer = yield* io.write.delete(slice)
    if (!answer.ok) return failed(`delete ${slice.metadata.name ?? ''}`, answer)
    tracker.expectDeletion(slice)
  }
  return done
}

/** kube-controller-manager's endpointslice-mirroring-controller: Endpoints of Services without selector become slices. */
export const endpointSliceMirroring = (workers = 5, max = 1000): Controller => ({
  name: 'endpointslicemirroring-controller',
  eventSource: 'endpoint-slice-mirroring-controller',
  reconciles: endpointsKind,
  workers,
  maxRetries: 15,
  backoff: { base: second, max: 100 * second },
  indexes: { [sliceKind]: [labelIndex(serviceNameLabel)] },
  memory: createSliceTracker,
  watches: {
    [endpointsKind]: (object, _io, before) =>
      shouldMirror(object) || (before !== undefined && shouldMirror(before)) ? [keyOf(object)] : [],
    'v1/Service': (object, _io, before) => {
      if (before === undefined || before === object) return hasSelector(object) ? [] : [keyOf(object)]
      return hasSelector(object) === hasSelector(before) ? [] : [keyOf(object)]
    },
    [sliceKind]: ofSlice,
  },
  *reconcile(key, io): Generator<ApiRequest, Result, unknown> {
    const endpoints = io.read.get(key) as Endpoints | undefined
    const service = io.read.get('v1/Service', key)
    const slices = (io.read.indexed(sliceKind, `label:${serviceNameLabel}`, key) as readonly EndpointSlice[]).filter(
      isMirror,
    )
    if (endpoints === undefined || !shouldMirror(endpoints) || service === undefined || hasSelector(service))
      return yield* removeAll(io, key, slices)
    if (trackerOf(io).stale(key, slices)) return { retry: 'EndpointSlice informer cache is out of date' }
    return yield* mirror(io, endpoints, slices, max)
  },
})

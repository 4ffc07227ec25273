import type { Key } from '../../../api/kind.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { Node, Service } from '../../../api/types/core-v1.generated.ts'
import type { EndpointSlice } from '../../../api/types/discovery-v1.generated.ts'
import { namespaceTerminates, type Refusal } from '../../client/call.ts'
import { labelIndex, labelsIndex } from '../../client/indexes.ts'
import { millisecond, second } from '../../kernel/micros.ts'
import { done, type Controller, type Io, type Result, type WatchIo } from '../../reconcile/controller.ts'
import {
  podsSelected,
  servicesOfPod,
  triggerTime,
  triggerTimeAnnotation,
  type TriggerTimes,
} from '../../reconcile/service-endpoints.ts'
import { addressTypesOf, decideSlices, type AddressType, type SliceDraft, type SlicePlan } from './decide-slices.ts'
import {
  addHints,
  createTopologyCache,
  forgetHints,
  hintsEnabled,
  overloadedServices,
  zoneRatios,
  type HintPlan,
  type TopologyCache,
} from './topology-hints.ts'
import { managedByLabel, serviceKeyOf, serviceNameLabel, sliceManager } from '../../reconcile/slice-names.ts'
import { createSliceTracker, type SliceTracker } from '../../reconcile/slice-tracker.ts'

const sliceKind = 'discovery.k8s.io/v1/EndpointSlice'
/** endpointslice_controller.go: endpointSliceChangeMinSyncDelay. */
const sliceChangeDelay = second

interface Memory {
  readonly tracker: SliceTracker
  readonly times: TriggerTimes
  readonly topology: TopologyCache
}

const memoryOf = (io: { readonly memory: unknown }): Memory => io.memory as Memory

const isManaged = (slice: KubeObject): boolean => slice.metadata.labels?.[managedByLabel] === sliceManager

/** onEndpointSliceAdd, -Update, -Delete. */
const servicesOfSlice = (object: KubeObject, io: WatchIo, before?: KubeObject): readonly Key[] => {
  const slice = object as EndpointSlice
  const { tracker } = memoryOf(io)
  const keys = [serviceKeyOf(slice), before === undefined ? undefined : serviceKeyOf(before)].filter(
    (key) => key !== undefined,
  )
  const gone = io.read.get(sliceKind, `${slice.metadata.namespace ?? ''}/${slice.metadata.name ?? ''}`) === undefined
  if (gone) return isManaged(slice) && tracker.has(slice) && !tracker.deleted(slice) ? keys.slice(0, 1) : []
  if (before !== undefined && before.metadata.labels?.[serviceNameLabel] !== slice.metadata.labels?.[serviceNameLabel])
    return keys
  const moved = before !== undefined && isManaged(before) !== isManaged(slice)
  return moved || (isManaged(slice) && tracker.shouldReconcile(slice)) ? keys.slice(0, 1) : []
}

const zoneOf = (node: KubeObject): string | undefined => node.metadata.labels?.['topology.kubernetes.io/zone']
const isReady = (node: KubeObject): boolean =>
  (node as Node).status?.conditions?.find((one) => one.type === 'Ready')?.status === 'True'

/** addNode, updateNode, deleteNode */
const onNode = (node: KubeObject, io: WatchIo, before?: KubeObject): readonly Key[] => {
  if (before === undefined || zoneOf(before) !== zoneOf(node) || isReady(before) !== isReady(node)) io.wake('topology')
  return []
}

const withTrigger = (slice: SliceDraft, trigger: string): SliceDraft => {
  const { [triggerTimeAnnotation]: _before, ...annotations } = slice.metadata.annotations ?? {}
  const next = trigger === '' ? annotations : { ...annotations, [triggerTimeAnnotation]: trigger }
  const { annotations: _annotations, ...metadata } = slice.metadata
  return { ...slice, metadata: Object.keys(next).length === 0 ? metadata : { ...metadata, annotations: next } }
}

/** finalize: creates, updates, deletes; the first refusal ends it. */
function* apply(
  io: Io<Service>,
  service: Service,
  plan: SlicePlan,
  trigger: string,
): Generator<ApiRequest, string | undefined, unknown> {
  const { tracker } = memoryOf(io)
  const where = `${service.metadata.namespace ?? ''}/${service.metadata.name ?? ''}`
  const refused = (what: string, answer: Refusal): string =>
    `failed to ${what} EndpointSlice for Service ${where}: ${answer.message}`
  if (service.metadata.deletionTimestamp === undefined) {
    for (const slice of plan.create) {
      const answer = yield* io.write.create(withTrigger(slice, trigger))
      if (answer.ok) tracker.wrote(answer.object as EndpointSlice)
      else return namespaceTerminates(answer) ? undefined : refused('create', answer)
    }
  }
  for (const slice of plan.update) {
    const answer = yield* io.write.update(withTrigger(slice, trigger) as unknown as KubeObject)
    if (answer.ok) tracker.wrote(answer.object as EndpointSlice)
    else return refused(`update ${slice.metadata.name ?? ''}`, answer)
  }
  for (const slice of plan.remove) {
    const answer = yield* io.write.delete(slice)
    if (answer.ok) tracker.expectDeletion(slice)
    else return refused(`delete ${slice.metadata.name ?? ''}`, answer)
  }
  return undefined
}

function* reconcileService(io: Io<Service>, key: Key, maxEndpoints: number): Generator<ApiRequest, Result, unknown> {
  const { tracker, times, topology } = memoryOf(io)
  const service = io.read.get(key)
  if (service === undefined) {
    times.delete(key)
    tracker.forget(key)
    return done
  }
  const { selector, type } = service.spec ?? {}
  if (type === 'ExternalName' || selector === undefined) return done
  const pods = podsSelected(io.read, service.metadata.namespace ?? '', selector)
  const slices = (io.read.indexed(sliceKind, `label:${serviceNameLabel}`, key) as readonly EndpointSlice[]).filter(
    (slice) => isManaged(slice) && slice.metadata.deletionTimestamp === undefined,
  )
  if (tracker.stale(key, slices)) return { retry: 'EndpointSlice informer cache is out of date' }
  const trigger = triggerTime(times, service, pods)
  const types = addressTypesOf(service)
  const errors: string[] = []
  const auto = hintsEnabled(service)
  for (const addressType of types) {
    let events: HintPlan['events'] = []
    if (!auto) {
      if (topology.populated.has(key)) {
        const message = `Topology Aware Hints has been disabled, addressType: ${addressType}`
        events = [{ type: 'Warning', reason: 'TopologyAwareHintsDisabled', message }]
      }
      forgetHints(topology, key, addressType)
    }
    const plan = decideSlices({
      service,
      pods,
      slices: slices.filter((slice) => slice.addressType === addressType),
      addressType,
      maxEndpoints,
      nodeOf: (name) => io.read.get('v1/Node', name) as Node | undefined,
      ...(auto
        ? {
            hint: (set) => {
              const hinted = addHints(topology, { key, addressType }, set)
              ;({ events } = hinted)
              return hinted
            },
          }
        : {}),
    })
    const error = yield* apply(io, service, plan, trigger)
    errors.push(...plan.errors, ...(error === undefined ? [] : [error]))
    if (error === undefined) for (const { type, reason, message } of events) io.event(service, type, reason, message)
  }
  for (const slice of slices) {
    if ((types as readonly string[]).includes(slice.addressType)) continue
    forgetHints(topology, key, slice.addressType as AddressType)
    const answer = yield* io.write.delete(slice)
    if (answer.ok) tracker.expectDeletion(slice)
    else errors.push(`error deleting ${slice.metadata.name ?? ''} EndpointSlice for Service ${key}: ${answer.message}`)
  }
  if (errors.length === 0) return done
  const message = errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]`
  io.event(
    service,
    'Warning',
    'FailedToUpdateEndpointSlices',
    `Error updating Endpoint Slices for Service ${key}: ${message}`,
  )
  return { retry: message }
}

/** kube-controller-manager's endpointslice-controller: pkg/controller/endpointslice over k8s.io/endpointslice. */
export const endpointSliceController = (workers = 5, maxEndpoints = 100): Controller<Service> => ({
  name: 'endpointslice-controller',
  eventSource: 'endpoint-slice-controller',
  reconciles: 'v1/Service',
  workers,
  maxRetries: 15,
  backoff: { base: second, max: 1000 * second },
  indexes: { 'v1/Pod': [labelsIndex], [sliceKind]: [labelIndex(serviceNameLabel)] },
  memory: (): Memory => ({ tracker: createSliceTracker(), times: new Map(), topology: createTopologyCache() }),
  watches: { 'v1/Pod': servicesOfPod, [sliceKind]: servicesOfSlice, 'v1/Node': onNode },
  loops: [
    {
      name: 'topology',
      first: 0,
      every: millisecond,
      tag: 'progress',
      idle: () => true,
      // checkNodeTopologyDistribution; upstream has a queue of its own for it. It runs before the first Service is looked at.
      *run(io): Generator<ApiRequest, void, unknown> {
        const { topology } = memoryOf(io)
        topology.ratios = zoneRatios(io.read.list('v1/Node') as readonly Node[])
        for (const key of overloadedServices(topology)) io.requeue(key, 0)
      },
    },
  ],
  delay: (event) => (event.object.kind === 'EndpointSlice' ? sliceChangeDelay : 0),
  reconcile: (key, io) => reconcileService(io, key, maxEndpoints),
})

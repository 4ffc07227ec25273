import { structuralEqual } from '../../api/json/structural-equal.ts'
import type { Key } from '../../api/kind.ts'
import type { KubeObject } from '../../api/object.ts'
import { selectorFromSet } from '../../api/selectors/label-selector.ts'
import type { Pod, Service, ServicePort } from '../../api/types/core-v1.generated.ts'
import { labelsIndex } from '../client/indexes.ts'
import { keyOf } from '../client/object-key.ts'
import { isPodReady, isPodTerminal, podCondition } from './pod-state.ts'
import type { Io, WatchIo } from './controller.ts'

// k8s.io/endpointslice/util: what the Endpoints and the EndpointSlice controller share.

/** ShouldPodBeInEndpoints. */
export const podIsEndpoint = (pod: Pod, includeTerminating: boolean): boolean => {
  if (isPodTerminal(pod)) return false
  if ((pod.status?.podIP ?? '') === '' && (pod.status?.podIPs ?? []).length === 0) return false
  return includeTerminating || pod.metadata.deletionTimestamp === undefined
}

/** ShouldSetHostname. */
export const hostnameOf = (pod: Pod, service: Service): string | undefined => {
  const { hostname = '', subdomain = '' } = pod.spec ?? {}
  return hostname !== '' && subdomain === service.metadata.name ? hostname : undefined
}

/** FindPort: the number behind a Service port on this pod. */
export const findPort = (pod: Pod, port: ServicePort): number | undefined => {
  const target = port.targetPort ?? port.port
  if (typeof target === 'number') return target
  const sidecars = (pod.spec?.initContainers ?? []).filter((one) => one.restartPolicy === 'Always')
  for (const container of [...(pod.spec?.containers ?? []), ...sidecars]) {
    for (const one of container.ports ?? []) {
      if (one.name === target && (one.protocol ?? 'TCP') === (port.protocol ?? 'TCP')) return one.containerPort
    }
  }
  return undefined
}

export const isHeadless = (service: Service): boolean => {
  const { clusterIP = '' } = service.spec ?? {}
  return clusterIP === 'None' || clusterIP === ''
}

type Labels = Readonly<Record<string, string>>

/** Services of a namespace that select labels, as long as the namespace's list of Services is the same: pods of a template share labels. */
const selecting = new WeakMap<Labels, { readonly among: readonly KubeObject[]; readonly keys: readonly Key[] }>()

const servicesFor = (namespace: string, labels: Labels, io: WatchIo): readonly Key[] => {
  const among = io.read.list('v1/Service', { namespace })
  const known = selecting.get(labels)
  if (known?.among === among) return known.keys
  const keys = among
    .filter((service) => {
      const { selector } = (service as Service).spec ?? {}
      return selector !== undefined && selectorFromSet(selector).matches(labels)
    })
    .map(keyOf)
  selecting.set(labels, { among, keys })
  return keys
}

/** Pods of a namespace that a Service's selector matches, in key order. Its controller files pods by their labels. */
export const podsSelected = (read: Io['read'], namespace: string, selector: Labels): readonly Pod[] => {
  const matching = selectorFromSet(selector)
  const [key] = Object.keys(selector)
  const some =
    key === undefined
      ? read.list('v1/Pod', { namespace })
      : read.indexed('v1/Pod', labelsIndex.name, `${namespace}/${key}=${selector[key]!}`)
  return (some as readonly Pod[]).filter((pod) => matching.matches(pod.metadata.labels))
}

const changed = (before: Pod, pod: Pod): boolean => {
  // Upstream compares pointers: two versions of a terminating pod always differ.
  if (before.metadata.deletionTimestamp !== undefined || pod.metadata.deletionTimestamp !== undefined) return true
  if (isPodReady(before) !== isPodReady(pod)) return true
  return !structuralEqual(before.status?.podIPs ?? [], pod.status?.podIPs ?? [])
}

/** GetPodUpdateProjectionKey, GetServicesToUpdate: Services whose endpoints a pod's event may change. */
export const servicesOfPod = (object: KubeObject, io: WatchIo, previous?: KubeObject): readonly Key[] => {
  const pod = object as Pod
  const before = previous as Pod | undefined
  const namespace = pod.metadata.namespace ?? ''
  const labels = pod.metadata.labels ?? {}
  if (before === undefined) return servicesFor(namespace, labels, io)
  if (before.metadata.resourceVersion === pod.metadata.resourceVersion) return []
  const podChanged = changed(before, pod)
  const labelsChanged =
    !structuralEqual(before.metadata.labels ?? {}, labels) ||
    before.spec?.hostname !== pod.spec?.hostname ||
    before.spec?.subdomain !== pod.spec?.subdomain
  if (!podChanged && !labelsChanged) return []
  const now = servicesFor(namespace, labels, io)
  if (!labelsChanged) return now
  const then = servicesFor(namespace, before.metadata.labels ?? {}, io)
  if (podChanged) return [...new Set([...now, ...then])]
  return [...now.filter((key) => !then.includes(key)), ...then.filter((key) => !now.includes(key))]
}

/** Times that the last reconcile of each Service knew: TriggerTimeTracker. */
export type TriggerTimes = Map<Key, { readonly pods: ReadonlyMap<string, string>; readonly service: string }>

/** ComputeEndpointLastChangeTriggerTime: the least of the times that have changed; '' if none has. Timestamps sort as text. */
export const triggerTime = (times: TriggerTimes, service: Service, pods: readonly Pod[]): string => {
  const key = keyOf(service)
  const known = times.get(key)
  const created = service.metadata.creationTimestamp ?? ''
  const readyTimes = new Map<string, string>()
  let least = ''
  const offer = (time: string, before: string): void => {
    if (time > before && (least === '' || time < least)) least = time
  }
  for (const pod of pods) {
    const time = podCondition(pod, 'Ready')?.lastTransitionTime
    if (time === undefined) continue
    const name = pod.metadata.name ?? ''
    readyTimes.set(name, time)
    offer(time, known?.pods.get(name) ?? '')
  }
  offer(created, known?.service ?? '')
  times.set(key, { pods: readyTimes, service: created })
  return known === undefined ? created : least
}

export const triggerTimeAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time'

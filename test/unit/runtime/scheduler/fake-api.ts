import { deepFreeze } from '../../../../api/json/deep-freeze.ts'
import type { KubeObject } from '../../../../api/object.ts'
import type { ApiRequest } from '../../../../api/protocol/request.ts'
import type { Resource } from '../../../../api/protocol/resource.ts'
import type { ApiResponse } from '../../../../api/protocol/response.ts'
import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'
import type { Pod } from '../../../../api/types/core-v1.generated.ts'
import type { Transport, WatchSink } from '../../../../runtime/client/transport.ts'
import type { Kernel } from '../../../../runtime/kernel/kernel.ts'

/** Just enough of an API server for the scheduler: watches, bindings, status patches, deletions. Answers after `latency`. */
export interface FakeApi {
  readonly transport: () => Transport
  readonly requests: ApiRequest[]
  put(object: unknown): void
  remove(kind: string, name: string, namespace?: string): void
  pod(name: string): Pod | undefined
  /** Answers instead of the fake where it returns something. */
  answer: ((request: ApiRequest) => ApiResponse | undefined) | undefined
}

const status = (code: number, reason: string, message: string): ApiResponse => ({
  code,
  body: { apiVersion: 'v1', kind: 'Status', metadata: {}, code, reason, message, status: 'Failure' },
})

export const createFakeApi = (kernel: Kernel, latency: number): FakeApi => {
  const scheme = builtinScheme()
  const objects = new Map<string, KubeObject>()
  const sinks: { readonly resource: Resource; readonly sink: WatchSink }[] = []
  const actor = kernel.actor('fake-api')
  let revision = 0
  const keyOf = (resource: Resource, namespace: string | undefined, name: string): string =>
    `${resource.id} ${resource.namespaced ? (namespace ?? 'default') : ''}/${name}`
  const tell = (resource: Resource, type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject): void => {
    for (const one of sinks) {
      if (one.resource === resource) kernel.after(latency, actor, () => one.sink.event({ type, object, cause: -1 }))
    }
  }
  const store = (object: KubeObject): void => {
    const resource = scheme.byKind(`${object.apiVersion}/${object.kind}`)!
    revision += 1
    const key = keyOf(resource, object.metadata.namespace, object.metadata.name)
    const known = objects.get(key)
    const stored = deepFreeze({ ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } })
    objects.set(key, stored)
    tell(resource, known === undefined ? 'ADDED' : 'MODIFIED', stored)
  }
  const remove = (resource: Resource, namespace: string | undefined, name: string): boolean => {
    const key = keyOf(resource, namespace, name)
    const object = objects.get(key)
    if (object === undefined) return false
    objects.delete(key)
    tell(resource, 'DELETED', object)
    return true
  }

  const api: FakeApi = {
    requests: [],
    answer: undefined,
    put: (object) => store(object as KubeObject),
    remove: (kind, name, namespace) => void remove(scheme.byKind(kind)!, namespace, name),
    pod: (name) => objects.get(keyOf(scheme.byKind('v1/Pod')!, 'default', name)) as Pod | undefined,
    transport: () => ({
      send(request, reply) {
        api.requests.push(request)
        kernel.after(latency, actor, () => {
          const response = api.answer?.(request) ?? serve(request)
          kernel.after(latency, actor, () => reply(response))
        })
      },
      watch(request, sink) {
        const entry = { resource: request.resource, sink }
        kernel.after(latency, actor, () => {
          for (const [key, object] of [...objects].sort()) {
            if (key.startsWith(`${request.resource.id} `)) sink.event({ type: 'ADDED', object, cause: -1 })
          }
          sink.event({ type: 'BOOKMARK', resourceVersion: String(revision), initialEventsEnd: true })
          sinks.push(entry)
        })
        return { close: () => void sinks.splice(sinks.indexOf(entry), 1) }
      },
      close: () => undefined,
    }),
  }

  const serve = (request: ApiRequest): ApiResponse => {
    const { verb, resource, subresource, namespace, name } = request
    const object = name === undefined ? undefined : objects.get(keyOf(resource, namespace, name))
    if (verb === 'create' && subresource === undefined) {
      const body = request.body as KubeObject
      store({ ...body, metadata: { ...body.metadata, namespace: namespace ?? 'default' } })
      return { code: 201, body }
    }
    if (object === undefined) return status(404, 'NotFound', `${resource.plural} "${name ?? ''}" not found`)
    if (subresource === 'binding') {
      const pod = object as Pod
      const { target } = request.body as { readonly target: { readonly name: string } }
      const { nominatedNodeName: _, ...rest } = pod.status
      store({ ...pod, spec: { ...pod.spec, nodeName: target.name }, status: rest } as KubeObject)
      return status(201, '', '')
    }
    if (verb === 'patch') {
      const pod = object as Pod
      const patch = (request.body as { readonly status: Record<string, unknown> }).status
      const conditions = (patch['conditions'] ?? []) as Pod['status']['conditions'] & object
      const kept = (pod.status?.conditions ?? []).filter((one) => !conditions.some((other) => other.type === one.type))
      const nominated = patch['nominatedNodeName']
      const { nominatedNodeName: before, ...rest } = pod.status ?? {}
      const node = nominated === undefined ? before : (nominated as string | null)
      store({
        ...pod,
        status: { ...rest, conditions: [...kept, ...conditions], ...(node == null ? {} : { nominatedNodeName: node }) },
      } as unknown as KubeObject)
      return { code: 200, body: object }
    }
    if (verb === 'delete') {
      const pod = object as Pod
      if ((pod.spec?.nodeName ?? '') === '') remove(resource, namespace, name!)
      else store({ ...pod, metadata: { ...pod.metadata, deletionTimestamp: '2026-01-01T00:00:30Z' } })
      return { code: 200, body: object }
    }
    return { code: 200, body: object }
  }
  return api
}

export const aNode = (name: string, cpu: string, more: object = {}): unknown => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, uid: name, labels: { 'kubernetes.io/hostname': name } },
  spec: {},
  status: { allocatable: { cpu, memory: '8Gi', pods: '110' } },
  ...more,
})

export const aPod = (name: string, cpu: string, spec: object = {}): unknown => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', uid: `uid-${name}`, labels: { app: name } },
  spec: { schedulerName: 'default-scheduler', containers: [{ name: 'c', resources: { requests: { cpu } } }], ...spec },
  status: { phase: 'Pending' },
})

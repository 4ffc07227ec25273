import type { KubeObject } from '../../../../api/object.ts'
import { objectSubject, resourceName } from '../../../../api/object-key.ts'
import type { ApiRequest } from '../../../../api/protocol/request.ts'
import type { Resource } from '../../../../api/protocol/resource.ts'
import type { ApiResponse } from '../../../../api/protocol/response.ts'
import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'
import type { Cluster, ClusterOptions, Process } from '../../../../runtime/cluster/cluster.ts'
import { createInterference } from '../../../../runtime/client/interference.ts'
import { createKernel, type Kernel } from '../../../../runtime/kernel/kernel.ts'
import { createState } from '../../../../runtime/record/create-state.ts'
import { createTimeline, type TimelineWriter } from '../../../../runtime/record/create-timeline.ts'

/** A cluster of nothing but a store: objects appear and change as a test's `plot` says, and as the script writes them. */
export interface FakeCluster extends Cluster {
  put(resource: string, object: object): void
  remove(resource: string, namespace: string | undefined, name: string): void
  emit(subject: string, reason: string, message?: string): void
  /** At an instant, for the cluster. */
  at(seconds: number, run: () => void, tag?: 'progress' | 'housekeeping'): void
  readonly requests: ApiRequest[]
  readonly processLog: string[]
}

export type Plot = (cluster: FakeCluster) => void

const merge = (before: unknown, patch: unknown): unknown => {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch
  const result: Record<string, unknown> = { ...(before as object | undefined) }
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = merge(result[key], value)
  }
  return result
}

const latency = 2_000

/** How the store answers: a refusal by name, or the write. */
const status = (code: number, reason: string, message: string): ApiResponse => ({
  code,
  body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason, message, code },
})

export const createFakeCluster = (
  options: ClusterOptions & { readonly epoch: number },
  plot: Plot,
  processes: readonly string[] = [],
): FakeCluster => {
  const kernel: Kernel = createKernel(options)
  const timeline: TimelineWriter = createTimeline(kernel)
  const state = createState(kernel, timeline, { revision: 1, objects: [] })
  timeline.subscribe((entry) => state.apply(entry))
  const actor = kernel.actor('fake')
  const scheme = builtinScheme()
  let revision = 1
  let uids = 0
  const requests: ApiRequest[] = []
  const processLog: string[] = []
  const up = new Map(processes.map((name) => [name, true]))

  const write = (resource: Resource, object: KubeObject | undefined, before: KubeObject | undefined): void => {
    revision += 1
    const about = (object ?? before)!.metadata
    kernel.cause = timeline.append(
      'revision',
      actor,
      object === undefined ? 'delete' : 'put',
      objectSubject(resource, about.namespace, about.name),
      Object.freeze({ revision, resource, object, before }),
    )
  }
  const complete = (resource: Resource, given: object, before: KubeObject | undefined): KubeObject => {
    const metadata = (given as { metadata?: object }).metadata ?? {}
    uids += before === undefined ? 1 : 0
    return Object.freeze({
      apiVersion: resource.apiVersion,
      kind: resource.kind,
      status: {},
      ...given,
      metadata: {
        ...(resource.namespaced ? { namespace: 'default' } : {}),
        uid: before?.metadata.uid ?? `uid-${uids}`,
        creationTimestamp: '2025-01-01T00:00:00Z',
        ...metadata,
        // What a write asks for is not what it gets.
        resourceVersion: String(revision + 1),
      },
    }) as never
  }
  const put = (name: string, given: object): void => {
    const resource = scheme.byName(name)!
    const { metadata } = given as { metadata: { name: string; namespace?: string } }
    const namespace = resource.namespaced ? (metadata.namespace ?? 'default') : undefined
    const before = state.get(resourceName(resource), namespace, metadata.name)
    write(resource, complete(resource, given, before), before)
  }
  const serve = (request: ApiRequest): ApiResponse => {
    const { resource } = request
    const name = request.name ?? (request.body as { metadata?: { name?: string } } | undefined)?.metadata?.name ?? ''
    const key = resourceName(resource)
    const before = state.get(key, request.namespace, name)
    if (request.verb === 'list') {
      return {
        code: 200,
        body: {
          kind: 'List',
          apiVersion: 'v1',
          metadata: { resourceVersion: '1' },
          items: state.list(key, request.namespace),
        },
      }
    }
    if (request.subresource === 'eviction') {
      if (before === undefined) return status(404, 'NotFound', `pods "${name}" not found`)
      if (before.metadata.annotations?.['test/budget'] === 'held') {
        return status(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.")
      }
      write(resource, undefined, before)
      return { code: 201, body: before }
    }
    if (request.verb === 'create') {
      if (before !== undefined) return status(409, 'AlreadyExists', `${key} "${name}" already exists`)
      const object = complete(resource, request.body as object, undefined)
      write(resource, object, undefined)
      return { code: 201, body: object }
    }
    if (before === undefined && request.patchType !== 'apply')
      return status(404, 'NotFound', `${key} "${name}" not found`)
    if (request.verb === 'get') return { code: 200, body: before! }
    if (request.verb === 'delete') {
      write(resource, undefined, before)
      return { code: 200, body: before! }
    }
    const object = complete(resource, merge(before, request.body) as object, before)
    write(resource, object, before)
    return { code: before === undefined ? 201 : 200, body: object }
  }

  const process = (name: string): Process => ({
    name,
    get up() {
      return up.get(name) === true
    },
    stop(how) {
      up.set(name, false)
      processLog.push(`${name} ${how}`)
      timeline.append('truth', actor, how, `components/${name}`, Object.freeze({ up: false }))
    },
    start() {
      up.set(name, true)
      processLog.push(`${name} start`)
      timeline.append('truth', actor, 'start', `components/${name}`, Object.freeze({ up: true }))
    },
  })
  const handles = new Map(processes.map((name) => [name, process(name)]))
  const powered = new Set(['node-1'])
  const turn = (what: string): (() => void) => {
    processLog.push(`turn ${what}`)
    return () => processLog.push(`back ${what}`)
  }

  const cluster: FakeCluster = {
    traffic: { load: () => undefined },
    usage: { load: () => undefined, metric: () => undefined },
    kernel,
    timeline,
    state,
    requests,
    processLog,
    put,
    remove(name, namespace, object) {
      const resource = scheme.byName(name)!
      write(resource, undefined, state.get(resourceName(resource), namespace, object))
    },
    emit(subject, reason, message = '') {
      kernel.cause = timeline.append(
        'emission',
        actor,
        reason,
        subject,
        Object.freeze({ type: 'Normal', reason, message, source: 'fake' }),
      )
    },
    at(seconds, run, tag = 'progress') {
      kernel.at(Math.round(seconds * 1_000_000), actor, run, { tag })
    },
    addBehavior() {},
    addNode: () => '',
    removeNode() {},
    scheme: () => scheme,
    connect: () => ({
      send(request, reply) {
        requests.push(request)
        kernel.after(latency, actor, () => reply(serve(request)))
      },
      watch: () => ({ close() {} }),
      close() {},
    }),
    admin: { kind: 'certificate', commonName: 'kscn', organizations: ['system:masters'] },
    process: (name) => handles.get(name),
    cachesOf: () => undefined,
    processes: () => [...handles.keys()],
    machine: (name) =>
      name === 'node-1'
        ? {
            name,
            zone: 'a',
            get powered() {
              return powered.has(name)
            },
            powerOff() {
              powered.delete(name)
              processLog.push('power off')
            },
            powerOn() {
              powered.add(name)
              processLog.push('power on')
            },
            shutDown() {
              this.powerOff()
              return () => this.powerOn()
            },
            putManifest: (file) => void processLog.push(`put ${file}`),
            removeManifest: (file) => processLog.push(`remove ${file}`) > 0,
          }
        : undefined,
    machines: () => ['node-1'],
    servers: () => [],
    standIn: true,
    dials: {
      interference: createInterference(),
      slowEtcd: (members) => turn(`slow ${members.join(' ')}`),
      compactEtcd: () => void turn('compact'),
      lagWatchCache: (server) => turn(`lag ${server}`),
      skewClock: (node) => turn(`skew ${node}`),
      take: (node, pressure) => turn(`${pressure} ${node}`),
      disturbRegistry: (host, { kind }) => turn(`${kind} ${host}`),
    },
    network: {
      cut(from, to) {
        processLog.push(`cut ${from} ${to}`)
        return () => processLog.push(`heal ${from} ${to}`)
      },
      delay: () => () => undefined,
    },
  }
  plot(cluster)
  return cluster
}

import type { KubeObject } from '../../../../api/object.ts'
import type { ApiRequest } from '../../../../api/protocol/request.ts'
import type { ApiResponse } from '../../../../api/protocol/response.ts'
import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'
import type { Scheme } from '../../../../api/scheme/scheme.ts'
import { createApiServer } from '../../../../runtime/apiserver/create-api-server.ts'
import type { Transport } from '../../../../runtime/client/transport.ts'
import { timestamp } from '../../../../runtime/client/timestamp.ts'
import { createHeartbeats, type HeartbeatBoard } from '../../../../runtime/cluster/create-heartbeats.ts'
import { startObjects } from '../../../../runtime/cluster/start-objects.ts'
import { builtinControllers } from '../../../../runtime/controllers/registry.ts'
import { createEtcd } from '../../../../runtime/etcd/create-etcd.ts'
import { createStartState } from '../../../../runtime/etcd/start-state.ts'
import type { Actor } from '../../../../runtime/kernel/actor.ts'
import { createKernel, type Kernel } from '../../../../runtime/kernel/kernel.ts'
import { millisecond, second, type Micros } from '../../../../runtime/kernel/micros.ts'
import type { Trace } from '../../../../runtime/kernel/trace.ts'
import { createControllerManager } from '../../../../runtime/reconcile/controller-manager.ts'
import type { Revision } from '../../../../runtime/record/revision.ts'
import { createArrivalOrder } from './arrival-order.ts'
import { createAuditLog, isConflict, toMs, type AuditEntry } from './audit-log.ts'
import { defaultNode } from './default-node.ts'
import type { JsonMap, RecordedCase } from './recorded-case.ts'
import type { Bindings } from './symbols.ts'
import { createUsage, type Usage } from './usage.ts'

/**
 * What the recording does not tell and may fall either way: how long a request takes, and the phase of the loops that have a period of
 * their own (README: exact to that period).
 */
export interface Circumstances {
  /** From a controller to the server, for writes and for reads. */
  readonly way: Micros
  readonly readWay: Micros
  /** How much longer the controllers run before time 0. */
  readonly phase: Micros
}

/** How long things take here: close to the recorder's machine, where a write took a few milliseconds. */
const serverLatency = 700
const fsync = 2 * millisecond
const watchDelay = 0
/** Requests that a client sends at once do not arrive at once: its goroutines take turns. */
const spacing = 1500

/**
 * The controllers start this long before time 0, in step with the recorded rounds of the pod garbage collector (every 20 s) and of
 * the volume binder (every 15 s; otherwise one was just before).
 */
const bootTimeOf = (recorded: RecordedCase): number => {
  const collected = recorded.trace.find((entry) => entry.by === 'pod-garbage-collector')
  if (collected !== undefined) return 40 * second - Math.max(0, (collected.ms % 20_000) - 5) * millisecond
  const stepBefore = (ms: number): number => Math.max(...recorded.steps.map(({ at }) => at).filter((at) => at <= ms))
  const resynced = recorded.trace.find(
    (entry) => entry.by === 'persistent-volume-binder' && entry.ms - stepBefore(entry.ms) > 1000,
  )
  return 45 * second + (resynced === undefined ? 100 : -(resynced.ms % 15_000) + 5) * millisecond
}

const flagsOf = (text: string | undefined): Record<string, string> => {
  const flags: Record<string, string> = {}
  for (const match of (text ?? '').matchAll(/--([a-z0-9-]+)=(\S+)/g)) flags[match[1]!] = match[2]!
  return flags
}

export interface StageSetup {
  readonly circumstances: Circumstances
  readonly recorded: RecordedCase
  readonly bindings: Bindings
  /** Window of what arrives now. */
  readonly window: () => number
  /** Every revision, as it is committed. */
  readonly committed: (revision: Revision) => void
  /** Gives a recorded node the values of this run. */
  readonly resolve: (node: JsonMap) => JsonMap
}

/** A control plane for one case: etcd, API server and controllers, but neither scheduler nor kubelet. */
export interface Stage {
  readonly kernel: Kernel
  readonly scheme: Scheme
  readonly heartbeats: HeartbeatBoard
  readonly usage: Usage
  readonly nodes: readonly KubeObject[]
  readonly log: readonly AuditEntry[]
  /** Sends the script's request, at once. */
  send(request: ApiRequest, step: number): void
  stop(): void
}

const baseSpec = {
  kubernetes: '1.36',
  profile: 'instant',
  clock: 0,
  namespaces: ['ns'],
  systemPods: false,
  nodes: [],
  pools: [],
  etcd: { members: 1, fsync: undefined },
  apiserver: { replicas: 1, latency: undefined },
  flags: {},
  features: {},
  storageClasses: [],
  registries: [],
  webhooks: [],
  controllers: [],
  schedulerConfig: undefined,
} as unknown as Parameters<typeof startObjects>[0]

export const createStage = (setup: StageSetup): Stage => {
  const { recorded, bindings } = setup
  const { way, readWay, phase } = setup.circumstances
  const epoch = recorded.epochMs * millisecond
  const bootTime = bootTimeOf(recorded) + phase
  const kernel = createKernel({ seed: recorded.id, startAt: -bootTime, epoch })
  const scheme = builtinScheme()
  const log = createAuditLog()
  const trace: Trace = {
    append(...[kind, , , , data]) {
      if (kind === 'revision') setup.committed(data as Revision)
      return 0
    },
  }
  const nodeResource = scheme.byKind('v1/Node')!
  const created = timestamp(epoch - bootTime)
  const nodes = (recorded.nodes ?? ['n1', 'n2', 'n3'].map(defaultNode)).map((node, index): KubeObject => {
    const object = setup.resolve(node)
    const metadata = object['metadata'] as JsonMap
    const uid = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
    return { ...object, metadata: { ...metadata, uid, creationTimestamp: created } } as unknown as KubeObject
  })
  const etcd = createEtcd({
    kernel,
    trace,
    name: 'etcd',
    fsync,
    start: createStartState([
      ...startObjects(baseSpec, created),
      ...nodes.map((object) => ({ resource: nodeResource, object })),
    ]),
  })
  const heartbeats = createHeartbeats(kernel)
  const server = createApiServer({
    kernel,
    trace,
    etcd,
    name: 'apiserver',
    scheme,
    latency: serverLatency,
    watchDelay,
    options: { alwaysAllow: true, heartbeats, identify: (object) => bindings.identify(object, setup.window()) },
  })
  for (const node of nodes) heartbeats.beat(node.metadata.name, -bootTime, 2 * second)
  const usage = createUsage(etcd, scheme)

  let freeAt = -bootTime
  const network = kernel.actor('network')
  const order = createArrivalOrder(recorded, bindings, { kernel, actor: network, window: setup.window })
  const connect = (actor: Actor): Transport => ({
    send(request, reply) {
      const metrics = usage.answer(request, timestamp(epoch + kernel.now))
      if (metrics !== undefined) {
        kernel.after(way + way, actor, () => reply(metrics))
        return
      }
      const by = request.credentials.kind === 'serviceaccount' ? request.credentials.name : 'kube-controller-manager'
      const serve = (lost?: () => void): void => {
        const [window, ms] = [setup.window(), toMs(kernel.now)]
        server.serve(request, (response) => {
          log.add({ window, ms, by, request, response })
          if (isConflict(response.body)) lost?.()
          kernel.after(way, actor, () => reply(response))
        })
      }
      if (request.verb === 'get' || request.verb === 'list') {
        kernel.after(readWay, actor, () => serve())
        return
      }
      const deliver = (lost: () => void): void => {
        const at = Math.max(kernel.now, freeAt)
        freeAt = at + spacing
        kernel.at(at, actor, () => serve(lost))
      }
      kernel.after(way, actor, () => order.offer(request, by, deliver))
    },
    watch(request, sink) {
      let closed = false
      const deliver = (run: () => void): void => {
        kernel.after(way, actor, () => {
          if (!closed) run()
        })
      }
      const watch = server.watch(request, {
        opened: (response) => response !== undefined && response.code >= 300 && deliver(() => sink.closed(response)),
        event: (event) => deliver(() => sink.event(event)),
        closed: () => deliver(() => sink.closed(undefined)),
      })
      return {
        close() {
          closed = true
          watch.close()
        },
      }
    },
    close: () => undefined,
  })
  const manager = createControllerManager({
    kernel,
    trace,
    transport: connect(network),
    name: 'kube-controller-manager',
    controllers: builtinControllers({ 'allocate-node-cidrs': 'true', ...flagsOf(recorded.flags) }),
    heartbeats,
    scheme,
    flags: { 'kube-api-qps': '400', 'kube-api-burst': '800' },
  })
  manager.start()

  return {
    kernel,
    scheme,
    heartbeats,
    usage,
    nodes,
    log: log.entries,
    send(request, step) {
      const [window, ms] = [setup.window(), toMs(kernel.now)]
      server.serve(request, (response: ApiResponse) => {
        const side = request.subresource === 'binding' || request.subresource === 'eviction'
        const pod = side ? etcd.get(request.resource, `${request.namespace ?? ''}/${request.name ?? ''}`) : undefined
        log.add({ window, ms, by: request.userAgent, request, response, step, pod: pod?.value })
      })
    },
    stop: () => manager.stop('crash'),
  }
}

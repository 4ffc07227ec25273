import { createSourceHost } from '../cli/source-host.ts'
import { compile } from '../dsl/compile.ts'
import { builtinScheme } from '../api/scheme/builtin-scheme.ts'
import type { ApiRequest, Credentials } from '../api/protocol/request.ts'
import type { Draft } from '../api/object.ts'
import type { ClusterSpec } from '../dsl/plan/cluster-spec.ts'
import { createApiServer } from '../runtime/apiserver/create-api-server.ts'
import { createClient } from '../runtime/client/client.ts'
import { startObjects } from '../runtime/cluster/start-objects.ts'
import { createHeartbeats } from '../runtime/cluster/create-heartbeats.ts'
import { createTransport } from '../runtime/cluster/create-transport.ts'
import { createEtcd } from '../runtime/etcd/create-etcd.ts'
import { createStartState } from '../runtime/etcd/start-state.ts'
import { startFiber } from '../runtime/kernel/fiber.ts'
import { createListeners } from '../runtime/kernel/listeners.ts'
import { createKernel } from '../runtime/kernel/kernel.ts'
import { createNetwork } from '../runtime/network/network.ts'
import { createTimeline } from '../runtime/record/create-timeline.ts'
import { defaultConfiguration } from '../runtime/scheduler/config/configuration.ts'
import { createScheduler } from '../runtime/scheduler/create-scheduler.ts'
import { benchNode, namespace, podNames, type Shape } from './scheduler-shapes.ts'

export interface ShapeFigures {
  readonly pods: number
  readonly seconds: number
  readonly peakBytes: number
}

const specOf = (): ClusterSpec => {
  const text = 'scenario "bench" {\n  cluster { profile instant }\n  wait 1s\n}\n'
  const { plan, diagnostics } = compile(['bench.kscn'], {
    ...createSourceHost(),
    read: (path) => ({ path, text }),
  })
  if (plan === undefined) throw new Error(diagnostics.map((one) => one.message).join('\n'))
  return plan.scenarios[0]!.cluster
}

const admin: Credentials = { kind: 'certificate', commonName: 'kscn', organizations: ['system:masters'] }

/** etcd, an API server and the scheduler, without latencies: what the oracle's bench starts, and nothing else. */
export const runShape = (shape: Shape): ShapeFigures => {
  const spec = specOf()
  const kernel = createKernel({ seed: '0', epoch: spec.clock })
  const trace = createTimeline(kernel)
  const scheme = builtinScheme()
  const etcd = createEtcd({
    kernel,
    trace,
    name: 'etcd/0',
    fsync: 0,
    start: createStartState(startObjects(spec, '2025-01-01T00:00:00Z')),
  })
  const server = createApiServer({
    kernel,
    trace,
    etcd,
    name: 'apiserver/0',
    scheme,
    latency: 0,
    watchDelay: 0,
    features: {},
    options: {
      disableAdmission: ['ServiceAccount', 'TaintNodesByCondition'],
      heartbeats: createHeartbeats(kernel),
    },
  })
  const network = createNetwork()
  const listeners = createListeners()
  const servers = [{ server, ends: ['apiserver/0'], up: (): boolean => true }]
  const connect = (name: string): ReturnType<typeof createTransport> =>
    createTransport({
      kernel,
      network,
      servers,
      actor: kernel.actor(name),
      ends: [name],
      jitter: 0,
      onServers: listeners.add,
    })
  const scheduler = createScheduler({
    kernel,
    trace,
    transport: () => connect('kube-scheduler'),
    scheme,
    name: 'kube-scheduler',
    settings: { ok: true, configuration: defaultConfiguration, qps: 0, burst: 0 },
    attemptTime: 0,
    refused(message) {
      throw new Error(message)
    },
  })
  etcd.start()
  server.start()
  scheduler.start()
  const client = createClient({ transport: connect('bench'), credentials: admin, userAgent: 'bench', scheme })
  const drain = (): void => {
    while (kernel.step(kernel.now)) continue
  }
  const send = (object: object): void => {
    startFiber(client.create(object as Draft), {
      perform: (request: ApiRequest, resume) => client.send(request, resume),
      finished(answer) {
        if (!answer.ok) throw new Error(answer.message)
      },
    })
  }
  send({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  for (const [name, value] of [
    ['bench-low', 1],
    ['bench-high', 1000],
  ] as const)
    send({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value })
  drain()
  for (let index = 0; index < shape.nodes; index += 1) send(benchNode(index))
  drain()

  const verdicts = { placed: 0, failed: 0 }
  trace.subscribe((entry) => {
    if (trace.kind(entry) === 'hop' && trace.action(entry) === 'bind') verdicts.placed += 1
    else if (trace.kind(entry) === 'verdict') verdicts.failed += 1
  })
  const work = (prefix: string, count: number, initial: boolean): number => {
    verdicts.placed = 0
    verdicts.failed = 0
    const objects = podNames(prefix, count).map((name, index) => shape.pod(name, initial, index))
    const started = process.hrtime.bigint()
    for (const object of objects) send(object)
    const done = (): boolean => (shape.fits ? verdicts.placed : verdicts.failed) >= count
    // Back-offs take virtual time; a minute of it is more than any of the shapes needs for one pod.
    for (let limit = kernel.now + 600_000_000; !done() && kernel.step(limit);) continue
    drain()
    if (!done()) throw new Error(`${shape.name}: only ${JSON.stringify(verdicts)} of ${count}`)
    return Number(process.hrtime.bigint() - started) / 1e9
  }
  work('init', shape.initial, true)
  const seconds = work('pod', shape.pods, false)
  return { pods: shape.pods, seconds, peakBytes: process.resourceUsage().maxRSS * 1024 }
}

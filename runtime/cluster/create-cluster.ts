import { builtinScheme } from '../../api/scheme/builtin-scheme.ts'
import type { Node } from '../../api/types/core-v1.generated.ts'
import { rfc3339Seconds } from '../apiserver/timestamps.ts'
import { createStartState, type StartState } from '../etcd/start-state.ts'
import type { ClusterSpec } from '../../dsl/plan/cluster-spec.ts'
import type { Credentials } from '../../api/protocol/request.ts'
import type { Transport } from '../client/transport.ts'
import type { Actor } from '../kernel/actor.ts'
import { interferedTransport } from '../client/interfered-transport.ts'
import { createInterference } from '../client/interference.ts'
import { toldTransport } from '../client/told-transport.ts'
import { createListeners } from '../kernel/listeners.ts'
import { createKernel } from '../kernel/kernel.ts'
import { second, type Micros } from '../kernel/micros.ts'
import { createNetwork } from '../network/network.ts'
import { networkPlugin } from '../network/network-plugin.ts'
import { createState } from '../record/create-state.ts'
import { createTimeline } from '../record/create-timeline.ts'
import { createBehaviors } from '../container-runtime/behaviors.ts'
import { createCacheViews } from './cache-views.ts'
import { createControlPlane } from './control-plane.ts'
import { createHeartbeats } from './create-heartbeats.ts'
import { tellRenewals } from './tell-renewals.ts'
import { createTransport } from './create-transport.ts'
import type { Cluster, CreateCluster, Process } from './cluster.ts'
import { createFleet } from './fleet.ts'
import { latencyProfile } from './latency-profile.ts'
import { createTraffic } from './create-traffic.ts'
import { createUsage } from './create-usage.ts'
import { createRegistries } from '../registry/create-registries.ts'
import { startCloud } from './start-cloud.ts'
import { startUserControllers } from './start-user-controllers.ts'
import { startObjects, type StartObject } from './start-objects.ts'
import { startSystemPods, systemPodsBootTime } from './system-pods.ts'
import type { World } from './world.ts'

/** The processes start this long before t=0: enough for every cache to be filled, little enough to cost nothing. */
const bootTimeOf = (spec: ClusterSpec): Micros => (spec.systemPods ? systemPodsBootTime : 10 * second)

interface Start {
  readonly etcd: StartState
  /** What etcd holds, with resource versions. */
  readonly objects: readonly StartObject[]
}
/** Start states by cluster: a booted cluster of a given shape is built once a process, and is frozen. */
const starts = new WeakMap<ClusterSpec, Start>()

const startOf = (spec: ClusterSpec): Start => {
  let start = starts.get(spec)
  if (start === undefined) {
    const etcd = createStartState(
      startObjects(spec, rfc3339Seconds(Math.floor(spec.clock / second) - bootTimeOf(spec) / second)),
    )
    const objects: StartObject[] = []
    for (const { resource, rows } of etcd.tables.values()) {
      rows.scan('', '', (row) => {
        objects.push({ resource, object: row.value })
      })
    }
    start = { etcd, objects }
    starts.set(spec, start)
  }
  return start
}

const admin: Credentials = { kind: 'certificate', commonName: 'kscn', organizations: ['system:masters'] }

/** Builds every component from the settings, in the order: etcd, API servers, controller manager, scheduler, nodes; and boots it. */
export const createCluster: CreateCluster = (spec, behaviors, options) => {
  const kernel = createKernel({ ...options, startAt: -bootTimeOf(spec), epoch: spec.clock })
  const timeline = createTimeline(kernel)
  const start = startOf(spec)
  const scheme = builtinScheme()
  const stateStart = { revision: start.etcd.revision, objects: start.objects }
  const state = createState(kernel, timeline, stateStart)
  timeline.subscribe((entry) => state.apply(entry))
  const processes = new Map<string, Process>()
  const serverListeners = createListeners()
  const latencies = latencyProfile(spec)
  const network = createNetwork()
  const servers: World['servers'] = []
  const interference = createInterference()
  const registries = createRegistries(kernel, spec.registries)
  const caches = createCacheViews(options.keepCaches === true)
  const tampered = (transport: Transport, actor: Actor): Transport =>
    options.tamper === undefined ? transport : options.tamper(transport, { actor, kernel })
  let watchCount = 0
  const told = (transport: Transport, actor: Actor): Transport =>
    options.tellWatches === true
      ? toldTransport(transport, { trace: timeline, actor, next: () => (watchCount += 1) })
      : transport
  const eager = options.eagerHeartbeats === true
  const heartbeats = createHeartbeats(kernel, { eager, takes: latencies.apiserver + latencies.etcdCommit })
  if (eager) tellRenewals(timeline, kernel.epoch, heartbeats)
  const world: World = {
    explain: options.explain,
    scripts: options.scripts,
    programs: options.programs,
    proxies: options.proxies === true,
    toldRules: new WeakSet(),
    manager: options,
    kernel,
    interference,
    registries,
    timeline,
    spec,
    scheme,
    latencies,
    network,
    heartbeats,
    tokens: options.tokens ?? new Map(),
    behaviors: createBehaviors(kernel, behaviors),
    load: {
      memory: (uid, container) => usage.demand.memory(uid, container),
      cpu: (uid, container) => usage.demand.cpu(uid, container),
      get anyMemory() {
        return usage.demand.anyMemory
      },
    },
    aggregated: (request) => usage.api(request),
    containerLogs: (question) => fleet.containerLog(question),
    leaders: new Map(),
    processes,
    servers,
    serversChanged: serverListeners.tell,
    onServers: serverListeners.add,
    connect(actor: Actor, ends: readonly string[]) {
      const plain = createTransport({
        kernel,
        network,
        servers,
        actor,
        ends,
        jitter: latencies.jitter,
        onServers: (listener) => world.onServers(listener),
        meet: (server, request) => interference.meet(server, request),
      })
      const met = interferedTransport(tampered(plain, actor), { kernel, actor, interference, ends })
      return caches.connected(actor.name, told(met, actor))
    },
  }
  const usage = createUsage(world, state, () => fleet)
  if (options.metrics === true) usage.measure()
  const controlPlane = createControlPlane(world, start.etcd)
  const fleet = createFleet(world, (name) => state.get('nodes', undefined, name) as Node | undefined)
  const cloud = startCloud(world, fleet.instances)
  startSystemPods(world)

  const controllers = startUserControllers(world)
  const boot = (): void => {
    controllers.start()
    while (kernel.step(-1)) continue
  }
  const { guard } = controllers
  if (guard === undefined) boot()
  else while (!guard(boot)) continue
  kernel.idleUntil(0)

  const cluster: Cluster = {
    kernel,
    timeline,
    state,
    start: stateStart,
    scheme: () => servers[0]!.server.scheme(),
    servers: () => servers,
    connect: (actor, link) => world.connect(actor, [link]),
    admin,
    process: (name) => processes.get(name) ?? world.leaders.get(name)?.(),
    processes: () => [
      ...processes.keys(),
      // Parts of whoever leads; the name of all replicas is no process of its own.
      ...[...world.leaders.keys()].filter((name) => state.truth(`components/${name}`) !== undefined),
    ],
    cachesOf: (name) => (processes.has(name) || world.leaders.has(name) ? caches.of(name) : undefined),
    machine: (name) => fleet.machine(name),
    machines: () => fleet.machines(),
    network: { cut: (from, to) => network.cut(from, to), delay: (from, to, by) => network.slow(from, to, by) },
    dials: {
      interference,
      ...controlPlane,
      skewClock: (node, by) => fleet.skewClock(node, by),
      take: (node, pressure, available) => fleet.take(node, pressure, available),
      disturbRegistry: (name, trouble) => registries.disturb(name, trouble),
    },
    addBehavior: (behavior) => world.behaviors.add(behavior),
    addNode: (pool) => fleet.add(pool),
    removeNode: (name) => fleet.remove(name),
    traffic: createTraffic({
      kernel,
      trace: timeline,
      state,
      network,
      paths: fleet,
      plugin: networkPlugin(spec.network),
      balanced: (address) => cloud?.balancers.hostsAt(address),
      up: (process) => processes.get(process)?.up === true,
    }),
    usage: usage.handle,
    ...(guard === undefined ? {} : { guard }),
  }
  return cluster
}

import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { Node, Pod } from '../../../api/types/core-v1.generated.ts'
import { nodeIndex } from '../../client/indexes.ts'
import { keyOf } from '../../client/object-key.ts'
import { parseTimestamp } from '../../client/timestamp.ts'
import { millisecond, second, type Micros } from '../../kernel/micros.ts'
import { done, type Controller, type Io, type Result } from '../../reconcile/controller.ts'
import { hasTaint, patchTaints, removeTaints, swapTaints } from '../../reconcile/node-taints.ts'
import { podCondition } from '../../reconcile/pod-state.ts'
import { decideHealth, decideNoScheduleTaints, readyOf, unknownConditions, type NodeHealth } from './decide-health.ts'
import { createTaintQueue, type TaintQueue } from './taint-queue.ts'
import { zoneOf, zoneState, type ZoneState } from './zone-state.ts'

type Steps<R> = Generator<ApiRequest, R, unknown>

/** kube-controller-manager's flags by upstream's names. */
export interface NodeLifecycleFlags {
  readonly monitorPeriod?: Micros
  readonly monitorGracePeriod?: Micros
  readonly startupGracePeriod?: Micros
  readonly evictionRate?: number
  readonly secondaryEvictionRate?: number
  readonly largeClusterThreshold?: number
  readonly unhealthyZoneThreshold?: number
}

type Settings = Required<NodeLifecycleFlags>

interface Memory {
  readonly known: Map<string, Node>
  readonly health: Map<string, NodeHealth>
  readonly zones: Map<string, ZoneState>
  readonly queues: Map<string, TaintQueue>
  /** Nodes whose pods could not all be marked. */
  readonly retry: Set<string>
  listening: boolean
}

const unreachable = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }
const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' }

const memoryOf = (io: { readonly memory: unknown }): Memory => io.memory as Memory

const reference = (node: Node): KubeObject =>
  ({ apiVersion: 'v1', kind: 'Node', metadata: { name: node.metadata.name, uid: node.metadata.uid } }) as KubeObject

const queueOf = (memory: Memory, node: Node, rate: number): TaintQueue => {
  const zone = zoneOf(node)
  let queue = memory.queues.get(zone)
  if (queue === undefined) {
    queue = createTaintQueue(rate)
    memory.queues.set(zone, queue)
  }
  return queue
}

/** controllerutil.MarkPodsNotReady. Whether all could be marked. */
function* markPodsNotReady(io: Io, pods: readonly Pod[]): Steps<boolean> {
  let all = true
  for (const pod of pods) {
    const ready = podCondition(pod, 'Ready')
    if (ready === undefined || ready.status === 'False') continue
    const next = { ...ready, status: 'False', lastTransitionTime: io.timestamp() }
    const conditions = (pod.status?.conditions ?? []).map((one) => (one === ready ? next : one))
    const answer = yield* io.write.updateStatus({ ...pod, status: { ...pod.status, conditions } } as Pod)
    if (answer.ok) io.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready')
    else if (answer.code !== 404) all = false
  }
  return all
}

/** markNodeAsReachable. */
function* markReachable(io: Io, node: Node, settings: Settings): Steps<void> {
  for (const taint of [unreachable, notReady]) {
    if (hasTaint(node, taint)) yield* patchTaints(io, node.metadata.name ?? '', removeTaints([taint]))
  }
  queueOf(memoryOf(io), node, settings.evictionRate).remove(node.metadata.name ?? '')
}

/** processTaintBaseEviction. */
function* taintByReadiness(io: Io, node: Node, status: string, settings: Settings): Steps<void> {
  if (status === 'True') {
    yield* markReachable(io, node, settings)
    return
  }
  const [wanted, opposite] = status === 'False' ? [notReady, unreachable] : [unreachable, notReady]
  if (hasTaint(node, opposite)) {
    yield* swapTaints(io, node, [wanted], [opposite])
    return
  }
  const queue = queueOf(memoryOf(io), node, settings.evictionRate)
  const name = node.metadata.name ?? ''
  if (!hasTaint(node, wanted)) queue.remove(name)
  if (queue.add(name) && queue.waiting) io.wake('taint')
}

/** One node's part of monitorNodeHealth: its Ready condition afterwards, undefined if it has none. */
function* monitorNode(io: Io, cached: Node, settings: Settings): Steps<string | undefined> {
  const memory = memoryOf(io)
  const name = cached.metadata.name ?? ''
  let node = cached
  const health = decideHealth({
    node,
    known: memory.health.get(name),
    now: io.now(),
    created: (parseTimestamp(node.metadata.creationTimestamp) ?? io.wall()) - (io.wall() - io.now()),
    renewal: io.heartbeats.last(name),
    period: settings.monitorPeriod,
  })
  memory.health.set(name, health)
  const observed = readyOf(node)?.status ?? 'Unknown'
  const grace = readyOf(node) === undefined ? settings.startupGracePeriod : settings.monitorGracePeriod
  if (io.now() > health.probe + grace && readyOf(node)?.status !== 'Unknown') {
    const conditions = unknownConditions(node, io.timestamp())
    const answer = yield* io.write.updateStatus({ ...node, status: { ...node.status, conditions } } as Node)
    if (!answer.ok) return observed
    node = answer.object as Node
  }
  const current = readyOf(node)?.status
  if (current === undefined) return undefined
  yield* taintByReadiness(io, node, current, settings)
  const fell = current !== 'True' && observed === 'True'
  if (fell) io.event(reference(node), 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`)
  if (fell || (memory.retry.has(name) && observed !== 'True')) {
    const pods = io.read.indexed('v1/Pod', 'node', name) as readonly Pod[]
    if (yield* markPodsNotReady(io, pods)) memory.retry.delete(name)
    else memory.retry.add(name)
  } else memory.retry.delete(name)
  return current
}

/** setLimiterInZone: HealthyQPSFunc, ReducedQPSFunc. */
const rateOf = (state: ZoneState, size: number, settings: Settings): number => {
  if (state !== 'PartialDisruption') return settings.evictionRate
  return size > settings.largeClusterThreshold ? settings.secondaryEvictionRate : 0
}

/** handleDisruption: tainting slows down in a zone in trouble, and stops when all zones are. */
function* handleDisruption(
  io: Io,
  nodes: readonly Node[],
  ready: ReadonlyMap<string, { up: number; down: number }>,
  settings: Settings,
): Steps<void> {
  const { zones, queues, health } = memoryOf(io)
  const next = new Map(
    [...ready].map(([zone, { up, down }]) => [zone, zoneState(up, down, settings.unhealthyZoneThreshold)] as const),
  )
  const allFull = [...next.values()].every((state) => state === 'FullDisruption')
  for (const zone of next.keys()) if (!zones.has(zone)) zones.set(zone, 'Initial')
  for (const zone of [...zones.keys()]) if (!next.has(zone)) zones.delete(zone)
  const wasFull = [...zones.values()].every((state) => state === 'FullDisruption')
  if (allFull && wasFull) return
  if (allFull) {
    for (const node of nodes) yield* markReachable(io, node, settings)
    for (const zone of zones.keys()) {
      queues.get(zone)?.swapLimiter(0, io.now())
      zones.set(zone, 'FullDisruption')
    }
    return
  }
  if (wasFull) {
    for (const [name, one] of health) health.set(name, { ...one, probe: io.now() })
  }
  for (const [zone, state] of next) {
    if (!wasFull && zones.get(zone) === state) continue
    const { up, down } = ready.get(zone)!
    queues.get(zone)?.swapLimiter(rateOf(state, up + down, settings), io.now())
    zones.set(zone, state)
  }
}

function* monitor(io: Io, settings: Settings): Steps<void> {
  const memory = memoryOf(io)
  if (!memory.listening) {
    memory.listening = true
    // Only silence is an event: while all nodes beat, nobody looks.
    io.heartbeats.subscribe(() => io.wake('monitor'))
  }
  const nodes = io.read.list('v1/Node') as readonly Node[]
  const present = new Set(nodes.map((node) => node.metadata.name ?? ''))
  for (const node of nodes) {
    const name = node.metadata.name ?? ''
    queueOf(memory, node, settings.evictionRate)
    if (memory.known.has(name)) continue
    // Before t=0 the cluster boots: the nodes it begins with were registered with an earlier life of this process.
    if (io.now() >= 0)
      io.event(reference(node), 'Normal', 'RegisteredNode', `Node ${name} event: Registered Node ${name} in Controller`)
    memory.known.set(name, node)
    yield* markReachable(io, node, settings)
  }
  for (const [name, node] of [...memory.known]) {
    if (present.has(name)) continue
    io.event(reference(node), 'Normal', 'RemovingNode', `Node ${name} event: Removing Node ${name} from Controller`)
    memory.known.delete(name)
    memory.health.delete(name)
  }
  const ready = new Map<string, { up: number; down: number }>()
  for (const node of nodes) {
    const status = yield* monitorNode(io, node, settings)
    const zone = zoneOf(node)
    const counts = ready.get(zone) ?? { up: 0, down: 0 }
    if (status === 'True') counts.up += 1
    else counts.down += 1
    ready.set(zone, counts)
  }
  yield* handleDisruption(io, nodes, ready, settings)
}

/** Whether another round would do nothing until a heartbeat ends or begins, or a node changes. */
const isQuiet = (io: Io): boolean => {
  const memory = memoryOf(io)
  if (memory.retry.size > 0 || io.heartbeats.eager === true) return false
  const nodes = io.read.list('v1/Node') as readonly Node[]
  if (nodes.length !== memory.known.size) return false
  const full = [...memory.zones.values()].every((state) => state === 'FullDisruption')
  return nodes.every((node) => {
    const status = readyOf(node)?.status
    const beats = io.heartbeats.beating(node.metadata.name ?? '')
    if (status === 'True') return beats && !hasTaint(node, unreachable) && !hasTaint(node, notReady)
    if (status === 'False') return beats && (full || hasTaint(node, notReady))
    return status === 'Unknown' && !beats && (full || hasTaint(node, unreachable))
  })
}

/** doNoExecuteTaintingPass. */
function* taintPass(io: Io): Steps<void> {
  for (const [, queue] of [...memoryOf(io).queues].sort((a, b) => (a[0] < b[0] ? -1 : 1))) {
    for (let name = queue.next(io.now()); name !== undefined; name = queue.next(io.now())) {
      const node = io.read.get('v1/Node', name) as Node | undefined
      const status = node === undefined ? undefined : readyOf(node)?.status
      let settled = true
      if (node !== undefined && status === undefined) settled = false
      else if (node !== undefined && status === 'False')
        settled = yield* swapTaints(io, node, [notReady], [unreachable])
      else if (node !== undefined && status === 'Unknown')
        settled = yield* swapTaints(io, node, [unreachable], [notReady])
      queue.settle(name, settled, io.now())
    }
  }
}

/** kube-controller-manager's node-lifecycle-controller: pkg/controller/nodelifecycle. */
export const nodeLifecycleController = (flags: NodeLifecycleFlags = {}): Controller<Node> => {
  const settings: Settings = {
    monitorPeriod: flags.monitorPeriod ?? 5 * second,
    monitorGracePeriod: flags.monitorGracePeriod ?? 50 * second,
    startupGracePeriod: flags.startupGracePeriod ?? 60 * second,
    evictionRate: flags.evictionRate ?? 0.1,
    secondaryEvictionRate: flags.secondaryEvictionRate ?? 0.01,
    largeClusterThreshold: flags.largeClusterThreshold ?? 50,
    unhealthyZoneThreshold: flags.unhealthyZoneThreshold ?? 0.55,
  }
  return {
    name: 'node-lifecycle-controller',
    account: 'node-controller',
    reconciles: 'v1/Node',
    workers: 8,
    indexes: { 'v1/Pod': [nodeIndex] },
    memory: (): Memory => ({
      known: new Map(),
      health: new Map(),
      zones: new Map(),
      queues: new Map(),
      retry: new Set(),
      listening: false,
    }),
    watches: {
      'v1/Node': (object, io) => {
        io.wake('monitor')
        return io.read.get(keyOf(object)) === undefined ? [] : [keyOf(object)]
      },
      'v1/Pod': (object, io, before) => {
        const node = (object as Pod).spec?.nodeName ?? ''
        if (node === '' || node === (before as Pod | undefined)?.spec?.nodeName) return []
        return io.read.get('v1/Pod', keyOf(object)) === undefined ? [] : [`pod:${keyOf(object)}`]
      },
    },
    loops: [
      {
        name: 'monitor',
        first: 0,
        every: settings.monitorPeriod,
        tag: 'housekeeping',
        run: (io) => monitor(io, settings),
        idle: isQuiet,
      },
      {
        name: 'taint',
        first: 0,
        every: 100 * millisecond,
        tag: 'progress',
        run: taintPass,
        idle: (io) => ![...memoryOf(io).queues.values()].some((queue) => queue.waiting),
      },
    ],
    *reconcile(key, io): Steps<Result> {
      if (key.startsWith('pod:')) {
        const pod = io.read.get('v1/Pod', key.slice(4)) as Pod | undefined
        const node = io.read.get(pod?.spec?.nodeName ?? '')
        const status = node === undefined ? undefined : readyOf(node)?.status
        if (pod === undefined || status === undefined || status === 'True') return done
        return (yield* markPodsNotReady(io, [pod])) ? done : { retry: 'the pod could not be marked' }
      }
      const node = io.read.get(key)
      if (node === undefined) return done
      const { add, remove } = decideNoScheduleTaints(node)
      if (add.length + remove.length === 0) return done
      return (yield* swapTaints(io, node, add, remove)) ? done : { retry: 'failed to swap taints' }
    },
  }
}

import type { Node, Pod, PodStatus } from '../../api/types/core-v1.generated.ts'
import type { Heartbeats } from '../client/heartbeats.ts'
import type { ContainerSizes } from '../container-runtime/cri.ts'
import { second } from '../kernel/micros.ts'
import { deadlineMessage, deadlineOf, deadlineReason } from './active-deadline.ts'
import { createAllocations } from './allocations.ts'
import { apiPodStatus } from './api-pod-status.ts'
import { createBackoff } from './backoff.ts'
import { createContainerGc } from './container-gc.ts'
import type { Context } from './context.ts'
import { createHousekeeping } from './housekeeping.ts'
import { createImageManager } from './image-manager.ts'
import { createSignals } from './eviction-signals.ts'
import { createImageGc } from './image-gc.ts'
import { createEvictionManager } from './eviction.ts'
import type { NodeFacts } from './node-object.ts'
import { createNodeShutdown } from './node-shutdown.ts'
import { createNodeStatusManager } from './node-status.ts'
import { createPleg, type PlegEvent } from './pleg.ts'
import { createPodCgroups } from './pod-cgroups.ts'
import { createPodHandlers } from './pod-handlers.ts'
import { createPodKiller } from './pod-killer.ts'
import { createPodResizes, type PodResizes } from './pod-resizes.ts'
import { createPodRuntime } from './pod-runtime.ts'
import type { PodSnapshot } from './pod-snapshot.ts'
import { createNodeSource, createPodSource, type SourceParts } from './pod-source.ts'
import { createPodSyncer } from './pod-syncer.ts'
import { createPodWorkers, type PodWorkers, type UpdateType } from './pod-workers.ts'
import { createPodTable } from './pod-table.ts'
import { createProbeManager } from './probe-manager.ts'
import { createProbeResults, type ProbeResult, type ProbeResults } from './probe-results.ts'
import type { ProbeType } from './probe-worker.ts'
import { createMirrorPods } from './mirror-pods.ts'
import type { StaticPodSource } from './static-pod-source.ts'
import { createReasonCache } from './reason-cache.ts'
import { isResizeInProgress } from './resize-action.ts'
import { createResizeConditions } from './resize-conditions.ts'
import { createStatusManager } from './status-manager.ts'
import { createVolumes } from './volumes.ts'
import { withReadyToStart } from './ready-to-start.ts'
import { createWorkQueue } from './work-queue.ts'

export interface NodeAgentParts {
  readonly context: Context
  readonly heartbeats: Heartbeats
  readonly source: SourceParts
  readonly staticPods: StaticPodSource
  readonly version: string
  readonly facts: (facts: NodeFacts) => NodeFacts
  readonly memoryInUse: (() => number) | undefined
  readonly joined: Node | undefined
  readonly withoutCgroups: boolean
}

export interface NodeAgent {
  start(): void
  stop(): void
}

const minimumBackoff = 10 * second

/** pkg/kubelet/kubelet.go: NewMainKubelet and the sync loop's handlers. One for each life of the kubelet. */
export const createNodeAgent = (parts: NodeAgentParts): NodeAgent => {
  const { context } = parts
  const { kernel, life, runtime, config, events } = context
  const table = createPodTable()
  const pods = table.byUid
  const reasons = createReasonCache()
  const podOf = (uid: string): Pod | undefined => pods.get(uid)
  const allocations = createAllocations(context.machine.disk)
  const cgroups = createPodCgroups(context.machine, parts.withoutCgroups)
  const resizes = createResizeConditions(() => context.time())
  const sizes = (id: string): ContainerSizes | undefined => runtime.container(id)?.sizes
  const mirrors = createMirrorPods(context, () => nodes.node())

  const loopTick = (period: number): number => {
    const base = context.startedAt + config.loopDelay
    return kernel.now < base ? Number.NEGATIVE_INFINITY : base + Math.floor((kernel.now - base) / period) * period
  }
  const crashLoop = createBackoff({
    initial: Math.min(minimumBackoff, config.maxContainerRestartPeriod),
    max: config.maxContainerRestartPeriod,
    now: () => kernel.now,
    collectedAt: () => loopTick(config.housekeepingPeriod),
  })

  /** Changed probe results on their way to the sync loop. */
  const updates: ProbeUpdate[] = []
  const takeUpdates = (): void => {
    for (const { kind, uid, id, result } of updates.splice(0)) {
      if (kind === 'liveness' && result !== 'failure') continue
      const containerId = `${runtime.name}://${id}`
      if (kind === 'readiness') statuses.setReadiness(uid, containerId, result === 'success')
      if (kind === 'startup') statuses.setStartup(uid, containerId, result === 'success')
      sync(podOf(uid))
    }
  }
  const resultsOf = (kind: ProbeType): ProbeResults =>
    createProbeResults((uid, id, result) => {
      updates.push({ kind, uid, id, result })
      if (updates.length === 1) life.after(0, takeUpdates)
    })
  const results = { readiness: resultsOf('readiness'), liveness: resultsOf('liveness'), startup: resultsOf('startup') }

  const probes = createProbeManager({ context, podOf, results, statuses: () => statuses })
  const statuses = createStatusManager({
    context,
    podOf,
    mirrorOf: (pod) => mirrors.of(pod),
    couldHaveRunningContainers: (uid) => workers.couldHaveRunningContainers(uid),
    changed(uid) {
      probes.statusChanged(uid)
      watchDeadline(podOf(uid))
    },
  })

  const pastDeadline = (pod: Pod): boolean => {
    const deadline = deadlineOf(pod, statuses.get(pod.metadata.uid ?? ''))
    return deadline !== undefined && kernel.epoch + kernel.now >= deadline
  }
  /** activeDeadlineHandler.ShouldSync is asked at each tick: the ticks from the deadline on are events. */
  const watchDeadline = (pod: Pod | undefined): void => {
    if (pod?.spec.activeDeadlineSeconds === undefined || workers.worker(pod.metadata.uid ?? '')?.finished === true)
      return
    const deadline = deadlineOf(pod, statuses.get(pod.metadata.uid ?? ''))
    if (deadline !== undefined) queue.tickAt(Math.max(deadline - kernel.epoch, kernel.now + 1))
  }
  const queue = createWorkQueue(context, (due) => {
    const wanted = new Set(due)
    for (const pod of pods.values()) {
      const late = pod.spec.activeDeadlineSeconds !== undefined && pastDeadline(pod)
      if (late || wanted.has(pod.metadata.uid ?? '')) sync(pod)
      if (pod.spec.activeDeadlineSeconds !== undefined) watchDeadline(pod)
    }
  })

  const status = (pod: Pod, snapshot: PodSnapshot, terminal: boolean): PodStatus =>
    apiPodStatus(
      {
        context,
        statuses,
        probes,
        reasons,
        resizes,
        cgroups,
        evicts: (one) => {
          if (!pastDeadline(one)) return undefined
          events.pod(one, 'Normal', deadlineReason, deadlineMessage)
          return { reason: deadlineReason, message: deadlineMessage }
        },
      },
      pod,
      snapshot,
      terminal,
    )

  const plegEvents = (found: readonly PlegEvent[]): void => {
    for (const event of found) {
      if (event.type !== 'removed') sync(podOf(event.uid))
      if (event.type === 'died') gc.cleanUp(pleg.get(event.uid), event.id)
    }
    gc.touched()
    eviction.arm()
    if (runtime.usesDisk()) imageGc.touched()
  }
  const pleg = createPleg(context, plegEvents)
  const killer = createPodKiller(context)
  const podRuntime = createPodRuntime({
    context,
    images: createImageManager(context, () => {
      nodes.imagePulled()
      imageGc.touched()
    }),
    killer,
    backoff: crashLoop,
    question: (pod, snapshot, restartAll) => ({
      pod,
      snapshot,
      restartAll,
      liveness: (id) => results.liveness.get(id),
      startup: (id) => results.startup.get(id),
      sizes,
      resources: cgroups.resources,
    }),
    sandboxReady(pod) {
      life.after(0, () => {
        const uid = pod.metadata.uid ?? ''
        statuses.set(pod, withReadyToStart(pod, statuses.get(uid) ?? pod.status))
      })
    },
    terminationRequested: (uid) => workers.terminationRequested(uid),
    removeContainer: (id) => runtime.removeContainer(id),
    cgroups,
    reinspect: (uid) => pleg.requestReinspect(uid),
  })
  const syncer = createPodSyncer({
    context,
    statuses,
    probes,
    reasons,
    killer,
    runtime: podRuntime,
    volumes: createVolumes(context),
    mirrors,
    resizes,
    resizing: (pod, snapshot) => isResizeInProgress(pod, snapshot, { sizes, resources: cgroups.resources }),
    status,
    again: (pod) => update('update', pod),
  })
  const workers: PodWorkers = createPodWorkers({
    context,
    pleg,
    queue,
    syncer,
    allocated: allocations.of,
    phased(uid) {
      gc.touched()
      housekeeping.touched()
      const pod = podOf(uid)
      if (pod !== undefined) statuses.reconcile(pod)
    },
  })
  const gc = createContainerGc(context, (uid) => workers.shouldContentBeRemoved(uid))
  const nodes = createNodeStatusManager({
    context,
    heartbeats: parts.heartbeats,
    pressures: () => eviction.pressures(),
    shuttingDown: () => shutdown.underWay,
    version: parts.version,
    facts: parts.facts,
    joined: parts.joined,
  })
  const signals = createSignals(context, parts.memoryInUse)
  const imageGc = createImageGc(context, signals.diskUsed, () => nodes.imagePulled())
  const activePods = (): readonly Pod[] => [...pods.values()].filter((pod) => !inactive(pod)).map(allocations.of)
  const shutdown = createNodeShutdown({
    context,
    activePods,
    kill: (pod, grace, status_, done) => workers.update({ type: 'kill', pod, kill: { grace, status: status_, done } }),
    changed: (atOnce) => (atOnce ? nodes.report() : nodes.touched()),
  })
  const eviction = createEvictionManager({
    context,
    signals,
    activePods,
    kill: (pod, grace, status_, done) =>
      workers.update({ type: 'kill', pod, kill: { evict: true, grace, status: status_, done } }),
    reclaimDisk() {
      gc.collectNow()
      imageGc.removeUnused()
    },
    cleanedUp: (uid) => workers.worker(uid)?.finished !== false,
    changed: () => nodes.touched(),
  })
  const housekeeping = createHousekeeping({
    context,
    pods,
    mirrors,
    workers,
    probes,
    statuses,
    allocations,
    update: (type, pod, more) => workers.update({ type, pod, ...more }),
    inactive,
  })

  function update(type: UpdateType, pod: Pod): void {
    workers.update({ type, pod })
  }
  function sync(pod: Pod | undefined): void {
    if (pod !== undefined) update('sync', pod)
  }
  function inactive(pod: Pod): boolean {
    const uid = pod.metadata.uid ?? ''
    if (workers.worker(uid) !== undefined && workers.knownTerminated(uid)) return true
    const ended = (phase: PodStatus['phase']): boolean => phase === 'Succeeded' || phase === 'Failed'
    return (ended(pod.status.phase) || ended(statuses.get(uid)?.phase)) && !workers.terminationRequested(uid)
  }

  const handlers = createPodHandlers({
    context,
    pods: table,
    mirrors,
    workers,
    statuses,
    allocations,
    resizes: () => podResizes,
    housekeeping,
    gc,
    pleg,
    node: () => nodes.node(),
    pressures: () => eviction.pressures(),
    shuttingDown: () => shutdown.underWay,
    inactive,
    update,
    watchDeadline,
  })
  const podResizes: PodResizes = createPodResizes({
    context,
    allocations,
    conditions: resizes,
    cgroups,
    podOf,
    admit: handlers.admit,
    makeRoom: handlers.makeRoom,
    sync(pod) {
      sync(pod)
      pleg.requestRelist(pod.metadata.uid ?? '')
    },
  })
  const podSource = createPodSource(parts.source, handlers.sink)
  const readManifests = (): void => handlers.manifests(parts.staticPods.list())
  let unsubscribe: (() => void) | undefined
  const nodeSource = createNodeSource(parts.source, (node) => {
    if (node !== undefined) nodes.seen(node)
  })

  return {
    start() {
      pleg.start()
      nodes.start()
      nodeSource.start()
      eviction.arm()
      imageGc.start()
      shutdown.start()
      // The sync loop begins after the PLEG: until then configuration waits in its channel.
      life.after(
        config.loopDelay,
        () => {
          unsubscribe = parts.staticPods.subscribe(readManifests)
          readManifests()
          podSource.start()
        },
        { label: `${context.actor.name} begins to watch its pods` },
      )
    },
    stop() {
      unsubscribe?.()
      shutdown.stop()
      podSource.stop()
      nodeSource.stop()
      nodes.stop()
    },
  }
}

interface ProbeUpdate {
  readonly kind: ProbeType
  readonly uid: string
  readonly id: string
  readonly result: ProbeResult
}

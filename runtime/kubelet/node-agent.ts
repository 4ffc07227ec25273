import type { Node, Pod, PodStatus } from '../../api/types/core-v1.generated.ts'
import { podQos } from '../../api/pods/qos.ts'
import type { Heartbeats } from '../client/heartbeats.ts'
import { second } from '../kernel/micros.ts'
import { deadlineMessage, deadlineOf, deadlineReason } from './active-deadline.ts'
import { admit } from './admission.ts'
import { apiPodStatus } from './api-pod-status.ts'
import { createBackoff } from './backoff.ts'
import { createContainerGc } from './container-gc.ts'
import type { Context } from './context.ts'
import { createHousekeeping } from './housekeeping.ts'
import { createImageManager } from './image-manager.ts'
import { createEvictionManager } from './eviction.ts'
import type { NodeFacts } from './node-object.ts'
import { createNodeStatusManager } from './node-status.ts'
import { createPleg, type PlegEvent } from './pleg.ts'
import { podChange } from './pod-config.ts'
import { createPodKiller } from './pod-killer.ts'
import { createPodRuntime } from './pod-runtime.ts'
import type { PodSnapshot } from './pod-snapshot.ts'
import { createNodeSource, createPodSource, type SourceParts } from './pod-source.ts'
import { createPodSyncer } from './pod-syncer.ts'
import { createPodWorkers, type PodWorkers, type UpdateType } from './pod-workers.ts'
import { createProbeManager } from './probe-manager.ts'
import { createProbeResults, type ProbeResult, type ProbeResults } from './probe-results.ts'
import type { ProbeType } from './probe-worker.ts'
import { createMirrorPods } from './mirror-pods.ts'
import { isMirrorPod, isStaticPod } from './static-pod.ts'
import type { StaticPodSource } from './static-pod-source.ts'
import { needsReadiness } from './needs-readiness.ts'
import { preemptionFailed, preemptPods, type KillStatus } from './preempt-pods.ts'
import { podsToPreempt } from './preemption.ts'
import { createReasonCache } from './reason-cache.ts'
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
  /** Desired pods by uid: upstream's pod manager. */
  const pods = new Map<string, Pod>()
  const reasons = createReasonCache()
  const podOf = (uid: string): Pod | undefined => pods.get(uid)
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
  }
  const pleg = createPleg(context, plegEvents)
  const killer = createPodKiller(context)
  const podRuntime = createPodRuntime({
    context,
    images: createImageManager(context, () => nodes.imagePulled()),
    killer,
    backoff: crashLoop,
    question: (pod, snapshot, restartAll) => ({
      pod,
      snapshot,
      restartAll,
      liveness: (id) => results.liveness.get(id),
      startup: (id) => results.startup.get(id),
    }),
    sandboxReady(pod) {
      life.after(0, () => {
        const uid = pod.metadata.uid ?? ''
        statuses.set(pod, withReadyToStart(pod, statuses.get(uid) ?? pod.status))
      })
    },
    terminationRequested: (uid) => workers.terminationRequested(uid),
    removeContainer: (id) => runtime.removeContainer(id),
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
    status,
    again: (pod) => update('update', pod),
  })
  const workers: PodWorkers = createPodWorkers({
    context,
    pleg,
    queue,
    syncer,
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
    version: parts.version,
    facts: parts.facts,
    joined: parts.joined,
  })
  const eviction = createEvictionManager({
    context,
    memoryInUse: parts.memoryInUse,
    activePods: () => [...pods.values()].filter((pod) => !inactive(pod)),
    kill: (pod, status_, done) =>
      workers.update({ type: 'kill', pod, kill: { evict: true, grace: 1, status: status_, done } }),
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
    update: (type, pod, more) => workers.update({ type, pod, ...more }),
    inactive,
  })

  function update(type: UpdateType, pod: Pod): void {
    workers.update({ type, pod })
  }
  function sync(pod: Pod | undefined): void {
    if (pod !== undefined) update('sync', pod)
  }
  const kill = (pod: Pod, status: KillStatus, done: () => void): void =>
    workers.update({ type: 'kill', pod, kill: { evict: true, status, done } })
  function inactive(pod: Pod): boolean {
    const uid = pod.metadata.uid ?? ''
    if (workers.worker(uid) !== undefined && workers.knownTerminated(uid)) return true
    const ended = (phase: PodStatus['phase']): boolean => phase === 'Succeeded' || phase === 'Failed'
    return (ended(pod.status.phase) || ended(statuses.get(uid)?.phase)) && !workers.terminationRequested(uid)
  }

  /** HandlePodAdditions */
  const add = (pod: Pod): void => {
    const uid = pod.metadata.uid ?? ''
    pods.set(uid, pod)
    const ended = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
    if (!workers.terminationRequested(uid) && !ended) {
      const others = [...pods.values()].filter((one) => one !== pod && !inactive(one))
      const { rejection, shortages } = admit({ pod, others, node: nodes.node(), pressures: eviction.pressures() })
      if (rejection !== undefined) {
        reject(pod, rejection.reason, rejection.message)
        return
      }
      if (shortages.length > 0) {
        const victims = podsToPreempt(others, shortages)
        if (victims === undefined) reject(pod, 'UnexpectedAdmissionError', preemptionFailed)
        else life.spawn(preemptPods(events, victims, kill), () => update('create', pod))
        return
      }
    }
    update('create', pod)
    watchDeadline(pod)
  }
  const reject = (pod: Pod, reason: string, message: string): void => {
    events.pod(pod, 'Warning', reason, message)
    statuses.set(pod, { qosClass: podQos(pod), phase: 'Failed', reason, message: `Pod was rejected: ${message}` })
  }
  /** HandlePodUpdates and HandlePodReconcile */
  const change = (before: Pod, pod: Pod): void => {
    const what = podChange(before, pod)
    if (what === 'none') return
    const uid = pod.metadata.uid ?? ''
    pods.set(uid, pod)
    if (what === 'reconcile') {
      statuses.reconcile(pod)
      if (needsReadiness(pod)) sync(pod)
      if (pod.status.phase === 'Failed' && pod.status.reason === 'Evicted') gc.removeAll(pleg.get(uid))
      return
    }
    update('update', pod)
    statuses.reconcile(pod)
    watchDeadline(pod)
  }
  /** HandlePodRemoves */
  const remove = (pod: Pod): void => {
    pods.delete(pod.metadata.uid ?? '')
    update('kill', pod)
    housekeeping.touched()
  }
  const byCreation = (a: Pod, b: Pod): number => {
    const at = a.metadata.creationTimestamp ?? ''
    const bt = b.metadata.creationTimestamp ?? ''
    return at < bt ? -1 : at > bt ? 1 : 0
  }

  /** What a mirror pod's coming, change or going asks of its static pod. */
  const mirrorChanged = (mirror: Pod): void => {
    for (const pod of pods.values()) {
      if (pod.metadata.name !== mirror.metadata.name || pod.metadata.namespace !== mirror.metadata.namespace) continue
      if (isStaticPod(pod)) update('update', pod)
    }
    housekeeping.touched()
  }
  const seeMirror = (mirror: Pod): void => {
    const before = mirrors.of(mirror)
    mirrors.set(mirror)
    for (const pod of pods.values()) if (mirrors.of(pod) === mirror) statuses.reconcile(pod)
    const what = before?.metadata.uid === mirror.metadata.uid ? podChange(before, mirror) : 'update'
    if (what === 'none' || what === 'reconcile') return
    mirrorChanged(mirror)
  }
  const loseMirror = (mirror: Pod): void => {
    mirrors.drop(mirror)
    mirrorChanged(mirror)
  }

  const podSource = createPodSource(parts.source, {
    all(listed) {
      const uids = new Set(listed.map((pod) => pod.metadata.uid ?? ''))
      for (const pod of [...pods.values()]) if (!isStaticPod(pod) && !uids.has(pod.metadata.uid ?? '')) remove(pod)
      for (const mirror of [...mirrors.all()]) if (!uids.has(mirror.metadata.uid ?? '')) loseMirror(mirror)
      for (const pod of [...listed].sort(byCreation)) {
        const before = pods.get(pod.metadata.uid ?? '')
        if (isMirrorPod(pod)) seeMirror(pod)
        else if (before === undefined) add(pod)
        else change(before, pod)
      }
      housekeeping.ready()
    },
    changed(pod) {
      if (isMirrorPod(pod)) {
        seeMirror(pod)
        return
      }
      for (const one of pods.values()) {
        const same = one.metadata.name === pod.metadata.name && one.metadata.namespace === pod.metadata.namespace
        if (same && one.metadata.uid !== pod.metadata.uid) remove(one)
      }
      const before = pods.get(pod.metadata.uid ?? '')
      if (before === undefined) add(pod)
      else change(before, pod)
    },
    gone(pod) {
      if (isMirrorPod(pod)) {
        loseMirror(pod)
        return
      }
      const before = pods.get(pod.metadata.uid ?? '')
      if (before !== undefined) remove(before)
    },
  })
  /** The manifests as they are now: upstream's file source sends the whole folder after each change of it. */
  const readManifests = (): void => {
    const listed = new Map(parts.staticPods.list().map((pod) => [pod.metadata.uid ?? '', pod]))
    for (const pod of [...pods.values()]) if (isStaticPod(pod) && !listed.has(pod.metadata.uid ?? '')) remove(pod)
    for (const [uid, pod] of listed) if (!pods.has(uid)) add(pod)
  }
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

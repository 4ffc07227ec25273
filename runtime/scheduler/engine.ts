import type { KubeObject } from '../../api/object.ts'
import type { Node, Pod } from '../../api/types/core-v1.generated.ts'
import type { BindingFailure } from './binding-cycle.ts'
import { createNodeTable, type NodeTable } from './cache/node-table.ts'
import { action, assignedPodAdd, assignedPodDelete, type EventResource } from './cluster-event.ts'
import type { Listers, PluginFactory, Preemption } from './framework.ts'
import { schedulerNameOf } from './framework.ts'
import { createNominator, type Nominator } from './nominator.ts'
import { nodeEvents, podEvents } from './object-events.ts'
import { placedPod, podInfo, type PodInfo } from './pod-info.ts'
import type { SchedulerConfiguration } from './config/configuration.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Extender } from './extenders/extender.ts'
import type { QueuedPod } from './queue/queued-pod.ts'
import { createSchedulingQueue, type Rejection, type SchedulingQueue } from './queue/scheduling-queue.ts'
import { createFramework, type Framework } from './runner.ts'
import { schedulePod, type Decision } from './schedule-pod.ts'
import { isRejected, statusMessage, type Status } from './status.ts'
import { createWaitingPods, type WaitingPods } from './waiting-pods.ts'

/** What an attempt came to, and what is to be done about it. */
export type Attempt =
  /** Nothing is to be done: the pod is assumed already. */
  | { readonly kind: 'idle'; readonly pod: PodInfo }
  | { readonly kind: 'skipped'; readonly pod: PodInfo; readonly note: string }
  | {
      readonly kind: 'placed'
      readonly queued: QueuedPod
      readonly pod: PodInfo
      readonly node: string
      readonly decision: Placed
      /** Plugins that the pod has to wait for before its binding, with the seconds that it waits at most. */
      readonly permits: ReadonlyMap<string, number>
    }
  | FailedAttempt

export type Placed = Extract<Decision, { readonly kind: 'node' }>

export interface FailedAttempt {
  readonly kind: 'failed'
  readonly queued: QueuedPod
  readonly pod: PodInfo
  readonly reason: 'Unschedulable' | 'SchedulerError'
  readonly message: string
  readonly rejection: Rejection
  /** undefined: the nomination stays as it is. */
  readonly nominate: string | undefined
  readonly preemption: Preemption | undefined
  readonly decision: Decision | undefined
}

/**
 * A scheduler without the API around it: the queue, the cache, the event handlers and the decisions. Whoever drives it
 * performs the writes and tells what comes of them (eventhandlers.go and schedule_one.go of pkg/scheduler).
 */
export interface Engine {
  readonly nodes: NodeTable
  readonly queue: SchedulingQueue
  /** Of the pod's profile. */
  frameworkOf(pod: Pod): Framework
  readonly frameworks: readonly Framework[]
  readonly nominator: Nominator
  podAdded(pod: Pod): void
  podUpdated(before: Pod, pod: Pod): void
  podDeleted(pod: Pod): void
  nodeAdded(node: Node): void
  nodeUpdated(before: Node, node: Node): void
  nodeDeleted(node: Node): void
  objectChanged(resource: EventResource, before: KubeObject | undefined, after: KubeObject | undefined): void
  /** Pops a pod and decides; undefined if none is waiting. Its outcome is `settle`d later. */
  attempt(): Attempt | undefined
  /** The failed attempt's time is over: the pod is queued again. False: the pod is gone or has a node by now. */
  settleFailure(failed: FailedAttempt): boolean
  /** The binding is about to be written. */
  bindingBegins(pod: PodInfo): void
  /** The binding failed: what is to be done is as for an attempt that failed. */
  bindingFailed(attempt: Extract<Attempt, { readonly kind: 'placed' }>, failure: BindingFailure): FailedAttempt
  readonly waiting: WaitingPods
  /** Preemption for a pod goes on until its last victim is seen terminating or gone. */
  preemptionBegins(uid: string): void
  lastVictim(uid: string, victim: PodInfo): void
  preemptionEnds(uid: string): void
}

export interface EngineOptions {
  readonly configuration: SchedulerConfiguration
  /** Plugins beside the built-in ones, by name. */
  readonly plugins?: Readonly<Record<string, PluginFactory | undefined>>
  readonly extenders?: readonly Extender[]
  readonly listers: Listers
  /** Microseconds since 1970. */
  readonly now: () => number
  readonly choose: (label: string, n: number) => number
  /** How long a pod stays unschedulable without any event; five minutes unless it is said. */
  readonly maxUnschedulable?: Micros
  /** Whether somebody asks why this pod, by namespace/name, goes where it goes. */
  readonly explain?: (key: string) => boolean
}

interface CachedPod {
  readonly info: PodInfo
  readonly node: string
  readonly assumed: boolean
}

const nobodyHolds: ReadonlyMap<string, number> = new Map()

/** What is told of a pod that was refused when its node was chosen already: a FitError of one node. */
const refusal = (
  verdict: Status,
  early = true,
): Pick<FailedAttempt, 'reason' | 'message' | 'rejection' | 'nominate' | 'preemption'> => {
  const message = statusMessage(verdict)
  const common = { nominate: '', preemption: undefined } as const
  if (!isRejected(verdict)) return { ...common, reason: 'SchedulerError', message, rejection: nobody }
  if (!early) return { ...common, reason: 'Unschedulable', message, rejection: nobody }
  return {
    ...common,
    reason: 'Unschedulable',
    message: `0/1 nodes are available: 1 ${message}.`,
    rejection: {
      unschedulablePlugins: new Set([verdict.plugin]),
      pendingPlugins: new Set(verdict.code === 'Pending' ? [verdict.plugin] : []),
    },
  }
}

const nobody: Rejection = { unschedulablePlugins: new Set(), pendingPlugins: new Set() }
const nodeOf = (pod: Pod): string => pod.spec.nodeName ?? ''

export const createEngine = (options: EngineOptions): Engine => {
  const { listers, now, choose } = options
  const nodes = createNodeTable()
  const cache = new Map<string, CachedPod>()
  const preempting = new Set<string>()
  const lastVictims = new Map<string, PodInfo>()
  const position = { next: 0 }

  const listed = (pod: PodInfo): Pod | undefined => listers.get('v1/Pod', pod.namespace, pod.name) as Pod | undefined
  const nominator = createNominator((pod) => {
    const current = listed(pod)
    return current === undefined || nodeOf(current) !== ''
  })
  const isPreempting = (uid: string): boolean => {
    if (!preempting.has(uid)) return false
    const victim = lastVictims.get(uid)
    if (victim === undefined) return true
    const current = listed(victim)
    return current !== undefined && current.metadata.deletionTimestamp === undefined
  }
  const { configuration, plugins = {}, extenders = [] } = options
  const waiting = createWaitingPods()
  const frameworks = configuration.profiles.map((profile) =>
    createFramework(
      { percentageOfNodesToScore: configuration.percentageOfNodesToScore, ...profile },
      { nodes, listers, nominator, now, choose, preempting: isPreempting, extenders, plugins, waiting },
    ),
  )
  const byName = new Map(frameworks.map((one) => [one.schedulerName, one]))
  const ours = (pod: Pod): boolean => byName.has(schedulerNameOf(pod))
  const frameworkOf = (pod: Pod): Framework => byName.get(schedulerNameOf(pod)) ?? frameworks[0]!
  const queue = createSchedulingQueue({
    frameworks,
    frameworkOf: (pod) => frameworkOf(pod.pod),
    nominator,
    now,
    initialBackoffSeconds: configuration.podInitialBackoffSeconds,
    maxBackoffSeconds: configuration.podMaxBackoffSeconds,
    ...(options.maxUnschedulable === undefined ? {} : { maxUnschedulable: options.maxUnschedulable }),
  })

  const forget = (uid: string): void => {
    const known = cache.get(uid)
    if (known === undefined) return
    cache.delete(uid)
    nodes.removePod(known.node, known.info)
  }
  const toCache = (pod: PodInfo): void => {
    const known = cache.get(pod.uid)
    const node = nodeOf(pod.pod)
    cache.set(pod.uid, { info: pod, node, assumed: false })
    if (known === undefined) nodes.addPod(node, pod)
    else if (known.node === node) nodes.replacePod(node, known.info, pod)
    else {
      nodes.removePod(known.node, known.info)
      nodes.addPod(node, pod)
    }
  }
  const dropAssumed = (uid: string): void => {
    const known = cache.get(uid)
    if (known === undefined) return
    const held = waiting.get(uid)
    if (held !== undefined) held.reject('', 'removed')
    else if (known.assumed) forget(uid)
    queue.moveAll(assignedPodDelete, known.info.pod, undefined)
  }
  const freedRoom = (pod: PodInfo): void =>
    queue.moveAll(assignedPodDelete, pod.pod, undefined, (other) => other.priority <= pod.priority)

  const assignedAdded = (pod: Pod): void => {
    toCache(podInfo(pod))
    queue.moveAll(assignedPodAdd, undefined, pod)
  }

  const failed = (queued: QueuedPod, decision: Exclude<Decision, Placed>): FailedAttempt => {
    const unfit = decision.kind === 'unfit'
    return {
      kind: 'failed',
      queued,
      pod: queued.pod,
      reason: unfit ? 'Unschedulable' : decision.reason,
      message: decision.message,
      rejection: unfit ? decision.diagnosis : nobody,
      nominate: unfit ? decision.nominate : '',
      preemption: unfit ? decision.preemption : undefined,
      decision,
    }
  }

  const reserved = (queued: QueuedPod, decision: Placed): Attempt => {
    const pod = placedPod(queued.pod, decision.node)
    cache.set(pod.uid, { info: pod, node: decision.node, assumed: true })
    nodes.addPod(decision.node, pod)
    nominator.remove(pod.uid)
    const framework = frameworkOf(queued.pod.pod)
    const refused: Status | undefined = framework.reserve(decision.cycle, decision.node)
    const permits = refused ?? framework.permit(decision.cycle, decision.node) ?? nobodyHolds
    if (!('code' in permits)) {
      if (permits.size > 0) waiting.add(pod, decision.node, [...permits.keys()])
      return { kind: 'placed', queued, pod, node: decision.node, decision, permits }
    }
    framework.unreserve(decision.cycle, decision.node)
    forget(pod.uid)
    return { kind: 'failed', queued, pod: queued.pod, ...refusal(permits), decision }
  }

  return {
    nodes,
    queue,
    frameworkOf,
    frameworks,
    nominator,
    waiting,
    podAdded(pod) {
      if (nodeOf(pod) !== '') assignedAdded(pod)
      else if (ours(pod)) queue.add(podInfo(pod))
    },
    podUpdated(before, pod) {
      if (nodeOf(before) !== '') {
        toCache(podInfo(pod))
        for (const event of podEvents(before, pod)) queue.moveAll(event, before, pod)
      } else if (nodeOf(pod) !== '') {
        assignedAdded(pod)
        if (ours(before)) queue.delete(podInfo(before))
      } else if (ours(before)) {
        const known = cache.get(pod.metadata.uid)
        if (known?.assumed === true) {
          if (pod.metadata.deletionTimestamp !== undefined && before.metadata.deletionTimestamp === undefined) {
            dropAssumed(known.info.uid)
          }
          return
        }
        const old = podInfo(before)
        queue.update(old, podInfo(pod))
        const nominated = before.status?.nominatedNodeName ?? ''
        if (nominated !== '' && nominated !== (pod.status?.nominatedNodeName ?? '')) freedRoom(old)
      }
    },
    podDeleted(pod) {
      const info = podInfo(pod)
      if (nodeOf(pod) !== '') {
        forget(info.uid)
        queue.moveAll(assignedPodDelete, pod, undefined)
      } else if (ours(pod)) {
        queue.delete(info)
        if (cache.get(info.uid)?.assumed === true) dropAssumed(info.uid)
        else if ((pod.status?.nominatedNodeName ?? '') !== '') freedRoom(info)
      }
    },
    nodeAdded(node) {
      nodes.setNode(node)
      queue.moveAll({ resource: 'Node', actions: action.add }, undefined, node)
    },
    nodeUpdated(before, node) {
      nodes.setNode(node)
      for (const event of nodeEvents(before, node)) queue.moveAll(event, before, node)
    },
    nodeDeleted(node) {
      queue.moveAll({ resource: 'Node', actions: action.delete }, node, undefined)
      nodes.removeNode(node.metadata.name)
    },
    objectChanged(resource, before, after) {
      const actions = before === undefined ? action.add : after === undefined ? action.delete : action.update
      queue.moveAll({ resource, actions }, before, after)
    },
    attempt() {
      const queued = queue.pop()
      if (queued === undefined) return undefined
      const { pod } = queued
      if (pod.terminating) {
        queue.done(pod.uid)
        return { kind: 'skipped', pod, note: `skip schedule deleting pod: ${pod.key}` }
      }
      if (cache.get(pod.uid)?.assumed === true) {
        queue.done(pod.uid)
        return { kind: 'idle', pod }
      }
      const decision = schedulePod(frameworkOf(pod.pod), pod, position, options.explain?.(pod.key) === true)
      if (decision.kind === 'node') return reserved(queued, decision)
      const attempt = failed(queued, decision)
      if (attempt.preemption?.victims.some((one) => !one.terminating) === true) preempting.add(pod.uid)
      return attempt
    },
    settleFailure({ queued, pod, rejection, nominate }) {
      const current = listed(pod)
      const again = current !== undefined && nodeOf(current) === '' && current.metadata.uid === pod.uid
      if (again) queue.failed(queued, podInfo(current), rejection)
      else queue.done(pod.uid)
      if (current !== undefined && current.metadata.uid !== pod.uid) return false
      nominator.nominate(again ? podInfo(current) : pod, nominate)
      return again
    },
    bindingBegins: (pod) => queue.done(pod.uid),
    bindingFailed({ queued, pod, node, decision }, { verdict, early }) {
      frameworkOf(queued.pod.pod).unreserve(decision.cycle, node)
      if (cache.get(pod.uid)?.assumed === true) forget(pod.uid)
      const rejected = isRejected(verdict)
      // What was refused does not wake itself.
      queue.moveAll(assignedPodDelete, pod.pod, undefined, rejected ? (other) => other.uid !== pod.uid : undefined)
      return { kind: 'failed', queued, pod: queued.pod, ...refusal(verdict, early), decision: undefined }
    },
    preemptionBegins: (uid) => void preempting.add(uid),
    lastVictim: (uid, victim) => void lastVictims.set(uid, victim),
    preemptionEnds(uid) {
      preempting.delete(uid)
      lastVictims.delete(uid)
    },
  }
}

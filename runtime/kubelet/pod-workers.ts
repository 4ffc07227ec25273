import type { Pod, PodStatus } from '../../api/types/core-v1.generated.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Context } from './context.ts'
import type { Task } from './life.ts'
import type { Pleg } from './pleg.ts'
import type { PodSnapshot } from './pod-snapshot.ts'
import { isStaticPod } from './static-pod.ts'
import type { SyncError } from './sync-error.ts'
import type { WorkQueue } from './work-queue.ts'

export type UpdateType = 'create' | 'update' | 'sync' | 'kill'
export type WorkType = 'sync' | 'terminating' | 'terminated'

export interface KillOptions {
  readonly evict?: boolean
  readonly grace?: number
  readonly status?: (status: PodStatus) => PodStatus
  readonly done?: () => void
}

export interface PodUpdate {
  readonly type: UpdateType
  readonly pod: Pod
  readonly kill?: KillOptions
  /** The pod is known from the runtime only. */
  readonly runtimeOnly?: boolean
}

export interface SyncResult {
  readonly terminal: boolean
  /** It did something: a look at the pod is due. */
  readonly acted: boolean
  readonly error?: SyncError
}

/** What a worker has done: kubelet.SyncPod and its two kin. */
export interface PodSyncer {
  sync(worker: PodWorker, update: PodUpdate, snapshot: PodSnapshot): Task<SyncResult>
  terminating(worker: PodWorker, pod: Pod, snapshot: PodSnapshot, how: TerminatingHow): Task<SyncError | undefined>
  terminatingRuntime(pod: Pod): Task<SyncError | undefined>
  terminated(worker: PodWorker, pod: Pod, snapshot: PodSnapshot): Task<SyncError | undefined>
}

export interface TerminatingHow {
  readonly grace: number | undefined
  readonly status: ((status: PodStatus) => PodStatus) | undefined
}

export interface PodWorker {
  readonly uid: string
  readonly fullName: string
  pod: Pod
  pending: PodUpdate | undefined
  active: PodUpdate | undefined
  busy: boolean
  /** A wake-up is on its way. */
  woken: boolean
  lastSync: Micros
  started: boolean
  terminationRequested: boolean
  startedTerminating: boolean
  terminated: boolean
  finished: boolean
  deleted: boolean
  evicted: boolean
  observedRuntime: boolean
  restartRequested: boolean
  grace: number
  readonly postTerminating: (() => void)[]
  statusFunction: ((status: PodStatus) => PodStatus) | undefined
  /** Ends what the sync waits for, where upstream cancels its context. */
  cancel: (() => void) | undefined
  /** The periodic resync could change something: it is not left out. */
  resyncs: boolean
}

export interface PodWorkers {
  update(update: PodUpdate): void
  worker(uid: string): PodWorker | undefined
  all(): readonly PodWorker[]
  /** SyncKnownPods: forgets workers of pods that are gone; returns what is being worked on. */
  syncKnown(desired: ReadonlySet<string>): ReadonlyMap<string, WorkType>
  terminationRequested(uid: string): boolean
  knownTerminated(uid: string): boolean
  couldHaveRunningContainers(uid: string): boolean
  shouldContentBeRemoved(uid: string): boolean
}

const workType = (worker: PodWorker): WorkType =>
  worker.terminated ? 'terminated' : worker.terminationRequested ? 'terminating' : 'sync'

export interface PodWorkersParts {
  readonly context: Context
  readonly pleg: Pleg
  readonly queue: WorkQueue
  readonly syncer: PodSyncer
  /** The pod with the resources that it was given. */
  readonly allocated: (pod: Pod) => Pod
  /** A worker ended or changed its phase: garbage may have become collectable. */
  readonly phased: (uid: string) => void
}

/** pkg/kubelet/pod_workers.go: one worker a pod, one sync at a time, the latest update wins. */
export const createPodWorkers = (parts: PodWorkersParts): PodWorkers => {
  const { context, pleg, queue, syncer, phased } = parts
  const { kernel, life, config } = context
  const workers = new Map<string, PodWorker>()
  const startedStatic = new Map<string, string>()
  let podsSynced = false

  const wake = (worker: PodWorker): void => {
    if (worker.woken) return
    worker.woken = true
    if (worker.busy) return
    life.after(0, () => {
      if (workers.get(worker.uid) === worker && worker.woken && !worker.busy) life.spawn(loop(worker))
    })
  }

  /** podWorkerLoop: as long as there is an update. */
  function* loop(worker: PodWorker): Task<void> {
    worker.busy = true
    while (worker.woken && !worker.finished) {
      worker.woken = false
      const update = take(worker)
      if (update === undefined) continue
      if (yield* work(worker, update)) break
    }
    worker.busy = false
  }

  /** startPodSync */
  const take = (worker: PodWorker): PodUpdate | undefined => {
    const update = worker.pending
    if (update === undefined) return undefined
    worker.pending = undefined
    if (!worker.started && !(update.runtimeOnly === true && worker.terminationRequested)) {
      if (isStaticPod(update.pod)) {
        if (worker.terminationRequested) {
          finish(worker)
          worker.terminated = true
          return undefined
        }
        const other = startedStatic.get(worker.fullName)
        if (other !== undefined && other !== worker.uid) {
          worker.pending = update
          queue.enqueue(worker.uid, context.jitter(config.backOffPeriod))
          return undefined
        }
        startedStatic.set(worker.fullName, worker.uid)
      }
      worker.started = true
    }
    worker.active = update
    worker.pod = update.pod
    return update
  }

  /** One round of a worker; true: its last. */
  function* work(worker: PodWorker, update: PodUpdate): Task<boolean> {
    const type = workType(worker)
    let error: SyncError | undefined
    let result: SyncResult | undefined
    if (update.runtimeOnly === true) {
      worker.startedTerminating = true
      error = yield* syncer.terminatingRuntime(update.pod)
    } else {
      const snapshot = yield* pleg.newerThan(worker.uid, worker.lastSync)
      if (type === 'terminated') error = yield* syncer.terminated(worker, update.pod, snapshot)
      else if (type === 'terminating') {
        worker.startedTerminating = true
        const how = { grace: update.kill?.grace, status: worker.statusFunction }
        error = yield* syncer.terminating(worker, update.pod, snapshot, how)
      } else {
        result = yield* syncer.sync(worker, update, snapshot)
        error = result.error
      }
    }
    worker.cancel = undefined
    worker.lastSync = kernel.now
    if (result !== undefined && result.acted && error === undefined) pleg.requestRelist(worker.uid)
    let transition = false
    if (error === undefined) {
      if (type === 'terminated') {
        finish(worker)
        phased(worker.uid)
        return true
      }
      if (type === 'terminating') {
        worker.terminated = true
        if (update.runtimeOnly === true) {
          finish(worker)
          workers.delete(worker.uid)
          phased(worker.uid)
          return true
        }
        for (const listener of worker.postTerminating.splice(0)) listener()
        worker.statusFunction = undefined
        requeueLast(worker)
        transition = true
      } else if (result?.terminal === true) {
        worker.terminationRequested = true
        worker.startedTerminating = true
        requeueLast(worker)
        transition = true
      }
      if (transition) phased(worker.uid)
    }
    completeWork(worker, transition, error)
    return false
  }

  const finish = (worker: PodWorker): void => {
    worker.finished = true
    if (startedStatic.get(worker.fullName) === worker.uid) startedStatic.delete(worker.fullName)
    queue.forget(worker.uid)
  }

  const requeueLast = (worker: PodWorker): void => {
    if (worker.pending !== undefined || worker.active === undefined) return
    worker.pending = worker.active
    wake(worker)
  }

  const completeWork = (worker: PodWorker, transition: boolean, error: SyncError | undefined): void => {
    if (transition) queue.enqueue(worker.uid, 0)
    else if (error === undefined) {
      // A resync that would find everything as the last sync left it is not made an event of.
      if (worker.resyncs) queue.enqueue(worker.uid, context.jitter(config.resyncInterval))
      else queue.forget(worker.uid)
    } else if (error.networkNotReady === true) queue.enqueue(worker.uid, context.jitter(1_000_000))
    else {
      const wanted = error.backoffUntil === undefined ? config.backOffPeriod : error.backoffUntil - kernel.now
      queue.enqueue(worker.uid, context.jitter(Math.min(Math.max(wanted, 0), config.resyncInterval)))
    }
    if (worker.pending !== undefined) worker.woken = true
  }

  const create = (update: PodUpdate): PodWorker => {
    const { metadata, status } = update.pod
    const uid = metadata.uid ?? ''
    const ended =
      update.runtimeOnly !== true &&
      (status?.phase === 'Failed' || status?.phase === 'Succeeded') &&
      isOver(pleg.get(uid))
    const worker: PodWorker = {
      uid,
      fullName: `${metadata.name}_${metadata.namespace}`,
      pod: update.pod,
      pending: undefined,
      active: undefined,
      busy: false,
      woken: false,
      lastSync: Number.NEGATIVE_INFINITY,
      started: false,
      terminationRequested: ended,
      startedTerminating: ended,
      terminated: ended,
      finished: false,
      deleted: false,
      evicted: false,
      observedRuntime: false,
      restartRequested: false,
      grace: 0,
      postTerminating: [],
      statusFunction: undefined,
      cancel: undefined,
      resyncs: false,
    }
    workers.set(uid, worker)
    return worker
  }

  const requestTermination = (worker: PodWorker, update: PodUpdate): boolean => {
    if (worker.terminationRequested) return false
    const { metadata, status } = update.pod
    if (update.runtimeOnly === true || metadata.deletionTimestamp !== undefined) worker.deleted = true
    else if (status?.phase !== 'Failed' && status?.phase !== 'Succeeded') {
      if (update.type !== 'kill') return false
      if (update.kill?.evict === true) worker.evicted = true
    }
    worker.terminationRequested = true
    return true
  }

  return {
    update(given) {
      let update = given
      const uid = update.pod.metadata.uid ?? ''
      const known = workers.get(uid)
      const worker = known ?? create(update)
      if (update.runtimeOnly === true) {
        worker.observedRuntime = true
        const latest = worker.pending ?? worker.active
        if (latest !== undefined && latest.runtimeOnly !== true) {
          update = { type: update.type, pod: latest.pod, ...(update.kill === undefined ? {} : { kill: update.kill }) }
          worker.deleted = true
        }
      }
      if (known !== undefined && worker.terminationRequested && update.type === 'create') {
        worker.restartRequested = true
        return
      }
      if (worker.finished) return
      const became = requestTermination(worker, update)
      let shortened = false
      if (worker.terminated) {
        if (given.runtimeOnly === true) return
        update.kill?.done?.()
        update = { type: update.type, pod: update.pod }
      } else if (worker.terminationRequested) {
        if (update.kill?.done !== undefined) worker.postTerminating.push(update.kill.done)
        if (update.kill?.status !== undefined) worker.statusFunction = update.kill.status
        const grace = effectiveGrace(worker.grace, update.pod, update.kill)
        shortened = worker.grace !== 0 && worker.grace !== grace
        worker.grace = grace
        update = { ...update, kill: { ...update.kill, grace } }
      } else {
        update.kill?.done?.()
        update = { type: update.type, pod: update.pod }
      }
      const pod = parts.allocated(update.pod)
      worker.pending = pod === update.pod ? update : { ...update, pod }
      wake(worker)
      if (became || shortened) worker.cancel?.()
    },
    worker: (uid) => workers.get(uid),
    all: () => [...workers.values()],
    syncKnown(desired) {
      podsSynced = true
      const working = new Map<string, WorkType>()
      for (const [uid, worker] of workers) {
        const orphan = !desired.has(uid)
        if ((worker.restartRequested || orphan) && remove(worker, orphan)) continue
        working.set(uid, workType(worker))
      }
      return working
    },
    terminationRequested(uid) {
      const worker = workers.get(uid)
      return worker === undefined ? false : worker.terminationRequested
    },
    knownTerminated(uid) {
      const worker = workers.get(uid)
      return worker === undefined ? podsSynced : worker.terminated
    },
    couldHaveRunningContainers(uid) {
      const worker = workers.get(uid)
      return worker === undefined ? !podsSynced : !worker.terminated
    },
    shouldContentBeRemoved(uid) {
      const worker = workers.get(uid)
      if (worker === undefined) return podsSynced
      return worker.evicted || (worker.deleted && worker.terminated)
    },
  }

  /** removeTerminatedWorker */
  function remove(worker: PodWorker, orphan: boolean): boolean {
    if (!worker.finished) {
      if (!orphan) return false
      worker.deleted = true
      if (worker.started || worker.observedRuntime) {
        if (!worker.terminationRequested) {
          worker.terminationRequested = true
          worker.grace = worker.active === undefined ? 1 : effectiveGrace(worker.grace, worker.active.pod, undefined)
        }
        requeueLast(worker)
        return false
      }
    }
    workers.delete(worker.uid)
    queue.forget(worker.uid)
    if (startedStatic.get(worker.fullName) === worker.uid) startedStatic.delete(worker.fullName)
    phased(worker.uid)
    return true
  }
}

/** isPodStatusCacheTerminal */
const isOver = (snapshot: PodSnapshot): boolean =>
  !snapshot.containers.some((container) => container.state === 'running') &&
  !snapshot.sandboxes.some((sandbox) => sandbox.ready)

/** calculateEffectiveGracePeriod: it can only become shorter, and is at least 1. */
const effectiveGrace = (current: number, pod: Pod, kill: KillOptions | undefined): number => {
  let grace = current
  let overridden = false
  for (const wanted of [pod.metadata.deletionGracePeriodSeconds, kill?.grace]) {
    if (wanted !== undefined && (grace === 0 || wanted < grace)) {
      grace = wanted
      overridden = true
    }
  }
  if (!overridden && grace === 0) grace = pod.spec.terminationGracePeriodSeconds ?? 0
  return Math.max(grace, 1)
}

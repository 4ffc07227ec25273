import type { Pod, PodStatus } from '../../api/types/core-v1.generated.ts'
import type { Context } from './context.ts'
import { suspend, type Task } from './life.ts'
import type { MirrorPods } from './mirror-pods.ts'
import type { PodKiller } from './pod-killer.ts'
import type { PodRuntime } from './pod-runtime.ts'
import { takeSnapshot, type PodSnapshot } from './pod-snapshot.ts'
import type { PodSyncResult } from './pod-sync-result.ts'
import type { PodSyncer, PodWorker } from './pod-workers.ts'
import type { ProbeManager } from './probe-manager.ts'
import type { ReasonCache } from './reason-cache.ts'
import type { ResizeConditions } from './resize-conditions.ts'
import { resizeMessage } from './resize-message.ts'
import type { StatusManager } from './status-manager.ts'
import type { SyncError } from './sync-error.ts'
import type { Volumes } from './volumes.ts'

export interface PodSyncerParts {
  readonly context: Context
  readonly statuses: StatusManager
  readonly probes: ProbeManager
  readonly reasons: ReasonCache
  readonly killer: PodKiller
  readonly runtime: PodRuntime
  readonly volumes: Volumes
  readonly mirrors: MirrorPods
  readonly resizes: ResizeConditions
  /** IsPodResizeInProgress */
  readonly resizing: (pod: Pod, snapshot: PodSnapshot) => boolean
  readonly status: (pod: Pod, snapshot: PodSnapshot, terminal: boolean) => PodStatus
  /** The pod has to be synced again by whoever changed it. */
  readonly again: (pod: Pod) => void
}

const isTerminal = (phase: PodStatus['phase']): boolean => phase === 'Succeeded' || phase === 'Failed'

/** pkg/kubelet/kubelet.go: SyncPod, SyncTerminatingPod, SyncTerminatingRuntimePod, SyncTerminatedPod. */
export const createPodSyncer = (parts: PodSyncerParts): PodSyncer => {
  const { context, statuses, probes, reasons, killer, volumes } = parts
  const { trace, actor, kernel, runtime, events, life } = context

  const hop = (pod: Pod): void => {
    kernel.cause = trace.append('hop', actor, 'kubelet:sync', `pods/${pod.metadata.namespace}/${pod.metadata.name}`)
  }

  return {
    *sync(worker, update, given) {
      const { pod } = update
      lookAtResize(pod, given)
      const status = parts.status(pod, given, false)
      const snapshot = { ...given, ips: (status.podIPs ?? []).map((one) => one.ip) }
      statuses.set(pod, status)
      worker.resyncs = false
      if (isTerminal(status.phase)) return { terminal: true, acted: false }
      const shown = yield* parts.mirrors.reconcile(pod)
      worker.resyncs = !shown
      const unmounted = yield* volumes.wait(worker, pod)
      if (unmounted !== undefined) {
        if (!unmounted.includes('context')) {
          events.pod(pod, 'Warning', 'FailedMount', `Unable to attach or mount volumes: ${unmounted}`)
        }
        return { terminal: false, acted: false, error: { message: unmounted } }
      }
      probes.addPod(pod)
      const restartAll = (status.conditions ?? []).some(
        (one) => one.type === 'AllContainersRestarting' && one.status === 'True',
      )
      hopIfActing(worker, pod)
      const result = yield* parts.runtime.sync(pod, snapshot, restartAll)
      reasons.update(worker.uid, result.starts)
      if (result.resizeError !== undefined) resizeFailed(pod, result.resizeError)
      const error = errorOf(result)
      if (restartAll && error === undefined && result.removed) parts.again(pod)
      worker.resyncs = !shown || probes.awaitsReadiness(pod)
      return { terminal: false, acted: result.acted, ...(error === undefined ? {} : { error }) }
    },
    *terminating(worker, pod, snapshot, how) {
      let status = parts.status(pod, snapshot, false)
      if (how.status !== undefined) status = how.status(status)
      statuses.set(pod, status)
      hop(pod)
      probes.stopLivenessAndStartup(pod)
      if (yield* killed(worker, pod, snapshot, how.grace)) return { message: 'context canceled' }
      probes.removePod(pod)
      const stopped = { ...takeSnapshot(runtime, worker.uid), ips: snapshot.ips }
      if (stopped.containers.some((container) => container.state === 'running')) {
        return { message: 'detected running containers after a successful KillPod, CRI violation' }
      }
      statuses.set(pod, parts.status(pod, stopped, true))
      return undefined
    },
    *terminatingRuntime(pod) {
      const snapshot = takeSnapshot(runtime, pod.metadata.uid ?? '')
      yield* killer.pod(pod, snapshot, 1)
      return undefined
    },
    *terminated(worker, pod, snapshot) {
      statuses.set(pod, parts.status(pod, snapshot, true))
      hop(pod)
      volumes.forget(worker.uid)
      reasons.forget(worker.uid)
      statuses.terminate(pod)
      return undefined
    },
  }

  /** Kills the pod. True: a shorter grace period has come, and it is to be done over again with that. */
  function* killed(worker: PodWorker, pod: Pod, snapshot: PodSnapshot, grace: number | undefined): Task<boolean> {
    const until = { cancelled: false }
    const cancelled = yield* suspend<boolean>((resume) => {
      const fiber = life.spawn(killer.pod(pod, snapshot, grace, until), () => resume(false))
      if (!runtime.heedsCancellation) return
      worker.cancel = () => {
        until.cancelled = true
        fiber.abandon()
        life.after(0, () => resume(true))
      }
    })
    worker.cancel = undefined
    return cancelled
  }

  /** The condition PodResizeInProgress as it should be now. */
  function lookAtResize(pod: Pod, snapshot: PodSnapshot): void {
    const uid = pod.metadata.uid ?? ''
    if (parts.resizing(pod, snapshot)) {
      parts.resizes.setInProgress(uid, { reason: '', message: '', generation: pod.metadata.generation ?? 0 })
      return
    }
    const generation = parts.resizes.clearInProgress(uid)
    if (generation !== undefined)
      events.pod(pod, 'Normal', 'ResizeCompleted', resizeMessage('Pod resize completed', pod, generation))
  }

  function resizeFailed(pod: Pod, message: string): void {
    const why = { reason: 'Error', message, generation: pod.metadata.generation ?? 0 }
    const { generation, changed } = parts.resizes.setInProgress(pod.metadata.uid ?? '', why)
    if (changed) events.pod(pod, 'Warning', 'ResizeError', resizeMessage('Pod resize error', pod, generation, message))
  }

  function hopIfActing(worker: PodWorker, pod: Pod): void {
    if (worker.lastSync === Number.NEGATIVE_INFINITY) hop(pod)
  }
}

/** PodSyncResult.Error(): an aggregate, with the earliest back-off among its parts. */
const errorOf = (result: PodSyncResult): SyncError | undefined => {
  const messages = [...result.errors]
  let backoffUntil: number | undefined
  for (const { container, error } of result.starts) {
    if (error === undefined) continue
    messages.push(
      `failed to "StartContainer" for ${JSON.stringify(container)} with ${error.reason}: ${JSON.stringify(error.message)}`,
    )
    if (error.backoffUntil !== undefined)
      backoffUntil = Math.min(backoffUntil ?? Number.POSITIVE_INFINITY, error.backoffUntil)
  }
  if (messages.length === 0) return undefined
  return { message: messages.join(', '), ...(backoffUntil === undefined ? {} : { backoffUntil }) }
}

import type { Container, Pod, Probe } from '../../api/types/core-v1.generated.ts'
import { parseTimestamp } from '../client/timestamp.ts'
import { second } from '../kernel/micros.ts'
import type { MutableStatus } from './container-statuses.ts'
import type { Context } from './context.ts'
import type { Manager } from './manager.ts'
import { findCondition } from './pod-conditions.ts'
import { createProbeWorker, type ProbeType, type ProbeWorker } from './probe-worker.ts'
import type { ProbeResults } from './probe-results.ts'
import { isSidecar } from './restart-policy.ts'
import type { StatusManager } from './status-manager.ts'

export interface ProbeManager extends Manager {
  addPod(pod: Pod): void
  stopLivenessAndStartup(pod: Pod): void
  removePod(pod: Pod): void
  keepOnly(uids: ReadonlySet<string>): void
  /** UpdatePodStatus: `started` and `ready` of every container. */
  updateStatus(pod: Pod, containers: readonly MutableStatus[], inits: readonly MutableStatus[]): void
  /** The pod's cached status has changed: workers that waited for that look again at their next tick. */
  statusChanged(uid: string): void
  /** Some container has started and waits for a readiness probe: each sync triggers an extra run of it. */
  awaitsReadiness(pod: Pod): boolean
}

export interface ProbeManagerParts {
  readonly context: Context
  readonly statuses: () => StatusManager
  readonly podOf: (uid: string) => Pod | undefined
  readonly results: Readonly<Record<ProbeType, ProbeResults>>
}

const probed = (pod: Pod): readonly Container[] => [
  ...pod.spec.containers,
  ...(pod.spec.initContainers ?? []).filter(isSidecar),
]
const keyOf = (uid: string, container: string, type: ProbeType): string => `${uid}/${container}/${type}`
const specOf = (container: Container, type: ProbeType): Probe | undefined =>
  type === 'readiness'
    ? container.readinessProbe
    : type === 'liveness'
      ? container.livenessProbe
      : container.startupProbe

/** Containers that ran so long before the kubelet's start keep what they were. */
const restartGrace = 10 * second

/** pkg/kubelet/prober/prober_manager.go */
export const createProbeManager = (parts: ProbeManagerParts): ProbeManager => {
  const { context, results } = parts
  const workers = new Map<string, ProbeWorker>()
  const byPod = new Map<string, Set<ProbeWorker>>()

  const idOf = (containerId: string): string => containerId.slice(containerId.indexOf('://') + 3)

  const isStarted = (pod: Pod, status: MutableStatus): boolean => {
    if (status.state?.running === undefined) return false
    const result = results.startup.get(idOf(status.containerID ?? ''))
    if (result !== undefined) return result === 'success'
    if (status.started === true) return true
    return !workers.has(keyOf(pod.metadata.uid ?? '', status.name, 'startup'))
  }

  const isReady = (pod: Pod, status: MutableStatus, container: Container | undefined): boolean => {
    if (status.state?.running === undefined) return false
    const result = results.readiness.get(idOf(status.containerID ?? ''))
    if (result === 'success') return true
    const worker = workers.get(keyOf(pod.metadata.uid ?? '', status.name, 'readiness'))
    let ready = worker === undefined
    worker?.trigger()
    const startedAt = parseTimestamp(status.state.running.startedAt)
    const kubeletSince = context.kernel.epoch + context.startedAt - restartGrace
    if (container !== undefined && startedAt !== undefined && startedAt < kubeletSince) {
      if (!ready && result === undefined) ready = true
      if (container.readinessProbe !== undefined && findCondition(pod.status.conditions, 'Ready')?.status !== 'True')
        ready = false
    }
    return ready
  }

  const each = (pod: Pod, types: readonly ProbeType[], run: (worker: ProbeWorker) => void): void => {
    for (const container of probed(pod)) {
      for (const type of types) {
        const worker = workers.get(keyOf(pod.metadata.uid ?? '', container.name, type))
        if (worker !== undefined) run(worker)
      }
    }
  }

  return {
    name: 'probes',
    start: () => undefined,
    addPod(pod) {
      const uid = pod.metadata.uid ?? ''
      for (const container of probed(pod)) {
        for (const type of ['startup', 'readiness', 'liveness'] as const) {
          const spec = specOf(container, type)
          if (spec === undefined) continue
          const key = keyOf(uid, container.name, type)
          // As upstream: the first probe that is known already ends the round.
          if (workers.has(key)) return
          const worker = createProbeWorker({
            context,
            type,
            pod,
            container,
            spec,
            results: results[type],
            status: () => parts.statuses().get(uid),
            ended: () => {
              workers.delete(key)
              const others = byPod.get(uid)
              others?.delete(worker)
              if (others?.size === 0) byPod.delete(uid)
            },
          })
          workers.set(key, worker)
          const others = byPod.get(uid) ?? new Set()
          others.add(worker)
          byPod.set(uid, others)
          worker.start()
        }
      }
    },
    stopLivenessAndStartup(pod) {
      for (const container of pod.spec.containers) {
        for (const type of ['liveness', 'startup'] as const)
          workers.get(keyOf(pod.metadata.uid ?? '', container.name, type))?.stop()
      }
    },
    removePod: (pod) => each(pod, ['readiness', 'liveness', 'startup'], (worker) => worker.stop()),
    keepOnly(uids) {
      for (const [uid, its] of byPod) if (!uids.has(uid)) for (const worker of [...its]) worker.stop()
    },
    updateStatus(pod, containers, inits) {
      for (const status of containers) {
        const started = isStarted(pod, status)
        status.started = started
        if (!started) continue
        status.ready = isReady(
          pod,
          status,
          pod.spec.containers.find((one) => one.name === status.name),
        )
      }
      for (const status of inits) {
        const started = isStarted(pod, status)
        status.started = started
        const container = (pod.spec.initContainers ?? []).find((one) => one.name === status.name)
        if (container === undefined) continue
        if (!isSidecar(container)) {
          if (status.state?.terminated?.exitCode === 0) status.ready = true
          continue
        }
        if (started) status.ready = isReady(pod, status, container)
      }
    },
    statusChanged(uid) {
      for (const worker of byPod.get(uid) ?? []) worker.statusChanged()
    },
    awaitsReadiness(pod) {
      const status = parts.statuses().get(pod.metadata.uid ?? '')
      for (const one of [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])]) {
        if (one.started === true && !one.ready && workers.has(keyOf(pod.metadata.uid ?? '', one.name, 'readiness')))
          return true
      }
      return false
    },
  }
}

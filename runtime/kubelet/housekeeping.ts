import type { Pod } from '../../api/types/core-v1.generated.ts'
import type { Timer } from '../kernel/timer.ts'
import type { Allocations } from './allocations.ts'
import type { Context } from './context.ts'
import type { MirrorPods } from './mirror-pods.ts'
import type { PodUpdate, PodWorkers, UpdateType } from './pod-workers.ts'
import type { ProbeManager } from './probe-manager.ts'
import type { StatusManager } from './status-manager.ts'

export interface HousekeepingParts {
  readonly context: Context
  readonly pods: ReadonlyMap<string, Pod>
  readonly mirrors: MirrorPods
  readonly workers: PodWorkers
  readonly probes: ProbeManager
  readonly statuses: StatusManager
  readonly allocations: Allocations
  readonly update: (type: UpdateType, pod: Pod, more: Partial<PodUpdate>) => void
  readonly inactive: (pod: Pod) => boolean
}

export interface Housekeeping {
  /** All sources have been read once: from now on what is not desired may be cleaned up. */
  ready(): void
  touched(): void
}

/**
 * pkg/kubelet/kubelet_pods.go: HandlePodCleanups, every two seconds upstream; here an event only after something happened that it
 * may have to clean up, and as long as it finds workers of pods that are gone.
 */
export const createHousekeeping = (parts: HousekeepingParts): Housekeeping => {
  const { context, pods, workers, probes, statuses, update, inactive } = parts
  const { kernel, life, runtime, config } = context
  let synced = false
  let timer: Timer | undefined

  const touched = (): void => {
    if (!synced || timer?.run !== undefined) return
    const base = context.startedAt + config.loopDelay
    const next =
      base + (Math.max(0, Math.floor((kernel.now - base) / config.housekeepingPeriod)) + 1) * config.housekeepingPeriod
    timer = life.at(next, clean, { label: `${context.actor.name} cleans up` })
  }

  const clean = (): void => {
    timer = undefined
    const desired = new Set(pods.keys())
    const working = workers.syncKnown(desired)
    const running = new Set<string>()
    for (const [uid, type] of working) if (type !== 'terminated') running.add(uid)
    probes.keepOnly(running)
    statuses.keepOnly(desired)
    parts.allocations.keepOnly(desired)
    parts.mirrors.removeOrphans(pods.values(), (fullName) =>
      workers.all().some((one) => one.fullName === fullName && one.terminationRequested && !one.terminated),
    )
    for (const pod of pods.values()) {
      const uid = pod.metadata.uid ?? ''
      if (working.has(uid)) continue
      const ended = pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed'
      if (!inactive(pod)) update('create', pod, {})
      else if (pod.metadata.deletionTimestamp !== undefined && ended && runtime.podSandboxes(uid).length === 0)
        update('kill', pod, {})
    }
    for (const uid of [...runtime.pods()].sort()) {
      if (working.has(uid) || desired.has(uid)) continue
      const alive =
        runtime.podSandboxes(uid).some((one) => one.ready) ||
        runtime.podContainers(uid).some((one) => one.state === 'running')
      if (alive) update('kill', orphan(uid), { runtimeOnly: true, kill: { grace: 1 } })
    }
    for (const uid of workers.all().map((worker) => worker.uid)) if (!pods.has(uid)) touched()
  }

  /** RunningPod.ToAPIPod: what the runtime knows of a pod that nobody wants. */
  const orphan = (uid: string): Pod => {
    const sandbox = runtime.podSandboxes(uid)[0]
    const containers = runtime.podContainers(uid)
    const identity = sandbox?.config.pod ?? containers[0]!.config.pod
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { uid, name: identity.name, namespace: identity.namespace } as Pod['metadata'],
      spec: { containers: containers.map((one) => ({ name: one.config.name, image: one.config.image })) },
      status: {},
    }
  }

  return {
    ready() {
      synced = true
      touched()
    },
    touched,
  }
}

import { minute, type Micros } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'
import type { Context } from './context.ts'
import type { Manager } from './manager.ts'
import type { PodSnapshot } from './pod-snapshot.ts'

export interface ContainerGc extends Manager {
  /** Something may have become garbage. */
  touched(): void
  /** cleanUpContainersInPod: at the death of a container all of its kind but the newest dead one go. */
  cleanUp(snapshot: PodSnapshot, died: string): void
  /** DeleteAllUnusedContainers */
  collectNow(): void
  /** All dead containers of a pod. */
  removeAll(snapshot: PodSnapshot): void
}

/** pkg/kubelet/kubelet.go: ContainerGCPeriod; options: MaxPerPodContainerCount */
const period: Micros = minute
const keptPerContainer = 1

/**
 * pkg/kubelet/kuberuntime/kuberuntime_gc.go and pod_container_deletor.go. The collection each minute is an event only after
 * something ended.
 */
export const createContainerGc = (context: Context, contentGoes: (uid: string) => boolean): ContainerGc => {
  const { kernel, life, runtime, startedAt } = context
  let timer: Timer | undefined

  const collect = (): void => {
    timer = undefined
    for (const uid of [...runtime.pods()].sort()) {
      const gone = contentGoes(uid)
      const dead = new Map<string, string[]>()
      for (const container of runtime.podContainers(uid)) {
        if (container.state === 'running') continue
        const ids = dead.get(container.config.name) ?? []
        ids.push(container.id)
        dead.set(container.config.name, ids)
      }
      for (const ids of dead.values()) {
        for (const id of ids.slice(gone ? 0 : keptPerContainer).reverse()) runtime.removeContainer(id)
      }
      collectSandboxes(uid, gone)
    }
  }

  const collectSandboxes = (uid: string, gone: boolean): void => {
    const inUse = new Set(runtime.podContainers(uid).map((container) => container.sandbox))
    const sandboxes = runtime.podSandboxes(uid)
    for (const sandbox of sandboxes.slice(gone ? 0 : 1).reverse()) {
      if (sandbox.ready || inUse.has(sandbox.id)) continue
      runtime.stopPodSandbox(sandbox.id)
      runtime.removePodSandbox(sandbox.id)
    }
  }

  const remove = (snapshot: PodSnapshot, name: string | undefined, keep: number): void => {
    let kept = 0
    for (const known of snapshot.containers) {
      if (known.state !== 'exited' || (name !== undefined && known.name !== name)) continue
      kept += 1
      if (kept > keep) runtime.removeContainer(known.id)
    }
  }

  return {
    name: 'container-gc',
    start: () => undefined,
    touched() {
      if (timer?.run !== undefined) return
      const next = startedAt + (Math.floor((kernel.now - startedAt) / period) + 1) * period
      timer = life.at(next, collect, { tag: 'housekeeping', label: `${context.actor.name} collects dead containers` })
    },
    cleanUp(snapshot, died) {
      if (contentGoes(snapshot.uid)) {
        remove(snapshot, undefined, 0)
        return
      }
      const container = snapshot.containers.find((known) => known.id === died)
      if (container !== undefined) remove(snapshot, container.name, keptPerContainer)
    },
    collectNow() {
      for (const uid of [...runtime.pods()].sort())
        for (const container of [...runtime.podContainers(uid)])
          if (container.state !== 'running' && contentGoes(uid)) runtime.removeContainer(container.id)
    },
    removeAll: (snapshot) => remove(snapshot, undefined, 0),
  }
}

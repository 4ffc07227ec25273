import type { ContainerRuntime, ContainerSizes, LinuxResources } from '../container-runtime/cri.ts'
import type { Micros } from '../kernel/micros.ts'
import { terminationMessage } from './termination-message.ts'

/** What the runtime said of one pod at one moment: upstream's kubecontainer.PodStatus. */
export interface PodSnapshot {
  readonly uid: string
  readonly ips: readonly string[]
  /** Newest first. */
  readonly sandboxes: readonly SandboxSnapshot[]
  readonly containers: readonly ContainerSnapshot[]
  /** Containers in the current, ready sandbox. */
  readonly active: readonly ContainerSnapshot[]
}

export interface SandboxSnapshot {
  readonly id: string
  readonly attempt: number
  readonly ready: boolean
  readonly hostNetwork: boolean
  readonly ip: string | undefined
}

export interface ContainerSnapshot {
  readonly id: string
  readonly name: string
  readonly state: 'created' | 'running' | 'exited'
  readonly image: string
  readonly imageId: string
  readonly hash: string
  readonly restartCount: number
  readonly createdAt: Micros
  readonly sequence: number
  readonly startedAt: Micros
  readonly finishedAt: Micros
  readonly exitCode: number
  readonly reason: string
  readonly message: string
  readonly linux: LinuxResources
  readonly sizes: ContainerSizes
}

export const emptySnapshot = (uid: string): PodSnapshot => ({ uid, ips: [], sandboxes: [], containers: [], active: [] })

/** kuberuntime's GetPodStatus. */
export const takeSnapshot = (runtime: ContainerRuntime, uid: string): PodSnapshot => {
  const sandboxes = runtime.podSandboxes(uid).map((sandbox) => ({
    id: sandbox.id,
    attempt: sandbox.config.attempt,
    ready: sandbox.ready,
    hostNetwork: sandbox.config.hostNetwork,
    ip: sandbox.ip,
  }))
  const current = sandboxes[0]?.ready === true ? sandboxes[0] : undefined
  const active: ContainerSnapshot[] = []
  const containers = runtime.podContainers(uid).map((container) => {
    const { config } = container
    const snapshot: ContainerSnapshot = {
      id: container.id,
      name: config.name,
      state: container.state,
      image: config.image,
      imageId: config.imageId,
      hash: config.hash,
      restartCount: config.attempt,
      createdAt: container.createdAt,
      sequence: container.sequence,
      startedAt: container.startedAt ?? 0,
      finishedAt: container.finishedAt ?? 0,
      exitCode: container.exitCode,
      reason: container.reason,
      message: terminationMessage(runtime, container),
      linux: container.linux,
      sizes: container.sizes,
    }
    if (current !== undefined && container.sandbox === current.id) active.push(snapshot)
    return snapshot
  })
  const ips = current?.ip === undefined ? [] : [current.ip]
  return { uid, ips, sandboxes, containers, active }
}

/** The newest container of that name. */
export const findContainer = (snapshot: PodSnapshot, name: string): ContainerSnapshot | undefined => {
  for (const container of snapshot.containers) if (container.name === name) return container
  return undefined
}

export interface SandboxChange {
  readonly changed: boolean
  readonly attempt: number
  readonly id: string
}

/** pkg/kubelet/kuberuntime/util: PodSandboxChanged. */
export const sandboxChanged = (hostNetwork: boolean, snapshot: PodSnapshot): SandboxChange => {
  const newest = snapshot.sandboxes[0]
  if (newest === undefined) return { changed: true, attempt: 0, id: '' }
  let ready = 0
  for (const sandbox of snapshot.sandboxes) if (sandbox.ready) ready += 1
  if (ready > 1 || !newest.ready) return { changed: true, attempt: newest.attempt + 1, id: newest.id }
  if (newest.hostNetwork !== hostNetwork) return { changed: true, attempt: newest.attempt + 1, id: '' }
  return { changed: false, attempt: newest.attempt, id: newest.id }
}

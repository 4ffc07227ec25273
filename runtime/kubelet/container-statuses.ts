import type { Container, ContainerState, ContainerStatus, Pod, PodStatus } from '../../api/types/core-v1.generated.ts'
import type { Context } from './context.ts'
import { findContainer, type ContainerSnapshot, type PodSnapshot } from './pod-snapshot.ts'
import type { ReasonCache } from './reason-cache.ts'
import { containerSpec, isSidecar, shouldAllRestart, shouldBeRestarted } from './restart-policy.ts'
import { runningResources } from './status-resources.ts'

export type MutableStatus = { -readonly [F in keyof ContainerStatus]: ContainerStatus[F] }

export interface StatusQuestion {
  readonly context: Context
  readonly reasons: ReasonCache
  readonly pod: Pod
  readonly snapshot: PodSnapshot
  readonly before: PodStatus
}

type Kind = 'containers' | 'initContainers' | 'ephemeralContainers'

const containersOf = (pod: Pod, kind: Kind): readonly Container[] => pod.spec[kind] ?? []
const statusField = {
  containers: 'containerStatuses',
  initContainers: 'initContainerStatuses',
  ephemeralContainers: 'ephemeralContainerStatuses',
} as const

const located = 'The container could not be located when the pod was deleted.  The container used to be Running'
const removedInPlace = 'The container is removed because RestartAllContainers in place'
const forgotten =
  'Unable to get init container status from container runtime and pod has been initialized, treat it as exited normally'

/** pkg/kubelet/kubelet_pods.go: convertToAPIContainerStatuses. */
export const containerStatuses = (question: StatusQuestion, kind: Kind): MutableStatus[] => {
  const { context, reasons, pod, snapshot, before } = question
  const containers = containersOf(pod, kind)
  const hasInit = (pod.spec.initContainers ?? []).length > 0
  const isInit = kind === 'initContainers'
  const defaultReason = hasInit ? 'PodInitializing' : 'ContainerCreating'
  const old = new Map((before[statusField[kind]] ?? []).map((status) => [status.name, status]))
  const statuses = new Map<string, MutableStatus>()
  for (const container of containers) {
    const was = old.get(container.name)
    if (was?.state?.terminated !== undefined) statuses.set(container.name, { ...was })
    else {
      const mounts = volumeMounts(container)
      statuses.set(container.name, {
        name: container.name,
        image: container.image ?? '',
        imageID: '',
        state: { waiting: { reason: defaultReason } },
        lastState: was?.lastState ?? {},
        ready: false,
        restartCount: was?.restartCount ?? 0,
        ...(mounts === undefined ? {} : { volumeMounts: mounts }),
      })
    }
  }

  const restartingAll = shouldAllRestart(pod, snapshot, before)
  for (const container of containers) {
    if (findContainer(snapshot, container.name) !== undefined) continue
    const was = old.get(container.name)
    if (was === undefined) continue
    const status = statuses.get(container.name)!
    if (restartingAll && was.state?.waiting === undefined) {
      const why = { reason: 'RestartingAllContainers', message: removedInPlace }
      status.state = { waiting: why }
      status.lastState = { terminated: { ...why, exitCode: 137 } }
      status.restartCount = was.restartCount + 1
      continue
    }
    if (was.state?.terminated !== undefined || was.state?.running === undefined) continue
    if (status.state?.waiting?.reason !== defaultReason || status.lastState?.terminated !== undefined) continue
    status.lastState = { terminated: { reason: 'ContainerStatusUnknown', message: located, exitCode: 137 } }
    if (pod.metadata.deletionTimestamp === undefined) status.restartCount += 1
  }

  // The newest two of each name: the state and the last state.
  const seen = new Map<string, number>()
  for (const known of snapshot.containers) {
    if (!statuses.has(known.name)) continue
    const count = seen.get(known.name) ?? 0
    if (count >= 2) continue
    const was = old.get(known.name)
    const status = converted(context, pod, known, was)
    if (count === 0) statuses.set(known.name, status)
    else statuses.get(known.name)!.lastState = status.state ?? {}
    seen.set(known.name, count + 1)
  }

  for (const container of containers) {
    const status = statuses.get(container.name)!
    if (isInit) {
      const known = findContainer(snapshot, container.name)
      if (known?.state === 'exited' && known.exitCode === 0) continue
      if (
        known === undefined &&
        !isSidecar(container) &&
        status.state?.waiting !== undefined &&
        anyRegular(pod, snapshot)
      ) {
        status.state = { terminated: { reason: 'Completed', message: forgotten, exitCode: 0 } }
        continue
      }
    }
    if (!shouldBeRestarted(container, pod, snapshot)) continue
    const reason = reasons.get(pod.metadata.uid ?? '', container.name)
    if (reason === undefined) continue
    if (status.state?.terminated !== undefined) status.lastState = status.state
    status.state = { waiting: { reason: reason.reason, ...(reason.message === '' ? {} : { message: reason.message }) } }
  }

  const list = containers.map((container) => statuses.get(container.name)!)
  if (!isInit) list.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  return list
}

/** kuberuntime.HasAnyRegularContainerCreated */
export const anyRegular = (pod: Pod, snapshot: PodSnapshot): boolean =>
  pod.spec.containers.some((container) => findContainer(snapshot, container.name) !== undefined)

const converted = (
  context: Context,
  pod: Pod,
  known: ContainerSnapshot,
  was: ContainerStatus | undefined,
): MutableStatus => {
  const id = `${context.runtime.name}://${known.id}`
  let restartCount = known.restartCount
  let lastState: ContainerState = {}
  if (was !== undefined) {
    if (was.restartCount > restartCount) restartCount = was.restartCount
    if (was.containerID !== id && was.state?.terminated !== undefined) lastState = { terminated: was.state.terminated }
    else if (was.lastState?.terminated !== undefined) lastState = { terminated: was.lastState.terminated }
  }
  let state: ContainerState
  if (known.state === 'running') {
    state = { running: { startedAt: context.time(known.startedAt) } }
    if (was?.state?.terminated !== undefined && was.restartCount >= known.restartCount)
      restartCount = was.restartCount + 1
  } else if (known.state === 'created') state = { waiting: {} }
  else {
    state = {
      terminated: {
        exitCode: known.exitCode,
        ...(known.reason === '' ? {} : { reason: known.reason }),
        ...(known.message === '' ? {} : { message: known.message }),
        startedAt: context.time(known.startedAt),
        finishedAt: context.time(known.finishedAt),
        containerID: id,
      },
    }
  }
  const container = containerSpec(pod, known.name)
  const resources = container === undefined ? undefined : runningResources(container, known)
  const requests = container?.resources?.requests
  return {
    name: known.name,
    state,
    lastState,
    ready: false,
    restartCount,
    image: context.runtime.imageName?.(known.image) ?? known.image,
    imageID: known.imageId,
    containerID: id,
    ...(known.state === 'running' && was?.started !== undefined ? { started: was.started } : {}),
    ...(was?.volumeMounts === undefined ? {} : { volumeMounts: was.volumeMounts }),
    ...(resources === undefined ? {} : { resources }),
    ...(requests === undefined || Object.keys(requests).length === 0 ? {} : { allocatedResources: requests }),
  }
}

const volumeMounts = (container: Container): ContainerStatus['volumeMounts'] => {
  const mounts = container.volumeMounts ?? []
  if (mounts.length === 0) return undefined
  return mounts.map((mount) => ({
    name: mount.name,
    mountPath: mount.mountPath,
    ...(mount.readOnly === true ? { readOnly: true, recursiveReadOnly: 'Disabled' as const } : {}),
  }))
}

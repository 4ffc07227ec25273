import type { Container, Pod } from '../../api/types/core-v1.generated.ts'
import type { ContainerSizes } from '../container-runtime/cri.ts'
import { containerSizes, sameSizes, sizesOf } from './container-sizes.ts'
import type { ActionQuestion, PodActions } from './pod-actions.ts'
import { findContainer, type ContainerSnapshot, type PodSnapshot } from './pod-snapshot.ts'
import { isSidecar } from './restart-policy.ts'

/** A running container whose cgroup is to be changed. */
export interface ContainerUpdate {
  readonly id: string
  readonly container: Container
  readonly desired: ContainerSizes
  /** What is in effect; grows as the update goes on. */
  readonly current: { -readonly [Field in keyof ContainerSizes]: ContainerSizes[Field] }
}

/** Decreases before increases. */
export interface ContainerUpdates {
  readonly memory: ContainerUpdate[]
  readonly cpu: ContainerUpdate[]
}

type Restart = 'init' | 'regular'

/** kuberuntime: computePodResizeAction. False: the container has to restart. */
export const resizeAction = (
  question: ActionQuestion,
  actions: PodActions,
  known: ContainerSnapshot,
  at: { readonly container: Container; readonly index: number; readonly kind: Restart },
): boolean => {
  if (known.state !== 'running') return true
  const { container } = at
  const current = question.sizes(known.id) ?? sizesOf(undefined)
  const desired = containerSizes(question.pod, container)
  if (sameSizes(current, desired)) return true
  const differs = {
    memory: current.memoryLimit !== desired.memoryLimit || current.memoryRequest !== desired.memoryRequest,
    cpu: current.cpuLimit !== desired.cpuLimit || current.cpuRequest !== desired.cpuRequest,
  }
  const restarts = (['memory', 'cpu'] as const).some(
    (name) =>
      differs[name] &&
      container.resizePolicy?.find((policy) => policy.resourceName === name)?.restartPolicy === 'RestartContainer',
  )
  if (restarts) {
    const message = `Container ${container.name} resize requires restart`
    actions.toKill.push({ id: known.id, container, message, reason: 'Unknown' })
    if (at.kind === 'init') actions.initToStart.push(at.index)
    else actions.toStart.push(at.index)
    actions.updatePodResources = true
    return false
  }
  actions.toUpdate ??= { memory: [], cpu: [] }
  const update = { id: known.id, container, desired, current: { ...current } }
  const mark = (list: ContainerUpdate[], wanted: number, has: number): void => {
    if (wanted > has) list.push(update)
    else list.unshift(update)
  }
  if (current.memoryLimit !== desired.memoryLimit)
    mark(actions.toUpdate.memory, desired.memoryLimit, current.memoryLimit)
  else if (differs.memory) mark(actions.toUpdate.memory, desired.memoryRequest, current.memoryRequest)
  if (current.cpuLimit !== desired.cpuLimit) mark(actions.toUpdate.cpu, desired.cpuLimit, current.cpuLimit)
  else if (differs.cpu) mark(actions.toUpdate.cpu, desired.cpuRequest, current.cpuRequest)
  return true
}

/** kuberuntime: IsPodResizeInProgress. Of init containers only sidecars count. */
export const isResizeInProgress = (
  pod: Pod,
  snapshot: PodSnapshot,
  inEffect: { sizes(id: string): ContainerSizes | undefined; resources(pod: Pod): Pod['spec']['resources'] },
): boolean => {
  const under = (container: Container): boolean => {
    const known = findContainer(snapshot, container.name)
    if (known?.state !== 'running') return false
    const sizes = inEffect.sizes(known.id)
    return sizes !== undefined && !sameSizes(sizes, containerSizes(pod, container))
  }
  if (pod.spec.containers.some(under)) return true
  if (pod.spec.initContainers?.some((container) => isSidecar(container) && under(container)) === true) return true
  if (pod.spec.resources === undefined) return false
  const whole = inEffect.resources(pod)
  return whole !== undefined && !sameSizes(sizesOf(whole), sizesOf(pod.spec.resources))
}

import type { Pod } from '../../api/types/core-v1.generated.ts'
import type { ContainerRuntime } from '../container-runtime/cri.ts'
import type { PodCgroup } from '../node/machine.ts'
import { linuxOf } from './container-sizes.ts'
import type { PodActions } from './pod-actions.ts'
import { cgroupOf, type PodCgroups } from './pod-cgroups.ts'
import type { PodSnapshot } from './pod-snapshot.ts'
import { podText } from './pod-text.ts'
import type { ContainerUpdate } from './resize-action.ts'

export interface ResizeParts {
  readonly runtime: ContainerRuntime
  readonly cgroups: PodCgroups
  /** RequestPodReinspect: the resize may show in the pod's status. */
  readonly reinspect: (uid: string) => void
}

/**
 * kuberuntime: doPodResizeAction. Cgroups and running containers get the sizes that the pod was given; why not, if not.
 * Differs: the pod's cgroup and its containers change in one instant, so the order between them cannot be seen.
 */
export const resizePod = (
  parts: ResizeParts,
  pod: Pod,
  snapshot: PodSnapshot,
  actions: PodActions,
): string | undefined => {
  const { runtime, cgroups } = parts
  const current = cgroups.get(pod)
  if (current === undefined) return `unable to get pod cgroup memory config for pod ${JSON.stringify(podText(pod))}`
  const wanted = cgroupOf(pod)
  const updates = actions.toUpdate ?? { memory: [], cpu: [] }
  if (updates.memory.length > 0 || actions.updatePodResources) {
    const refused = belowUsage(runtime, snapshot, { current, wanted, updates: updates.memory })
    if (refused !== undefined) return refused
  }
  const all = actions.updatePodResources || actions.updatePodLevel
  let cgroup = current
  try {
    if (all || updates.memory.length > 0) {
      const failed = updateContainers(runtime, updates.memory, 'memory')
      if (failed !== undefined) return failed
      cgroup = { ...cgroup, memoryLimit: wanted.memoryLimit === 0 ? current.memoryLimit : wanted.memoryLimit }
    }
    if (all || updates.cpu.length > 0) {
      const failed = updateContainers(runtime, updates.cpu, 'cpu')
      if (failed !== undefined) return failed
      const cpuQuota = wanted.cpuQuota === 0 ? current.cpuQuota : wanted.cpuQuota
      cgroup = { ...cgroup, cpuShares: wanted.cpuShares, cpuQuota }
    }
    if (actions.updatePodLevel) cgroup = { ...cgroup, resources: pod.spec.resources }
    return undefined
  } finally {
    cgroups.set(pod, cgroup)
    parts.reinspect(pod.metadata.uid ?? '')
  }
}

/** updatePodContainerResources */
const updateContainers = (
  runtime: ContainerRuntime,
  updates: readonly ContainerUpdate[],
  resource: 'memory' | 'cpu',
): string | undefined => {
  for (const { id, desired, current } of updates) {
    const { cpuRequest, cpuLimit, memoryRequest, memoryLimit } = desired
    const sizes = resource === 'cpu' ? { ...current, cpuRequest, cpuLimit } : { ...current, memoryRequest, memoryLimit }
    const result = runtime.updateContainerResources(id, linuxOf(sizes), sizes)
    if (!result.ok) return `rpc error: code = ${result.code} desc = ${result.message}`
    Object.assign(current, sizes)
  }
  return undefined
}

interface Decrease {
  readonly current: PodCgroup
  readonly wanted: PodCgroup
  readonly updates: readonly ContainerUpdate[]
}

/** validateMemoryResizeAction: a limit is not set below what is in use. */
const belowUsage = (
  runtime: ContainerRuntime,
  snapshot: PodSnapshot,
  { current, wanted, updates }: Decrease,
): string | undefined => {
  const lower = (now: number, before: number): boolean => now !== 0 && (before === 0 || now < before)
  const usages = new Map<string, number>()
  for (const { id, state } of snapshot.containers) if (state === 'running') usages.set(id, runtime.memoryUsage(id))
  const total = [...usages.values()].reduce((sum, one) => sum + one, 0)
  const errors: string[] = []
  if (lower(wanted.memoryLimit, current.memoryLimit) && total >= wanted.memoryLimit)
    errors.push(`attempting to set pod memory limit (${wanted.memoryLimit}) below current usage (${total})`)
  for (const { id, container, desired, current: has } of updates) {
    if (!lower(desired.memoryLimit, has.memoryLimit) || (usages.get(id) ?? 0) < desired.memoryLimit) continue
    // Upstream tells the pod's usage here too.
    errors.push(
      `attempting to set container ${JSON.stringify(container.name)} memory limit (${desired.memoryLimit}) below current usage (${total})`,
    )
  }
  if (errors.length === 0) return undefined
  const text = errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]`
  return `cannot decrease memory limits: ${text}`
}

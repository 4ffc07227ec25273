import type { Kernel } from '../kernel/kernel.ts'
import type { ContainerRuntimeOptions } from './container-runtime-options.ts'
import type { ContainerRuntime } from './cri.ts'
import { quotaCap, type CpuQuota } from './cpu-quota.ts'
import type { LiveContainer } from './live-container.ts'

type Usage = Pick<ContainerRuntime, 'memoryUsage' | 'usesMemory' | 'cpuUsage' | 'cpuTime' | 'diskUsage' | 'usesDisk'>

/** What containers use, by their behaviours' curves and the loads upon them. */
export const createUsage = (
  kernel: Kernel,
  containers: ReadonlyMap<string, LiveContainer>,
  { load, quota }: { readonly load: ContainerRuntimeOptions['load']; readonly quota: CpuQuota },
): Usage => ({
  memoryUsage(id) {
    const container = containers.get(id)
    if (container?.state !== 'running') return 0
    const { pod, name } = container.config
    return container.run.memory(kernel.now - container.startedAt!) + (load?.memory(pod.uid, name) ?? 0)
  },
  diskUsage(id) {
    const container = containers.get(id)
    if (container?.startedAt === undefined) return 0
    return container.run.written?.((container.finishedAt ?? kernel.now) - container.startedAt) ?? 0
  },
  usesDisk() {
    for (const container of containers.values()) if (container.run.written !== undefined) return true
    return false
  },
  usesMemory() {
    if (load?.anyMemory === true) return true
    for (const container of containers.values())
      if (container.state === 'running' && container.run.usesMemory) return true
    return false
  },
  cpuUsage(id) {
    const container = containers.get(id)
    if (container?.state !== 'running') return 0
    const { pod, name } = container.config
    const wanted = container.run.cpu(kernel.now - container.startedAt!) + (load?.cpu(pod.uid, name) ?? 0)
    return Math.min(wanted, quotaCap(container.linux))
  },
  cpuTime(id) {
    const container = containers.get(id)
    return container?.state === 'running' ? quota.time(container) : 0
  },
})

import { cpuWeight } from './cpu-weight.ts'
import type { ContainerConfig, LinuxResources, RuntimeContainer } from './cri.ts'

/** Data of the hop `runc:start`: what runc has set up for a container, as its state file tells. */
export interface RuncRecord {
  readonly container: string
  readonly namespaces: readonly string[]
  readonly cgroup: string
  readonly limits: LinuxResources
  readonly files: CgroupFiles
  readonly oomScoreAdj: number
}

/** What stands in the files of a container's cgroup (v2). */
export interface CgroupFiles {
  readonly 'cpu.weight': string
  readonly 'cpu.max': string
  readonly 'memory.max': string
}

/** The sandbox lends its network, IPC and UTS namespaces; each container has mounts, processes and a cgroup view of its own. */
const namespaces: readonly string[] = Object.freeze(['cgroup', 'ipc', 'mount', 'network', 'pid', 'uts'])

/** pkg/kubelet/cm/pod_container_manager_linux.go with the systemd driver: the slice of a pod's class. */
const sliceOf = ({ pod, qos, oomScoreAdj }: ContainerConfig): string => {
  const name = pod.uid.replaceAll('-', '_')
  const known = qos ?? (oomScoreAdj < 0 ? 'Guaranteed' : oomScoreAdj >= 1000 ? 'BestEffort' : 'Burstable')
  if (known === 'Guaranteed') return `kubepods.slice/kubepods-pod${name}.slice`
  const slice = `kubepods-${known.toLowerCase()}`
  return `kubepods.slice/${slice}.slice/${slice}-pod${name}.slice`
}

const known = new Map<string, CgroupFiles>()

/** opencontainers/cgroups fs2: cpu.go, memory.go. Containers of one size share them. */
export const cgroupFiles = ({ cpuShares, cpuQuota, cpuPeriod, memoryLimitInBytes }: LinuxResources): CgroupFiles => {
  const key = `${cpuShares}/${cpuQuota}/${cpuPeriod}/${memoryLimitInBytes}`
  let files = known.get(key)
  if (files === undefined) {
    files = Object.freeze({
      'cpu.weight': String(cpuWeight(cpuShares)),
      'cpu.max': `${cpuQuota > 0 ? cpuQuota : 'max'} ${cpuPeriod}`,
      'memory.max': memoryLimitInBytes > 0 ? String(memoryLimitInBytes) : 'max',
    })
    known.set(key, files)
  }
  return files
}

export const runcRecord = (
  { id, config, linux }: RuntimeContainer,
  scope: (containerId: string) => string,
): RuncRecord =>
  Object.freeze({
    container: config.name,
    namespaces,
    cgroup: `/${sliceOf(config)}/${scope(id)}`,
    limits: linux,
    files: cgroupFiles(linux),
    oomScoreAdj: config.oomScoreAdj,
  })

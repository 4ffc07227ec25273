import type { LinuxResources, RuntimeContainer } from './cri.ts'

/** Data of the hop `runc:start`: what runc has set up for a container, as its state file tells. */
export interface RuncRecord {
  readonly container: string
  readonly namespaces: readonly string[]
  readonly cgroup: string
  readonly limits: LinuxResources
  readonly oomScoreAdj: number
}

/** The sandbox lends its network, IPC and UTS namespaces; each container has mounts, processes and a cgroup view of its own. */
const namespaces: readonly string[] = Object.freeze(['cgroup', 'ipc', 'mount', 'network', 'pid', 'uts'])

/** pkg/kubelet/cm/pod_container_manager_linux.go with the systemd driver: the slice of a pod's class, known by its OOM score. */
const sliceOf = (uid: string, oomScoreAdj: number): string => {
  const name = uid.replaceAll('-', '_')
  if (oomScoreAdj < 0) return `kubepods.slice/kubepods-pod${name}.slice`
  const qos = oomScoreAdj >= 1000 ? 'besteffort' : 'burstable'
  return `kubepods.slice/kubepods-${qos}.slice/kubepods-${qos}-pod${name}.slice`
}

export const runcRecord = ({ id, config, linux }: RuntimeContainer): RuncRecord =>
  Object.freeze({
    container: config.name,
    namespaces,
    cgroup: `/${sliceOf(config.pod.uid, config.oomScoreAdj)}/cri-containerd-${id}.scope`,
    limits: linux,
    oomScoreAdj: config.oomScoreAdj,
  })

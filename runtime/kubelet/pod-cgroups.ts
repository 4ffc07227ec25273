import { podQos } from '../../api/pods/qos.ts'
import type { Container, Pod, ResourceRequirements } from '../../api/types/core-v1.generated.ts'
import type { Machine, PodCgroup } from '../node/machine.ts'
import { podAmounts } from './pod-resources.ts'
import { quotaOf, quotaPeriod, sharesOf } from './status-resources.ts'

/**
 * pkg/kubelet/cm: the cgroups of the pods. One that was never changed says what its pod was given, so it is written down only when a
 * resize is about to change that.
 */
export interface PodCgroups {
  /** GetPodCgroupConfig; undefined: the container manager has no cgroups. */
  get(pod: Pod): PodCgroup | undefined
  /** Only one that was changed since it was made. */
  changed(uid: string): PodCgroup | undefined
  /** The pod-level resources in effect. */
  readonly resources: (pod: Pod) => ResourceRequirements | undefined
  /** The pod is about to be given other resources: its cgroup keeps what it has. */
  keep(pod: Pod): void
  set(pod: Pod, cgroup: PodCgroup): void
  remove(uid: string): void
}

const uidOf = (pod: Pod): string => pod.metadata.uid ?? ''

export const createPodCgroups = (machine: Machine, absent: boolean): PodCgroups => {
  const { cgroups } = machine
  const get = (pod: Pod): PodCgroup => cgroups.get(uidOf(pod)) ?? cgroupOf(pod)
  return {
    get: (pod) => (absent ? undefined : get(pod)),
    changed: (uid) => (absent ? undefined : cgroups.get(uid)),
    resources: (pod) => get(pod).resources,
    keep(pod) {
      if (!cgroups.has(uidOf(pod))) cgroups.set(uidOf(pod), cgroupOf(pod))
    },
    set: (pod, cgroup) => void cgroups.set(uidOf(pod), cgroup),
    remove: (uid) => void cgroups.delete(uid),
  }
}

/** ResourceConfigForPod */
export const cgroupOf = (pod: Pod): PodCgroup => {
  const { spec } = pod
  const qos = podQos(pod)
  const limits = podAmounts(pod, 'limits')
  const declared = (name: 'cpu' | 'memory'): boolean => {
    if (qos === 'BestEffort') return false
    if (qos === 'Guaranteed' || spec.resources?.limits?.[name] !== undefined) return true
    const all: readonly Container[] = [...spec.containers, ...(spec.initContainers ?? [])]
    return all.every((container) => container.resources?.limits?.[name] !== undefined)
  }
  return {
    cpuShares: sharesOf(qos === 'BestEffort' ? 0 : (podAmounts(pod, 'requests').get('cpu') ?? 0)),
    cpuQuota: declared('cpu') ? quotaOf(limits.get('cpu') ?? 0, quotaPeriod) : 0,
    memoryLimit: declared('memory') ? (limits.get('memory') ?? 0) : 0,
    resources: spec.resources,
  }
}

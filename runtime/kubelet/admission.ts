import { podTakenUnits } from '../../api/pods/pod-resources.ts'
import { findUntoleratedTaint, toleratesAny } from '../../api/pods/toleration.ts'
import { isCriticalPod } from '../../api/pods/critical-pod.ts'
import { podQos } from '../../api/pods/qos.ts'
import { resourceUnits } from '../../api/quantity/quantity-values.ts'
import { matchesRequiredNodeAffinity } from '../../api/selectors/node-selector.ts'
import type { Node, Pod } from '../../api/types/core-v1.generated.ts'
import { isStaticPod } from './static-pod.ts'

export interface Rejection {
  readonly reason: string
  readonly message: string
}

export interface ResourceShortage {
  readonly resource: string
  readonly insufficient: number
}

export interface AdmissionQuestion {
  readonly pod: Pod
  /** Other pods that hold resources of the node. */
  readonly others: readonly Pod[]
  readonly node: Node
  /** Node conditions of the eviction manager: MemoryPressure, … */
  readonly pressures: readonly string[]
  readonly shuttingDown?: boolean
  /** Of the resource managers; absent: the pod has what it was given. */
  readonly allocate?: () => Rejection | undefined
}

export interface AdmissionVerdict {
  readonly rejection: Rejection | undefined
  readonly shortages: readonly ResourceShortage[]
}

/** pkg/kubelet/sysctl: the safe set; all else needs --allowed-unsafe-sysctls. */
const safeSysctls = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
])

/**
 * The admission handlers of pkg/kubelet/lifecycle in their order; undefined: admitted. A shortage of resources alone is listed in
 * `shortages`, for a critical pod may evict others.
 */
export const admit = (question: AdmissionQuestion): AdmissionVerdict => {
  const shortages: ResourceShortage[] = []
  const rejection =
    underPressure(question) ??
    sysctls(question.pod) ??
    question.allocate?.() ??
    predicates(question, shortages) ??
    (question.shuttingDown === true ? nodeShutdown : undefined)
  return { rejection, shortages }
}

/** pkg/kubelet/eviction: Admit. */
const underPressure = ({ pod, pressures }: AdmissionQuestion): Rejection | undefined => {
  if (pressures.length === 0 || isCriticalPod(pod) || isStaticPod(pod)) return undefined
  if (pressures.length === 1 && pressures[0] === 'MemoryPressure') {
    if (podQos(pod) !== 'BestEffort') return undefined
    if (toleratesAny(pod.spec.tolerations, { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' }))
      return undefined
  }
  return { reason: 'Evicted', message: `The node had condition: [${pressures.join(' ')}]. ` }
}

/** pkg/kubelet/nodeshutdown: Admit. */
const nodeShutdown: Rejection = {
  reason: 'NodeShutdown',
  message: 'Pod was rejected as the node is shutting down.',
}

const sysctls = (pod: Pod): Rejection | undefined => {
  for (const sysctl of pod.spec.securityContext?.sysctls ?? []) {
    const name = sysctl.name.replaceAll('/', '.')
    const hostNetwork = pod.spec.hostNetwork === true && name.startsWith('net.')
    if (!safeSysctls.has(name))
      return { reason: 'SysctlForbidden', message: `forbidden sysctl: ${JSON.stringify(sysctl.name)} not allowlisted` }
    if (hostNetwork) {
      return {
        reason: 'SysctlForbidden',
        message: `forbidden sysctl: ${JSON.stringify(sysctl.name)} not allowed with host net enabled`,
      }
    }
  }
  return undefined
}

const predicates = (question: AdmissionQuestion, shortages: ResourceShortage[]): Rejection | undefined => {
  const { pod, node, others } = question
  const nodeOs = node.metadata.labels?.['kubernetes.io/os'] ?? 'linux'
  const podOs = pod.metadata.labels?.['kubernetes.io/os']
  if (podOs !== undefined && podOs !== nodeOs) {
    return {
      reason: 'PodOSSelectorNodeLabelDoesNotMatch',
      message: "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label",
    }
  }
  if (pod.spec.os !== undefined && pod.spec.os.name !== nodeOs) {
    return { reason: 'PodOSNotSupported', message: "Failed to admit pod as the OS field doesn't match node OS" }
  }
  const scarce = insufficient(pod, others, node)
  const other = otherPredicates(question)
  for (const one of scarce)
    shortages.push({ resource: one.resource, insufficient: one.requested - (one.capacity - one.used) })
  if (isCriticalPod(pod) || isStaticPod(pod)) {
    // Resources are no reason to reject a critical pod: others make room.
    if (other !== undefined) shortages.length = 0
    return other
  }
  const first = scarce[0]
  if (first !== undefined) {
    const { resource, requested, used, capacity } = first
    return {
      reason: `OutOf${resource}`,
      message: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
    }
  }
  return other
}

interface Scarce {
  readonly resource: string
  readonly requested: number
  readonly used: number
  readonly capacity: number
}

const firstResources = ['cpu', 'memory', 'ephemeral-storage']
const isExtended = (name: string): boolean =>
  name.includes('/') &&
  !name.startsWith('kubernetes.io/') &&
  !name.startsWith('requests.') &&
  !name.startsWith('hugepages-')

/** noderesources.Fits; extended resources that the node does not know are not asked for. */
const insufficient = (pod: Pod, others: readonly Pod[], node: Node): readonly Scarce[] => {
  const allocatable = node.status.allocatable ?? {}
  const capacityOf = (name: string): number => resourceUnits(name, allocatable[name] ?? '0')
  const scarce: Scarce[] = []
  if (others.length + 1 > capacityOf('pods')) {
    scarce.push({ resource: 'pods', requested: 1, used: others.length, capacity: capacityOf('pods') })
  }
  const wanted = podTakenUnits(pod)
  const names = [...wanted.keys()].filter((name) => !firstResources.includes(name)).sort()
  for (const resource of [...firstResources, ...names]) {
    const requested = wanted.get(resource) ?? 0
    if (requested === 0) continue
    if (isExtended(resource) && allocatable[resource] === undefined) continue
    let used = 0
    for (const one of others) used += podTakenUnits(one).get(resource) ?? 0
    const capacity = capacityOf(resource)
    if (requested > capacity - used) scarce.push({ resource, requested, used, capacity })
  }
  return scarce
}

const otherPredicates = ({ pod, node, others }: AdmissionQuestion): Rejection | undefined => {
  const failed = (name: string, why: string): Rejection => ({
    reason: name,
    message: `Predicate ${name} failed: ${why}`,
  })
  if (!matchesRequiredNodeAffinity(pod, node).match) {
    return failed('NodeAffinity', "node(s) didn't match Pod's node affinity/selector")
  }
  if (pod.spec.nodeName !== undefined && pod.spec.nodeName !== node.metadata.name) {
    return failed('NodeName', "node(s) didn't match the requested node name")
  }
  const taken = others.flatMap(hostPorts)
  if (hostPorts(pod).some((port) => taken.some((other) => conflicts(port, other)))) {
    return failed('NodePorts', "node(s) didn't have free ports for the requested pod ports")
  }
  if (!isStaticPod(pod)) {
    if (findUntoleratedTaint(node.spec.taints, pod.spec.tolerations, ['NoExecute']) !== undefined) {
      return failed('TaintToleration', "node(s) had taints that the pod didn't tolerate")
    }
  }
  return undefined
}

interface HostPort {
  readonly ip: string
  readonly protocol: string
  readonly port: number
}

const hostPorts = (pod: Pod): readonly HostPort[] => {
  const ports: HostPort[] = []
  for (const container of [
    ...pod.spec.containers,
    ...(pod.spec.initContainers ?? []).filter((one) => one.restartPolicy === 'Always'),
  ]) {
    for (const port of container.ports ?? []) {
      if (port.hostPort === undefined || port.hostPort <= 0) continue
      ports.push({ ip: port.hostIP ?? '0.0.0.0', protocol: port.protocol ?? 'TCP', port: port.hostPort })
    }
  }
  return ports
}

const conflicts = (a: HostPort, b: HostPort): boolean =>
  a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === '0.0.0.0' || b.ip === '0.0.0.0')

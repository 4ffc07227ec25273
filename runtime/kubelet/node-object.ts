import { milliValue, wholeValue } from '../../api/quantity/quantity-values.ts'
import type { Node, NodeCondition } from '../../api/types/core-v1.generated.ts'
import type { NodeSpec } from '../../dsl/plan/cluster-spec.ts'
import type { RuntimeImage } from '../container-runtime/cri.ts'
import type { KubeletConfig } from './kubelet-config.ts'

export interface NodeFacts {
  readonly spec: NodeSpec
  readonly config: KubeletConfig
  readonly hostIp: string
  readonly bootId: string
  readonly machineId: string
  readonly systemUuid: string
  readonly runtime: string
  readonly images: readonly RuntimeImage[]
  readonly version: string
  readonly now: string
}

/** status.declaredFeatures of v1.36 on Linux. */
const declaredFeatures = [
  'ExtendWebSocketsToKubelet',
  'InPlacePodLevelResourcesVerticalScaling',
  'InPlacePodVerticalScalingInitContainers',
  'RestartAllContainersOnContainerExits',
]
const kubeletPort = 10250
const maxPods = 110
/** kubelet.config.k8s.io: nodeStatusMaxImages */
const maxImages = 50

export const nodeLabels = (spec: NodeSpec): Readonly<Record<string, string>> => ({
  'beta.kubernetes.io/arch': spec.arch,
  'beta.kubernetes.io/os': spec.os,
  'kubernetes.io/arch': spec.arch,
  'kubernetes.io/hostname': spec.name,
  'kubernetes.io/os': spec.os,
  ...spec.labels,
})

export const capacityOf = (facts: Pick<NodeFacts, 'spec' | 'config'>): Readonly<Record<string, string>> => {
  const { spec, config } = facts
  const most = String(config.maxPods ?? spec.capacity['pods'] ?? maxPods)
  if (config.podsPerCore === 0) return { ...spec.capacity, pods: most }
  const cores = Math.floor(milliValue(spec.capacity['cpu'] ?? '0') / 1000)
  return { ...spec.capacity, pods: String(Math.min(cores * config.podsPerCore, wholeValue(most))) }
}

/** What pods may have: less what the pool reserves, or less the hard eviction threshold of memory where it reserves nothing. */
export const allocatableOf = (facts: Pick<NodeFacts, 'spec' | 'config'>): Readonly<Record<string, string>> => {
  const { spec, config } = facts
  const capacity = capacityOf(facts)
  return {
    ...capacity,
    ...spec.allocatable,
    pods:
      config.maxPods === undefined && config.podsPerCore === 0
        ? (spec.allocatable['pods'] ?? capacity['pods']!)
        : capacity['pods']!,
  }
}

/** setNodeStatus: everything but the conditions. */
export const nodeStatus = (facts: NodeFacts, conditions: readonly NodeCondition[]): Node['status'] => {
  const { spec, hostIp } = facts
  const images = [...facts.images]
    .sort((a, b) => b.size - a.size || (a.names[0]! < b.names[0]! ? -1 : 1))
    .slice(0, maxImages)
    .map((image) => ({ names: image.names, sizeBytes: image.size }))
  return {
    capacity: capacityOf(facts),
    allocatable: allocatableOf(facts),
    conditions,
    addresses: [
      { type: 'InternalIP', address: hostIp },
      { type: 'Hostname', address: spec.name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
    nodeInfo: {
      machineID: facts.machineId,
      systemUUID: facts.systemUuid,
      bootID: facts.bootId,
      kernelVersion: '6.1.0',
      osImage: 'Linux',
      containerRuntimeVersion: facts.runtime,
      kubeletVersion: facts.version,
      kubeProxyVersion: '',
      operatingSystem: spec.os,
      architecture: spec.arch,
    },
    ...(images.length === 0 ? {} : { images }),
    ...(facts.config.declaresFeatures ? { declaredFeatures } : {}),
  }
}

export const memoryOf = (spec: NodeSpec): number => wholeValue(spec.capacity['memory'] ?? '0')

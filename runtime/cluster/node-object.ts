import type { NodeSpec } from '../../dsl/plan/cluster-spec.ts'

export interface NodeFacts {
  readonly spec: NodeSpec
  /** Place among the cluster's nodes, from 0: gives the address and the pod range. */
  readonly index: number
  readonly version: string
  readonly time: string
}

/** Pod range of the n-th node, as the node IPAM controller cuts 10.244.0.0/16 (and what follows) into /24 ranges. */
export const podCidrOf = (index: number): string => `10.${244 + Math.floor(index / 256)}.${index % 256}.0/24`

export const nodeAddress = (index: number): string => `192.168.${Math.floor(index / 250)}.${10 + (index % 250)}`

const conditions = (time: string): readonly object[] =>
  [
    ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
    ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
    ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
    ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
  ].map(([type, status, reason, message]) => ({ type, status, lastHeartbeatTime: time, lastTransitionTime: time, reason, message }))

/** A node that its kubelet has registered, that the node controllers have been over, and that is Ready. */
export const nodeObject = ({ spec, index, version, time }: NodeFacts): object => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: spec.name,
    labels: {
      'beta.kubernetes.io/arch': spec.arch,
      'beta.kubernetes.io/os': spec.os,
      'kubernetes.io/arch': spec.arch,
      'kubernetes.io/hostname': spec.name,
      'kubernetes.io/os': spec.os,
      ...spec.labels,
    },
    annotations: { 'node.alpha.kubernetes.io/ttl': '0', 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
  },
  spec: {
    podCIDR: podCidrOf(index),
    podCIDRs: [podCidrOf(index)],
    ...(spec.taints.length > 0
      ? { taints: spec.taints.map(({ key, value, effect }) => (value === '' ? { key, effect } : { key, value, effect })) }
      : {}),
  },
  status: {
    capacity: spec.capacity,
    allocatable: spec.allocatable,
    conditions: conditions(time),
    addresses: [
      { type: 'InternalIP', address: nodeAddress(index) },
      { type: 'Hostname', address: spec.name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: {
      machineID: spec.name,
      systemUUID: spec.name,
      bootID: `${spec.name}-boot-1`,
      kernelVersion: '6.1.0',
      osImage: 'Linux',
      containerRuntimeVersion: 'containerd://2.1.4',
      kubeletVersion: version,
      kubeProxyVersion: '',
      operatingSystem: spec.os,
      architecture: spec.arch,
    },
    ...(spec.images.length > 0 ? { images: spec.images.map((image) => ({ names: [image], sizeBytes: 10_485_760 })) } : {}),
  },
})

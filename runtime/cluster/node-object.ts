import { engineOf } from '../container-runtime/engines/engine-of.ts'
import type { NodeSpec } from '../../dsl/plan/cluster-spec.ts'
import { kubeletConfig } from '../kubelet/kubelet-config.ts'
import { nodeLabels, nodeStatus } from '../kubelet/node-object.ts'

export interface NodePlace {
  readonly spec: NodeSpec
  /** Place among the cluster's nodes, from 0: gives the address and the pod range. */
  readonly index: number
  readonly version: string
  readonly time: string
  /** The kubelet's flags. */
  readonly flags: Readonly<Record<string, string>>
}

/** Nodes that find room from 10.244.0.0 up to the end of 10.255. */
const firstRange = 12 * 256

/**
 * Pod range of the n-th node, as the node IPAM controller cuts 10.244.0.0/16 (and what follows) into /24 ranges. Once 10.255 is
 * full, 10.128 to 10.243 follow.
 */
export const podCidrOf = (index: number): string => {
  const [first, within] = index < firstRange ? [244, index] : [128, index - firstRange]
  return `10.${first + Math.floor(within / 256)}.${within % 256}.0/24`
}

/** The pods' network of a cluster of so many nodes, as kube-proxy is told it. */
export const podNetworkOf = (nodes: number): string =>
  nodes <= 256 ? '10.244.0.0/16' : nodes <= firstRange ? '10.240.0.0/12' : '10.128.0.0/9'

/** The n-th machine's address: .10 to .254 of 192.168.0.0/24 and what follows; 192.168.255.0/24 is the control plane's. */
export const nodeAddress = (index: number): string => `192.168.${Math.floor(index / 245)}.${10 + (index % 245)}`

const conditions = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
] as const

/** Size of an image that is on the disk from the start, as runtime/node/machine.ts has it. */
const presentImageSize = 10 * 1024 * 1024

/** A node that its kubelet has registered, that the node controllers have been over, and that is Ready. */
export const nodeObject = ({ spec, index, version, time, flags }: NodePlace): object => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: spec.name,
    labels: nodeLabels(spec),
    annotations: {
      'node.alpha.kubernetes.io/ttl': '0',
      'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
    },
  },
  spec: {
    podCIDR: podCidrOf(index),
    podCIDRs: [podCidrOf(index)],
    ...(spec.taints.length > 0
      ? {
          taints: spec.taints.map(({ key, value, effect }) =>
            value === '' ? { key, effect } : { key, value, effect },
          ),
        }
      : {}),
  },
  status: nodeStatus(
    {
      spec,
      config: kubeletConfig(flags),
      hostIp: nodeAddress(index),
      bootId: `${spec.name}-boot-1`,
      machineId: spec.name,
      systemUuid: spec.name,
      runtime: runtimeVersion(spec),
      images: spec.images.map((image) => ({ id: image, names: [image], size: presentImageSize })),
      version,
      now: time,
    },
    conditions.map(([type, status, reason, message]) => ({
      type,
      status,
      lastHeartbeatTime: time,
      lastTransitionTime: time,
      reason,
      message,
    })),
  ),
})

const runtimeVersion = (spec: NodeSpec): string => {
  const { name, version } = engineOf(spec.runtime)
  return `${name}://${version}`
}

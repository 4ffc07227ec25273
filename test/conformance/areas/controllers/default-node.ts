import type { JsonMap } from './recorded-case.ts'

const condition = (type: string, status: string, reason: string, message: string): JsonMap => ({
  type,
  status,
  reason,
  message,
  lastHeartbeatTime: 'T-2000',
  lastTransitionTime: 'T-2000',
})

/** A node of the cases that name none (README). */
export const defaultNode = (name: string): JsonMap => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name,
    labels: { 'kubernetes.io/hostname': name },
    annotations: {
      'node.alpha.kubernetes.io/ttl': '0',
      'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
    },
  },
  spec: { podCIDR: '{podCIDR}', podCIDRs: ['{podCIDR}'] },
  status: {
    allocatable: { cpu: '8', memory: '32Gi', pods: '1000' },
    capacity: { cpu: '8', memory: '32Gi', pods: '1000' },
    conditions: [
      condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
      condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
    ],
  },
})

import { podRequestOf } from '../../api/pods/pod-resources.ts'
import { milliValue, scaledValue } from '../../api/quantity/quantity-values.ts'
import type { Node, Pod } from '../../api/types/core-v1.generated.ts'

/** simulator/utilization: the larger share that pods ask for. */
export interface Utilization {
  readonly resource: 'cpu' | 'memory'
  readonly share: number
  readonly cpu: number
  readonly memory: number
}

const shareOf = (node: Node, pods: readonly Pod[], resource: 'cpu' | 'memory'): number => {
  const room = milliValue(node.status?.allocatable?.[resource] ?? '0')
  const asked = pods.reduce((sum, pod) => sum + Number(scaledValue(podRequestOf(pod, resource), -3)), 0)
  return room === 0 ? 0 : asked / room
}

export const utilization = (node: Node, pods: readonly Pod[]): Utilization => {
  const cpu = shareOf(node, pods, 'cpu')
  const memory = shareOf(node, pods, 'memory')
  return cpu > memory
    ? { resource: 'cpu', share: cpu, cpu, memory }
    : { resource: 'memory', share: memory, cpu, memory }
}

/** utilization.Info as Go's %v prints it: {CpuUtil MemUtil GpuUtil DynamicResourceUtil ResourceName Utilization} */
export const utilizationText = ({ cpu, memory, resource, share }: Utilization): string =>
  `{${cpu} ${memory} 0 0 ${resource} ${share}}`

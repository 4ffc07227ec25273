import { scaledValue, wholeValue } from '../quantity/quantity-values.ts'
import type { Container, Pod } from '../types/core-v1.generated.ts'
import { isCriticalPod } from './critical-pod.ts'
import { isPodLevelRequestsSet, isSidecar, podRequests } from './pod-resources.ts'
import { podQos } from './qos.ts'

// pkg/kubelet/qos/policy.go
const guaranteedScore = -997
const bestEffortScore = 1000

const memoryRequest = (container: Container): number => wholeValue(container.resources?.requests?.memory ?? '0')

/** What a pod-level request leaves over, by container. Go's integer division cuts off. */
const remainingPerContainer = (pod: Pod): number => {
  const whole = wholeValue(pod.spec.resources?.requests?.memory ?? '0')
  if (whole === 0) return 0
  const list = podRequests(pod, { skipPodLevelResources: true, excludeOverhead: true }).get('memory')
  const taken = list === undefined ? 0 : Number(scaledValue(list, 0))
  return Math.trunc((whole - taken) / (pod.spec.containers.length + (pod.spec.initContainers?.length ?? 0)))
}

/** 1000 - 1000 × memory / capacity in integers, exact beyond 2^53. */
const scoreOf = (memory: number, capacity: number): number => 1000 - Number((1000n * BigInt(memory)) / BigInt(capacity))

/** qos.GetContainerOOMScoreAdjust. */
export const oomScoreAdjust = (pod: Pod, container: Container, memoryCapacity: number): number => {
  if (isCriticalPod(pod) && pod.spec.priorityClassName === 'system-node-critical') return guaranteedScore
  switch (podQos(pod)) {
    case 'Guaranteed':
      return guaranteedScore
    case 'BestEffort':
      return bestEffortScore
    case 'Burstable':
  }
  const extra = isPodLevelRequestsSet(pod.spec) ? remainingPerContainer(pod) : 0
  let score = scoreOf(memoryRequest(container) + extra, memoryCapacity)
  const initial = pod.spec.initContainers ?? []
  if (isSidecar(container) && initial.some((one) => one.name === container.name)) {
    const least = Math.min(...pod.spec.containers.map(memoryRequest))
    score = Math.min(score, scoreOf(least + extra, memoryCapacity))
  }
  if (score < bestEffortScore + guaranteedScore) return bestEffortScore + guaranteedScore
  return score === bestEffortScore ? score - 1 : score
}

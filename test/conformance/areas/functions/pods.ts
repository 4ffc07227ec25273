import { containersReadyCondition, initializedCondition, readyCondition } from '../../../../api/pods/conditions.ts'
import {
  matchingRestartRule,
  shouldContainerBeRestarted,
  type RuntimeContainerState,
} from '../../../../api/pods/container-restart.ts'
import { oomScoreAdjust } from '../../../../api/pods/oom-score.ts'
import { podPhase as phaseOf } from '../../../../api/pods/phase.ts'
import { podLimits, podRequests, type PodResourcesOptions } from '../../../../api/pods/pod-resources.ts'
import { computePodQos } from '../../../../api/pods/qos.ts'
import { resourceTexts } from '../../../../api/pods/resource-list.ts'
import { scaleDownOrder as orderOf } from '../../../../api/pods/scale-down-order.ts'
import { findUntoleratedTaint, toleratesTaint } from '../../../../api/pods/toleration.ts'
import { wholeValue } from '../../../../api/quantity/quantity-values.ts'
import type { ContainerStatus, Pod, Taint, Toleration } from '../../../../api/types/core-v1.generated.ts'
import type { Topic } from './topic.ts'

interface PodCase {
  readonly pod: Pod
}
interface StatusCase extends PodCase {
  readonly initContainerStatuses: readonly ContainerStatus[] | null
  readonly containerStatuses: readonly ContainerStatus[] | null
  readonly podIsTerminal: boolean
  readonly podHasInitialized: boolean
  readonly phase?: string
}
const statusesOf = (given: StatusCase): readonly ContainerStatus[] => [
  ...(given.initContainerStatuses ?? []),
  ...(given.containerStatuses ?? []),
]

export const toleration: Topic = {
  toleratesTaint: ({ toleration: one, taint }: { toleration: Toleration; taint: Taint }) => ({
    tolerates: toleratesTaint(one, taint),
    toleratesWithComparison: toleratesTaint(one, taint, true),
  }),
  findUntoleratedTaint: (given: {
    taints: readonly Taint[]
    tolerations: readonly Toleration[]
    effects: readonly string[]
  }) => {
    const taint = findUntoleratedTaint(given.taints, given.tolerations, given.effects)
    return taint === undefined ? { found: false } : { found: true, taint }
  },
}

export const podQos: Topic = { computePodQOS: ({ pod }: PodCase) => ({ qosClass: computePodQos(pod.spec) }) }

export const podResources: Topic = {
  requestsAndLimits: ({ pod, ...options }: PodCase & PodResourcesOptions) => ({
    requests: resourceTexts(podRequests(pod, options)),
    limits: resourceTexts(podLimits(pod, options)),
  }),
}

export const oomScore: Topic = {
  containerOOMScoreAdjust: ({ pod, memoryCapacity }: PodCase & { memoryCapacity: string }) => ({
    oomScoreAdj: Object.fromEntries(
      [...(pod.spec.initContainers ?? []), ...pod.spec.containers].map((container) => [
        container.name,
        oomScoreAdjust(pod, container, wholeValue(memoryCapacity)),
      ]),
    ),
  }),
}

export const podPhase: Topic = {
  getPhase: (given: StatusCase) => ({ phase: phaseOf(given.pod, statusesOf(given), given) }),
}

export const podConditions: Topic = {
  generate: (given: StatusCase) => {
    // In Go, appending nothing to an empty list that was made leaves a list, not nil.
    const [pod, statuses, phase] = [given.pod, statusesOf(given), given.phase ?? '']
    return {
      initialized: initializedCondition(pod, undefined, statuses, phase),
      containersReady: containersReadyCondition(pod, statuses, phase),
      ready: readyCondition(pod, pod.status.conditions, statuses, phase),
    }
  },
}

export const containerRestart: Topic = {
  shouldContainerBeRestarted: ({
    pod,
    container: name,
    status,
  }: PodCase & { container: string; status: RuntimeContainerState | null }) => {
    const container = pod.spec.containers.find((one) => one.name === name)
    if (container === undefined) return undefined
    return {
      restart: shouldContainerBeRestarted(container, pod, status ?? undefined),
      matchingRule: status === null ? undefined : matchingRestartRule(container, status.exitCode),
    }
  },
}

export const scaleDownOrder: Topic = {
  activePodsWithRanks: ({ pods, ranks, now }: { pods: readonly Pod[]; ranks: readonly number[]; now: string }) => ({
    order: orderOf(pods, ranks, Date.parse(now)).map((pod) => pod.metadata.name),
  }),
}

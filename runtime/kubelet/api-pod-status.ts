import type { Pod, PodCondition, PodStatus } from '../../api/types/core-v1.generated.ts'
import { containerStatuses, type StatusQuestion } from './container-statuses.ts'
import type { Context } from './context.ts'
import {
  allContainersRestarting,
  containersReady,
  findCondition,
  isKubeletCondition,
  podInitialized,
  podReady,
  podScheduled,
  readyToStartContainers,
} from './pod-conditions.ts'
import { podPhase } from './pod-phase.ts'
import type { PodCgroups } from './pod-cgroups.ts'
import { podLevelResources } from './pod-level-resources.ts'
import { amountsText, podAmounts, qosClass } from './pod-resources.ts'
import type { PodSnapshot } from './pod-snapshot.ts'
import type { ProbeManager } from './probe-manager.ts'
import type { ReasonCache } from './reason-cache.ts'
import type { ResizeConditions } from './resize-conditions.ts'
import { allContainersCouldRestart } from './restart-policy.ts'
import type { StatusManager } from './status-manager.ts'

export interface ApiPodStatusParts {
  readonly context: Context
  readonly statuses: StatusManager
  readonly probes: ProbeManager
  readonly reasons: ReasonCache
  readonly resizes: ResizeConditions
  readonly cgroups: PodCgroups
  /** activeDeadlineHandler.ShouldEvict; emits its event. */
  readonly evicts: (pod: Pod) => { readonly reason: string; readonly message: string } | undefined
}

const isTerminal = (phase: PodStatus['phase']): boolean => phase === 'Succeeded' || phase === 'Failed'

/** pkg/kubelet/kubelet_pods.go: generateAPIPodStatus. */
export const apiPodStatus = (
  parts: ApiPodStatusParts,
  pod: Pod,
  snapshot: PodSnapshot,
  terminal: boolean,
): PodStatus => {
  const { context, statuses, probes, reasons } = parts
  const api = pod.status ?? {}
  const before = statuses.get(pod.metadata.uid ?? '') ?? api
  const question: StatusQuestion = { context, reasons, pod, snapshot, before }
  const containers = containerStatuses(question, 'containers')
  const inits = containerStatuses(question, 'initContainers')
  const ephemeral = containerStatuses(question, 'ephemeralContainers')
  const initialized = snapshot.active.some((known) => pod.spec.containers.some((one) => one.name === known.name))
  let phase = podPhase(pod, { statuses: [...containers, ...inits], terminal, initialized })
  if (!isTerminal(phase)) {
    if (isTerminal(before.phase)) phase = before.phase!
    else if (isTerminal(api.phase)) phase = api.phase!
  }
  let reason: string | undefined
  let message: string | undefined
  if (phase === before.phase) {
    reason = before.reason ?? api.reason
    message = before.message ?? api.message
  }
  const evicted = parts.evicts(pod)
  if (evicted !== undefined) {
    phase = 'Failed'
    reason = evicted.reason
    message = evicted.message
  }
  if (isTerminal(api.phase)) phase = api.phase!

  probes.updateStatus(pod, containers, inits)

  const all = [...inits, ...containers]
  let conditions: PodCondition[] = (api.conditions ?? []).filter((condition) => !isKubeletCondition(condition.type))
  if (terminal) {
    parts.resizes.clearInProgress(pod.metadata.uid ?? '')
    parts.resizes.clearPending(pod.metadata.uid ?? '')
  } else conditions.push(...parts.resizes.list(pod.metadata.uid ?? ''))
  const disruption = findCondition(before.conditions, 'DisruptionTarget')
  if (disruption !== undefined) {
    conditions = [...conditions.filter((condition) => condition.type !== 'DisruptionTarget'), disruption]
  }
  conditions.push(readyToStartContainers(pod, snapshot))
  conditions.push(podInitialized(pod, before, all, phase))
  conditions.push(podReady(pod, conditions, all, phase))
  conditions.push(containersReady(pod, all, phase))
  conditions.push(podScheduled(pod))
  if (allContainersCouldRestart(pod.spec)) conditions.push(allContainersRestarting(pod, snapshot, before, phase))

  const host = pod.spec.hostNetwork === true
  const ips = snapshot.ips.length > 0 ? snapshot.ips : host ? [context.hostIp] : []
  const allocated = amountsText(podAmounts(pod, 'requests'))
  return {
    phase,
    conditions,
    ...(message === undefined ? {} : { message }),
    ...(reason === undefined ? {} : { reason }),
    hostIP: context.hostIp,
    hostIPs: [{ ip: context.hostIp }],
    ...(ips.length === 0 ? {} : { podIP: ips[0]!, podIPs: ips.map((ip) => ({ ip })) }),
    ...(inits.length === 0 ? {} : { initContainerStatuses: inits }),
    ...(containers.length === 0 ? {} : { containerStatuses: containers }),
    ...(ephemeral.length === 0 ? {} : { ephemeralContainerStatuses: ephemeral }),
    qosClass: qosClass(pod),
    ...(hasKeys(allocated) ? { allocatedResources: allocated } : {}),
    resources: podLevelResources(pod, before, parts.cgroups.changed(pod.metadata.uid ?? '')),
  }
}

const hasKeys = (value: object): boolean => Object.keys(value).length > 0

import type { Container, ContainerStatus, Pod, PodCondition, PodStatus } from '../types/core-v1.generated.ts'
import { goQuote } from '../names/go-quote.ts'
import { containerStatusOf, podCondition } from './container-status.ts'
import { isSidecar } from './pod-resources.ts'

/** A condition before times and the observed generation are put in. */
export interface ConditionVerdict {
  readonly type: string
  readonly status: 'True' | 'False'
  readonly reason: string
  readonly message: string
}

type Statuses = readonly ContainerStatus[] | undefined

const verdict = (type: string, status: 'True' | 'False', reason = '', message = ''): ConditionVerdict => ({
  type,
  status,
  reason,
  message,
})

const sentence = (what: string, names: readonly string[]): string[] =>
  names.length === 0 ? [] : [`containers with ${what} status: [${names.join(' ')}]`]

const split = (
  containers: readonly Container[],
  statuses: readonly ContainerStatus[],
  isDone: (container: Container, status: ContainerStatus) => boolean,
): { unknown: string[]; undone: string[] } => {
  const unknown: string[] = []
  const undone: string[] = []
  for (const container of containers) {
    const status = containerStatusOf(statuses, container.name)
    if (status === undefined) unknown.push(container.name)
    else if (!isDone(container, status)) undone.push(container.name)
  }
  return { unknown, undone }
}

/** GenerateContainersReadyCondition; no statuses at all: nothing is known. */
export const containersReadyCondition = (pod: Pod, statuses: Statuses, phase: string): ConditionVerdict => {
  const type = 'ContainersReady'
  if (statuses === undefined) return verdict(type, 'False', 'UnknownContainerStatuses')
  const counted = [...(pod.spec.initContainers ?? []).filter(isSidecar), ...(pod.spec.containers ?? [])]
  const { unknown, undone } = split(counted, statuses, (_, status) => status.ready)
  if (phase === 'Succeeded' && unknown.length === 0) return verdict(type, 'False', 'PodCompleted')
  if (phase === 'Failed') return verdict(type, 'False', 'PodFailed')
  const message = [...sentence('unknown', unknown), ...sentence('unready', undone)].join(', ')
  return message === '' ? verdict(type, 'True') : verdict(type, 'False', 'ContainersNotReady', message)
}

/** GeneratePodReadyCondition: containers ready, and every readiness gate True. */
export const readyCondition = (
  pod: Pod,
  conditions: readonly PodCondition[] | undefined,
  statuses: Statuses,
  phase: string,
): ConditionVerdict => {
  const type = 'Ready'
  const containers = containersReadyCondition(pod, statuses, phase)
  if (containers.status !== 'True') return { ...containers, type }
  const messages: string[] = []
  for (const { conditionType } of pod.spec.readinessGates ?? []) {
    const gate = conditions?.find((condition) => condition.type === conditionType)
    const name = goQuote(conditionType)
    if (gate === undefined) messages.push(`corresponding condition of pod readiness gate ${name} does not exist.`)
    else if (gate.status !== 'True') {
      messages.push(`the status of pod readiness gate ${name} is not "True", but ${gate.status}`)
    }
  }
  return messages.length === 0
    ? verdict(type, 'True')
    : verdict(type, 'False', 'ReadinessGatesNotReady', messages.join(', '))
}

/** kubecontainer.HasAnyRegularContainerStarted. */
export const hasAnyRegularContainerStarted = (pod: Pod, statuses: readonly ContainerStatus[]): boolean =>
  statuses.some(
    ({ name, state }) =>
      (state?.running !== undefined || state?.terminated !== undefined) &&
      (pod.spec.containers ?? []).some((container) => container.name === name),
  )

/** GeneratePodInitializedCondition. `old`: the status so far, which keeps an initialised pod initialised. */
export const initializedCondition = (
  pod: Pod,
  old: PodStatus | undefined,
  statuses: Statuses,
  phase: string,
): ConditionVerdict => {
  const type = 'Initialized'
  const containers = pod.spec.initContainers ?? []
  if (statuses === undefined && containers.length > 0) return verdict(type, 'False', 'UnknownContainerStatuses')
  const { unknown, undone } = split(containers, statuses ?? [], (container, status) =>
    isSidecar(container) ? status.started === true : status.ready,
  )
  if (phase === 'Succeeded' && unknown.length === 0) return verdict(type, 'True', 'PodCompleted')
  if (hasAnyRegularContainerStarted(pod, statuses ?? [])) return verdict(type, 'True')
  const message = [...sentence('unknown', unknown), ...sentence('incomplete', undone)].join(', ')
  if (message === '' || podCondition(old, type)?.status === 'True') return verdict(type, 'True')
  return verdict(type, 'False', 'ContainersNotInitialized', message)
}

import type { ContainerStatus, Pod, PodCondition, PodStatus } from '../../api/types/core-v1.generated.ts'
import { sandboxChanged, type PodSnapshot } from './pod-snapshot.ts'
import { findContainer } from './pod-snapshot.ts'
import { isSidecar, shouldAllRestart } from './restart-policy.ts'

const kubeletTypes = new Set([
  'PodScheduled',
  'Ready',
  'Initialized',
  'ContainersReady',
  'PodResizeInProgress',
  'PodResizePending',
  'PodReadyToStartContainers',
  'AllContainersRestarting',
])

/** pkg/kubelet/types: PodConditionByKubelet. */
export const isKubeletCondition = (type: string): boolean => kubeletTypes.has(type)

export const findCondition = (
  conditions: readonly PodCondition[] | undefined,
  type: string,
): PodCondition | undefined => conditions?.find((condition) => condition.type === type)

/** Go's %v of a list of names. */
const listText = (names: readonly string[]): string => `[${names.join(' ')}]`

const condition = (
  pod: Pod,
  type: string,
  status: 'True' | 'False',
  why?: { reason?: string; message?: string },
): PodCondition => ({
  type,
  ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
  status,
  ...(why?.reason === undefined ? {} : { reason: why.reason }),
  ...(why?.message === undefined ? {} : { message: why.message }),
})

const terminal = (pod: Pod, type: string, phase: PodStatus['phase']): PodCondition =>
  condition(
    pod,
    type,
    'False',
    phase === 'Failed' ? { reason: 'PodFailed' } : phase === 'Succeeded' ? { reason: 'PodCompleted' } : {},
  )

/** status.GenerateContainersReadyCondition */
export const containersReady = (
  pod: Pod,
  statuses: readonly ContainerStatus[],
  phase: PodStatus['phase'],
): PodCondition => {
  const type = 'ContainersReady'
  const unknown: string[] = []
  const unready: string[] = []
  const look = (name: string): void => {
    const status = statuses.find((one) => one.name === name)
    if (status === undefined) unknown.push(name)
    else if (!status.ready) unready.push(name)
  }
  for (const container of pod.spec.initContainers ?? []) if (isSidecar(container)) look(container.name)
  for (const container of pod.spec.containers) look(container.name)
  if (phase === 'Failed' || (phase === 'Succeeded' && unknown.length === 0)) return terminal(pod, type, phase)
  const message = problems(unknown, unready, 'unready')
  if (message !== '') return condition(pod, type, 'False', { reason: 'ContainersNotReady', message })
  return condition(pod, type, 'True')
}

const problems = (unknown: readonly string[], bad: readonly string[], word: string): string => {
  const parts: string[] = []
  if (unknown.length > 0) parts.push(`containers with unknown status: ${listText(unknown)}`)
  if (bad.length > 0) parts.push(`containers with ${word} status: ${listText(bad)}`)
  return parts.join(', ')
}

/** status.GeneratePodReadyCondition: all containers, then the readiness gates. */
export const podReady = (
  pod: Pod,
  conditions: readonly PodCondition[],
  statuses: readonly ContainerStatus[],
  phase: PodStatus['phase'],
): PodCondition => {
  const containers = containersReady(pod, statuses, phase)
  if (containers.status !== 'True') return { ...containers, type: 'Ready' }
  const messages: string[] = []
  for (const gate of pod.spec.readinessGates ?? []) {
    const found = findCondition(conditions, gate.conditionType)
    const name = JSON.stringify(gate.conditionType)
    if (found === undefined) messages.push(`corresponding condition of pod readiness gate ${name} does not exist.`)
    else if (found.status !== 'True') {
      messages.push(`the status of pod readiness gate ${name} is not "True", but ${found.status}`)
    }
  }
  if (messages.length > 0) {
    return condition(pod, 'Ready', 'False', { reason: 'ReadinessGatesNotReady', message: messages.join(', ') })
  }
  return condition(pod, 'Ready', 'True')
}

/** status.GeneratePodInitializedCondition */
export const podInitialized = (
  pod: Pod,
  before: PodStatus,
  statuses: readonly ContainerStatus[],
  phase: PodStatus['phase'],
): PodCondition => {
  const type = 'Initialized'
  const unknown: string[] = []
  const incomplete: string[] = []
  for (const container of pod.spec.initContainers ?? []) {
    const status = statuses.find((one) => one.name === container.name)
    if (status === undefined) unknown.push(container.name)
    else if (isSidecar(container) ? status.started !== true : !status.ready) incomplete.push(container.name)
  }
  if (phase === 'Succeeded' && unknown.length === 0) return condition(pod, type, 'True', { reason: 'PodCompleted' })
  const began = pod.spec.containers.some((container) => {
    const state = statuses.find((one) => one.name === container.name)?.state
    return state?.running !== undefined || state?.terminated !== undefined
  })
  if (began) return condition(pod, type, 'True')
  const message = problems(unknown, incomplete, 'incomplete')
  if (message === '') return condition(pod, type, 'True')
  // With RestartAllContainersOnContainerExits what was initialized once stays so.
  if (findCondition(before.conditions, type)?.status === 'True') return condition(pod, type, 'True')
  return condition(pod, type, 'False', { reason: 'ContainersNotInitialized', message })
}

/** status.GeneratePodReadyToStartContainersCondition */
export const readyToStartContainers = (pod: Pod, snapshot: PodSnapshot): PodCondition =>
  condition(
    pod,
    'PodReadyToStartContainers',
    sandboxChanged(pod.spec.hostNetwork === true, snapshot).changed ? 'False' : 'True',
  )

export const podScheduled = (pod: Pod): PodCondition => condition(pod, 'PodScheduled', 'True')
export const sandboxIsReady = (pod: Pod): PodCondition => condition(pod, 'PodReadyToStartContainers', 'True')
export const terminalContainersReady = (pod: Pod, phase: PodStatus['phase']): PodCondition =>
  terminal(pod, 'ContainersReady', phase)
export const terminalReady = (pod: Pod, phase: PodStatus['phase']): PodCondition => terminal(pod, 'Ready', phase)

/** status.GenerateAllContainersRestartingCondition */
export const allContainersRestarting = (
  pod: Pod,
  snapshot: PodSnapshot,
  before: PodStatus,
  phase: PodStatus['phase'],
): PodCondition => {
  const type = 'AllContainersRestarting'
  if (phase === 'Succeeded') return { type, status: 'False', reason: 'PodCompleted' }
  if (phase === 'Failed') return { type, status: 'False', reason: 'PodFailed' }
  const cleaned = ![...pod.spec.containers, ...(pod.spec.initContainers ?? [])].some(
    (container) => findContainer(snapshot, container.name) !== undefined,
  )
  if (!shouldAllRestart(pod, snapshot, before) || cleaned) return { type, status: 'False' }
  return {
    type,
    status: 'True',
    reason: 'RestartAllContainersStarted',
    message: 'container exited with restart policy rule',
  }
}

import type { Container, ContainerRestartRule, Pod, PodSpec } from '../types/core-v1.generated.ts'

/** podutil.FindMatchingContainerRestartRule. */
export const matchingRestartRule = (container: Container, exitCode: number): ContainerRestartRule | undefined => {
  for (const rule of container.restartPolicyRules ?? []) {
    if (rule.exitCodes === undefined) continue
    const listed = (rule.exitCodes.values ?? []).includes(exitCode)
    if (rule.exitCodes.operator === 'In' && listed) return rule
    if (rule.exitCodes.operator === 'NotIn' && !listed) return rule
  }
  return undefined
}

/** podutil.ContainerShouldRestart: the rules, then the container's policy, then the pod's. */
export const containerShouldRestart = (container: Container, spec: PodSpec, exitCode: number): boolean => {
  if (container.restartPolicy !== undefined) {
    const action = matchingRestartRule(container, exitCode)?.action
    if (action === 'Restart' || action === 'RestartAllContainers') return true
    switch (container.restartPolicy) {
      case 'Always':
        return true
      case 'OnFailure':
        return exitCode !== 0
      case 'Never':
        return false
      // Anything else falls through to the pod's policy.
    }
  }
  switch (spec.restartPolicy) {
    case 'Never':
      return false
    case 'OnFailure':
      return exitCode !== 0
    default:
      return true
  }
}

/** podutil.IsContainerRestartable: whether it could be restarted at all. */
export const isContainerRestartable = (container: Container, spec: PodSpec): boolean => {
  if (container.restartPolicy === undefined) return spec.restartPolicy !== 'Never'
  if ((container.restartPolicyRules ?? []).some((rule) => rule.action === 'Restart')) return true
  return container.restartPolicy !== 'Never'
}

/** podutil.AllContainersCouldRestart. */
export const allContainersCouldRestart = (spec: PodSpec): boolean =>
  [...(spec.initContainers ?? []), ...(spec.containers ?? [])].some((container) =>
    (container.restartPolicyRules ?? []).some((rule) => rule.action === 'RestartAllContainers'),
  )

/** What the runtime says of a container's latest instance. */
export interface RuntimeContainerState {
  readonly state: 'created' | 'running' | 'exited' | 'unknown'
  readonly exitCode: number
}

/** kubecontainer.ShouldContainerBeRestarted; without a status the container never ran. */
export const shouldContainerBeRestarted = (
  container: Container,
  pod: Pod,
  status: RuntimeContainerState | undefined,
): boolean => {
  if (pod.metadata.deletionTimestamp !== undefined) return false
  if (status === undefined) return true
  if (status.state === 'running') return false
  if (status.state !== 'exited') return true
  return containerShouldRestart(container, pod.spec, status.exitCode)
}

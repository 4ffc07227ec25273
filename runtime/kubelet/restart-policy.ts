import type { Container, ContainerRestartRule, Pod, PodSpec } from '../../api/types/core-v1.generated.ts'
import { findContainer, type PodSnapshot } from './pod-snapshot.ts'

/** An init container that runs beside the others. */
export const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always'

/** pkg/api/v1/pod: FindMatchingContainerRestartRule. */
export const matchingRule = (container: Container, exitCode: number): ContainerRestartRule | undefined => {
  for (const rule of container.restartPolicyRules ?? []) {
    if (rule.exitCodes === undefined) continue
    const listed = (rule.exitCodes.values ?? []).includes(exitCode)
    if (rule.exitCodes.operator === 'In' ? listed : rule.exitCodes.operator === 'NotIn' && !listed) return rule
  }
  return undefined
}

/** pkg/api/v1/pod: ContainerShouldRestart. A container's rules come before its policy, its policy before the pod's. */
export const restartsAfter = (container: Container, spec: PodSpec, exitCode: number): boolean => {
  if (container.restartPolicy !== undefined) {
    const action = matchingRule(container, exitCode)?.action
    if (action === 'Restart' || action === 'RestartAllContainers') return true
    if (container.restartPolicy === 'Always') return true
    if (container.restartPolicy === 'OnFailure') return exitCode !== 0
    if (container.restartPolicy === 'Never') return false
  }
  if (spec.restartPolicy === 'OnFailure') return exitCode !== 0
  return spec.restartPolicy !== 'Never'
}

/** pkg/kubelet/container: ShouldContainerBeRestarted. */
export const shouldBeRestarted = (container: Container, pod: Pod, snapshot: PodSnapshot): boolean => {
  if (pod.metadata.deletionTimestamp !== undefined) return false
  const status = findContainer(snapshot, container.name)
  if (status === undefined) return true
  if (status.state === 'running') return false
  if (status.state === 'created') return true
  return restartsAfter(container, pod.spec, status.exitCode)
}

/** pkg/api/v1/pod: AllContainersCouldRestart. */
export const allContainersCouldRestart = (spec: PodSpec): boolean =>
  [...(spec.initContainers ?? []), ...spec.containers].some((container) =>
    (container.restartPolicyRules ?? []).some((rule) => rule.action === 'RestartAllContainers'),
  )

const asksForAll = (container: Container, exitCode: number): boolean =>
  matchingRule(container, exitCode)?.action === 'RestartAllContainers'

/** pkg/kubelet/container: ShouldAllContainersRestart. */
export const shouldAllRestart = (
  pod: Pod,
  snapshot: PodSnapshot | undefined,
  status: Pod['status'] | undefined,
): boolean => {
  if (!allContainersCouldRestart(pod.spec)) return false
  for (const condition of status?.conditions ?? []) {
    if (condition.type === 'AllContainersRestarting' && condition.status === 'True') return true
  }
  const reported = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
  for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
    if (snapshot !== undefined) {
      const known = findContainer(snapshot, container.name)
      if (known?.state !== 'exited') continue
      if (asksForAll(container, known.exitCode)) return true
    }
    const terminated = reported.find((one) => one.name === container.name)?.state?.terminated
    if (terminated !== undefined && asksForAll(container, terminated.exitCode)) return true
  }
  return false
}

/** spec.containers and spec.initContainers by name. */
export const containerSpec = (pod: Pod, name: string): Container | undefined => {
  for (const container of pod.spec.containers) if (container.name === name) return container
  for (const container of pod.spec.initContainers ?? []) if (container.name === name) return container
  for (const container of pod.spec.ephemeralContainers ?? []) if (container.name === name) return container
  return undefined
}

import type { ContainerStatus, Pod, PodStatus } from '../../api/types/core-v1.generated.ts'
import { isSidecar, restartsAfter } from './restart-policy.ts'
import { isStaticPod } from './static-pod.ts'

export interface PhaseQuestion {
  readonly statuses: readonly ContainerStatus[]
  readonly terminal: boolean
  /** A regular container has been made in the current sandbox. */
  readonly initialized: boolean
}

const restartingAll = 'RestartingAllContainers'

/** pkg/kubelet/kubelet_pods.go: getPhase. */
export const podPhase = (pod: Pod, question: PhaseQuestion): NonNullable<PodStatus['phase']> => {
  const { spec } = pod
  const { statuses, terminal, initialized } = question
  const find = (name: string): ContainerStatus | undefined => statuses.find((one) => one.name === name)
  let pendingInit = 0
  let pendingSidecars = 0
  let failedForGood = 0
  let unknown = 0
  let running = 0
  let waiting = 0
  let stopped = 0
  let stoppedForGood = 0
  let succeeded = 0

  for (const container of spec.initContainers ?? []) {
    if (isSidecar(container)) continue
    const status = find(container.name)
    const ended =
      status?.state?.terminated ?? (status?.state?.waiting === undefined ? undefined : status.lastState?.terminated)
    if (status?.state?.running !== undefined || ended === undefined) pendingInit += 1
    else if (
      ended.exitCode !== 0 &&
      !restartsAfter(container, spec, ended.exitCode) &&
      ended.reason !== restartingAll
    ) {
      failedForGood += 1
    }
  }
  for (const container of spec.initContainers ?? []) {
    if (!isSidecar(container)) continue
    const status = find(container.name)
    const state = status?.state
    if (status === undefined) unknown += 1
    else if (state?.running !== undefined) {
      if (status.started !== true) pendingSidecars += 1
      running += 1
    } else if (state?.terminated !== undefined) continue
    else if (state?.waiting !== undefined) {
      if (status.lastState?.terminated !== undefined) continue
      pendingSidecars += 1
      waiting += 1
    } else {
      pendingSidecars += 1
      unknown += 1
    }
  }
  for (const container of spec.containers) {
    const status = find(container.name)
    const state = status?.state
    if (state?.running !== undefined) running += 1
    else if (state?.terminated !== undefined) {
      stopped += 1
      const { exitCode, reason } = state.terminated
      if (!restartsAfter(container, spec, exitCode) && reason !== restartingAll) stoppedForGood += 1
      if (exitCode === 0) succeeded += 1
    } else if (state?.waiting !== undefined) {
      const last = status?.lastState?.terminated
      if (last === undefined) waiting += 1
      else {
        stopped += 1
        if (!restartsAfter(container, spec, last.exitCode) && last.reason !== restartingAll) stoppedForGood += 1
      }
    } else unknown += 1
  }

  if (failedForGood > 0) return 'Failed'
  if (pendingInit > 0 || (pendingSidecars > 0 && !initialized) || waiting > 0) return 'Pending'
  if (running > 0 && unknown === 0) return 'Running'
  if (running === 0 && stopped > 0 && unknown === 0) {
    if (terminal && !isStaticPod(pod)) return stopped === succeeded ? 'Succeeded' : 'Failed'
    if (stopped !== stoppedForGood) return 'Running'
    return stopped === succeeded ? 'Succeeded' : 'Failed'
  }
  return 'Pending'
}

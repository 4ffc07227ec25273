import type { Container, ContainerStateTerminated, ContainerStatus, Pod } from '../types/core-v1.generated.ts'
import { containerShouldRestart } from './container-restart.ts'
import { containerStatusOf, endedForRestartOfAll } from './container-status.ts'
import { isStaticPod } from './critical-pod.ts'
import { isSidecar } from './pod-resources.ts'

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed'

/** What the kubelet knows beside the statuses. */
export interface PhaseFacts {
  /** The pod will run no more: evicted, deleted, past its deadline. */
  readonly podIsTerminal: boolean
  /** All init containers have once succeeded. */
  readonly podHasInitialized: boolean
}

interface Counts {
  pendingInitial: number
  pendingSidecars: number
  initialFailed: boolean
  unknown: number
  running: number
  waiting: number
  stopped: number
  stoppedForGood: number
  succeeded: number
}

const endOf = (status: ContainerStatus): ContainerStateTerminated | undefined =>
  status.state?.terminated ?? (status.state?.waiting === undefined ? undefined : status.lastState?.terminated)

const restartable = (container: Container, pod: Pod, ended: ContainerStateTerminated): boolean =>
  containerShouldRestart(container, pod.spec, ended.exitCode) || endedForRestartOfAll(ended)

const countInitial = (container: Container, pod: Pod, status: ContainerStatus | undefined, counts: Counts): void => {
  const ended = status === undefined || status.state?.running !== undefined ? undefined : endOf(status)
  if (ended === undefined) counts.pendingInitial += 1
  else if (ended.exitCode !== 0 && !restartable(container, pod, ended)) counts.initialFailed = true
}

const countSidecar = (status: ContainerStatus | undefined, counts: Counts): void => {
  if (status === undefined) counts.unknown += 1
  else if (status.state?.running !== undefined) {
    if (status.started !== true) counts.pendingSidecars += 1
    counts.running += 1
  } else if (endOf(status) !== undefined) {
    // A sidecar that ended, or waits to start again, says nothing about the pod.
  } else if (status.state?.waiting !== undefined) {
    counts.pendingSidecars += 1
    counts.waiting += 1
  } else {
    counts.pendingSidecars += 1
    counts.unknown += 1
  }
}

const countRegular = (container: Container, pod: Pod, status: ContainerStatus | undefined, counts: Counts): void => {
  if (status === undefined) {
    counts.unknown += 1
    return
  }
  if (status.state?.running !== undefined) {
    counts.running += 1
    return
  }
  const ended = endOf(status)
  if (ended === undefined) {
    if (status.state?.waiting !== undefined) counts.waiting += 1
    else counts.unknown += 1
    return
  }
  counts.stopped += 1
  if (!restartable(container, pod, ended)) counts.stoppedForGood += 1
  // A container that waits to start again does not count as succeeded.
  if (status.state?.terminated?.exitCode === 0) counts.succeeded += 1
}

/** kubelet getPhase: a pod's phase from its container statuses (init containers' included). */
export const podPhase = (pod: Pod, statuses: readonly ContainerStatus[], facts: PhaseFacts): PodPhase => {
  const counts: Counts = {
    pendingInitial: 0,
    pendingSidecars: 0,
    initialFailed: false,
    unknown: 0,
    running: 0,
    waiting: 0,
    stopped: 0,
    stoppedForGood: 0,
    succeeded: 0,
  }
  for (const container of pod.spec.initContainers ?? []) {
    const status = containerStatusOf(statuses, container.name)
    if (isSidecar(container)) countSidecar(status, counts)
    else countInitial(container, pod, status, counts)
  }
  for (const container of pod.spec.containers ?? []) {
    countRegular(container, pod, containerStatusOf(statuses, container.name), counts)
  }
  const { unknown, running, waiting, stopped, stoppedForGood, succeeded } = counts
  if (counts.initialFailed) return 'Failed'
  if (counts.pendingInitial > 0 || waiting > 0) return 'Pending'
  if (counts.pendingSidecars > 0 && !facts.podHasInitialized) return 'Pending'
  if (running > 0 && unknown === 0) return 'Running'
  if (running > 0 || stopped === 0 || unknown > 0) return 'Pending'
  const over = stopped === succeeded ? 'Succeeded' : 'Failed'
  if (facts.podIsTerminal && !isStaticPod(pod)) return over
  return stopped !== stoppedForGood ? 'Running' : over
}

import type { Container, Pod, ResourceRequirements } from '../../api/types/core-v1.generated.ts'
import type { ContainerSizes } from '../container-runtime/cri.ts'
import { containerHash } from './container-hash.ts'
import { initActions } from './init-actions.ts'
import { findContainer, sandboxChanged, type PodSnapshot } from './pod-snapshot.ts'
import type { ProbeResult } from './probe-results.ts'
import { matchingRule, shouldBeRestarted } from './restart-policy.ts'
import { anyRegular } from './container-statuses.ts'
import { resizeAction, type ContainerUpdates } from './resize-action.ts'
import { sameSizes, sizesOf } from './container-sizes.ts'

export type KillReason = 'StartupProbe' | 'LivenessProbe' | 'FailedPostStartHook' | 'RestartAllContainers' | 'Unknown'

export interface ContainerToKill {
  readonly id: string
  readonly container: Container
  readonly message: string
  readonly reason: KillReason
}

export interface ContainerToReset {
  readonly id: string
  readonly container: Container
  readonly kill: boolean
}

/** kuberuntime.podActions: what a sync will do. */
export interface PodActions {
  killPod: boolean
  createSandbox: boolean
  readonly sandboxId: string
  readonly attempt: number
  initToStart: number[]
  readonly ephemeralToStart: number[]
  readonly toStart: number[]
  readonly toKill: ContainerToKill[]
  readonly toReset: ContainerToReset[]
  /** Running containers that get other sizes. */
  toUpdate: ContainerUpdates | undefined
  /** A container restarts for its other size. */
  updatePodResources: boolean
  /** The resources of the pod as a whole change. */
  updatePodLevel: boolean
}

export interface ActionQuestion {
  readonly pod: Pod
  readonly snapshot: PodSnapshot
  readonly restartAll: boolean
  readonly liveness: (id: string) => ProbeResult | undefined
  readonly startup: (id: string) => ProbeResult | undefined
  /** The sizes in effect. */
  readonly sizes: (id: string) => ContainerSizes | undefined
  /** The pod-level resources in effect. */
  readonly resources: (pod: Pod) => ResourceRequirements | undefined
}

/** pkg/kubelet/kuberuntime: computePodActions. */
export const podActions = (question: ActionQuestion): PodActions => {
  const { pod, snapshot } = question
  const { spec } = pod
  const sandbox = sandboxChanged(spec.hostNetwork === true, snapshot)
  const actions: PodActions = {
    killPod: sandbox.changed,
    createSandbox: sandbox.changed,
    sandboxId: sandbox.id,
    attempt: sandbox.attempt,
    initToStart: [],
    ephemeralToStart: [],
    toStart: [],
    toKill: [],
    toReset: [],
    toUpdate: undefined,
    updatePodResources: false,
    updatePodLevel: false,
  }
  if (question.restartAll) {
    const inits = toReset(spec.initContainers ?? [], snapshot)
    const regular = toReset(spec.containers, snapshot)
    actions.toReset.push(...regular.targets, ...inits.targets, ...regular.sources, ...inits.sources)
    return actions
  }
  if (sandbox.changed) return inNewSandbox(question, actions)

  for (const [index, container] of (spec.ephemeralContainers ?? []).entries()) {
    if (findContainer(snapshot, container.name) === undefined) actions.ephemeralToStart.push(index)
  }
  const initialized = initActions(question, actions)
  if (actions.killPod || !initialized) return actions

  let kept = 0
  for (const [index, container] of spec.containers.entries()) {
    const known = findContainer(snapshot, container.name)
    if (known?.state !== 'running') {
      if (shouldBeRestarted(container, pod, snapshot)) actions.toStart.push(index)
      continue
    }
    let restart =
      container.restartPolicy === undefined ? spec.restartPolicy !== 'Never' : container.restartPolicy !== 'Never'
    let message = ''
    let reason: KillReason = 'Unknown'
    if (known.hash !== containerHash(container)) {
      message = `Container ${container.name} definition changed`
      restart = true
    } else if (question.liveness(known.id) === 'failure') {
      message = `Container ${container.name} failed liveness probe`
      reason = 'LivenessProbe'
    } else if (question.startup(known.id) === 'failure') {
      message = `Container ${container.name} failed startup probe`
      reason = 'StartupProbe'
    } else {
      if (resizeAction(question, actions, known, { container, index, kind: 'regular' })) kept += 1
      continue
    }
    if (restart) {
      message = `${message}, will be restarted`
      actions.toStart.push(index)
    }
    actions.toKill.push({ id: known.id, container, message, reason })
  }
  if (kept === 0 && actions.toStart.length === 0) {
    actions.killPod = true
    actions.initToStart = []
  }
  if (spec.resources !== undefined)
    actions.updatePodLevel = !sameSizes(sizesOf(spec.resources), sizesOf(question.resources(pod)))
  return actions
}

const inNewSandbox = (question: ActionQuestion, actions: PodActions): PodActions => {
  const { pod, snapshot } = question
  const { spec } = pod
  if (spec.restartPolicy === 'Never' && actions.attempt !== 0 && snapshot.containers.length > 0) {
    actions.createSandbox = false
    return actions
  }
  const start: number[] = []
  for (const [index, container] of spec.containers.entries()) {
    const once = (container.restartPolicy ?? spec.restartPolicy) === 'OnFailure'
    const known = findContainer(snapshot, container.name)
    if (once && known?.state === 'exited' && known.exitCode === 0) continue
    start.push(index)
  }
  if (start.length === 0 && anyRegular(pod, snapshot)) {
    actions.createSandbox = false
    return actions
  }
  if ((spec.initContainers ?? []).length > 0) actions.initToStart = [0]
  else actions.toStart.push(...start)
  return actions
}

const toReset = (
  containers: readonly Container[],
  snapshot: PodSnapshot,
): { readonly sources: ContainerToReset[]; readonly targets: ContainerToReset[] } => {
  const sources: ContainerToReset[] = []
  const targets: ContainerToReset[] = []
  for (const container of containers) {
    for (const known of snapshot.containers) {
      if (known.name !== container.name) continue
      const exited = known.state === 'exited'
      const source = exited && matchingRule(container, known.exitCode)?.action === 'RestartAllContainers'
      const entry = { id: known.id, container, kill: !exited }
      if (source) sources.push(entry)
      else targets.push(entry)
    }
  }
  return { sources, targets }
}

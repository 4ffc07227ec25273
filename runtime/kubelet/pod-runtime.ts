import type { Container, Pod } from '../../api/types/core-v1.generated.ts'
import type { CriResult } from '../container-runtime/cri.ts'
import type { Backoff } from './backoff.ts'
import { containerConfig, identityOf, linuxResources } from './container-config.ts'
import type { Context } from './context.ts'
import { goDuration } from './go-duration.ts'
import type { ImageManager } from './image-manager.ts'
import { runHook } from './lifecycle-hook.ts'
import { suspend, type Task } from './life.ts'
import { podActions, type ActionQuestion, type PodActions } from './pod-actions.ts'
import type { PodCgroups } from './pod-cgroups.ts'
import type { PodKiller } from './pod-killer.ts'
import { findContainer, type PodSnapshot } from './pod-snapshot.ts'
import type { PodSyncResult, StartError, StartResult } from './pod-sync-result.ts'
import { podText } from './pod-text.ts'
import { resizePod } from './resize-pod.ts'
import { isSidecar } from './restart-policy.ts'

export interface PodRuntimeParts {
  readonly context: Context
  readonly images: ImageManager
  readonly killer: PodKiller
  readonly backoff: Backoff
  readonly question: (pod: Pod, snapshot: PodSnapshot, restartAll: boolean) => ActionQuestion
  /** OnPodSandboxReady */
  readonly sandboxReady: (pod: Pod) => void
  readonly terminationRequested: (uid: string) => boolean
  readonly removeContainer: (id: string) => void
  readonly cgroups: PodCgroups
  /** RequestPodReinspect */
  readonly reinspect: (uid: string) => void
}

export interface PodRuntime {
  sync(pod: Pod, snapshot: PodSnapshot, restartAll: boolean): Task<PodSyncResult>
}

interface Outcome {
  readonly starts: StartResult[]
  readonly errors: string[]
  acted: boolean
  removed: boolean
  resizeError: string | undefined
}

/** pkg/kubelet/kuberuntime: SyncPod. */
export const createPodRuntime = (parts: PodRuntimeParts): PodRuntime => {
  const { context, images, killer, backoff } = parts
  const { runtime, events, machine } = context

  /** doBackOff: measured from the end of the last run. */
  const crashLoop = (pod: Pod, container: Container, snapshot: PodSnapshot): StartError | undefined => {
    const last = snapshot.containers.find((known) => known.name === container.name && known.state === 'exited')
    if (last === undefined) return undefined
    const key = backoffKey(pod, container)
    if (!backoff.inBackoffSince(key, last.finishedAt)) {
      backoff.next(key, last.finishedAt)
      return undefined
    }
    events.container(pod, container.name, {
      type: 'Warning',
      reason: 'BackOff',
      message: `Back-off restarting failed container ${container.name} in pod ${podText(pod)}`,
    })
    const delay = backoff.get(key)
    return {
      reason: 'CrashLoopBackOff',
      message: `back-off ${goDuration(delay)} restarting failed container=${container.name} pod=${podText(pod)}`,
      backoffUntil: last.finishedAt + delay,
    }
  }

  function* startContainer(
    pod: Pod,
    container: Container,
    snapshot: PodSnapshot,
    sandbox: string,
  ): Task<StartError | undefined> {
    const failed = (message: string): void => {
      events.container(pod, container.name, { type: 'Warning', reason: 'Failed', message: `Error: ${message}` })
    }
    const image = yield* images.ensure(pod, container, identityOf(pod))
    if ('error' in image) {
      failed(image.error.reason)
      return image.error
    }
    const last = findContainer(snapshot, container.name)
    const logged = machine.disk.logs.get(`${pod.metadata.uid}/${container.name}`)
    const restartCount = last !== undefined ? last.restartCount + 1 : logged === undefined ? 0 : logged + 1
    const made = yield* containerConfig(context, { pod, container, restartCount, imageId: image.id })
    if ('error' in made) {
      failed(made.error)
      return { reason: 'CreateContainerConfigError', message: made.error }
    }
    const created = yield* suspend<CriResult<string>>((resume) => runtime.createContainer(sandbox, made.config, resume))
    if (!created.ok) {
      failed(created.message)
      return { reason: 'CreateContainerError', message: created.message }
    }
    const id = created.value
    events.container(pod, container.name, { type: 'Normal', reason: 'Created', message: 'Container created' })
    const started = yield* suspend<CriResult<undefined>>((resume) => runtime.startContainer(id, resume))
    if (!started.ok) {
      failed(started.message)
      return { reason: 'RunContainerError', message: started.message }
    }
    events.container(pod, container.name, { type: 'Normal', reason: 'Started', message: 'Container started' })
    const hook = container.lifecycle?.postStart
    if (hook === undefined) return undefined
    const failure = yield* runHook(context, { pod, container, id }, hook)
    if (failure === undefined) return undefined
    events.container(pod, container.name, {
      type: 'Warning',
      reason: 'FailedPostStartHook',
      message: 'PostStartHook failed',
    })
    const kill = {
      pod,
      container,
      id,
      message: 'FailedPostStartHook',
      reason: 'FailedPostStartHook' as const,
      grace: undefined,
      order: undefined,
    }
    yield* killer.container(kill)
    return { reason: 'PostStartHookError', message: failure }
  }

  /** The closure `start` of upstream's SyncPod; true: it runs. */
  function* start(round: Round, container: Container): Task<boolean> {
    const { pod, snapshot, outcome, sandbox } = round
    outcome.acted = true
    const waits = crashLoop(pod, container, snapshot)
    const error = waits ?? (yield* startContainer(pod, container, snapshot, sandbox))
    outcome.starts.push(error === undefined ? { container: container.name } : { container: container.name, error })
    return error === undefined
  }

  function* kill(round: Round, actions: PodActions): Task<void> {
    const { pod, snapshot, outcome } = round
    if (actions.killPod) {
      outcome.acted = true
      yield* killer.pod(pod, snapshot, undefined)
      if (actions.createSandbox) removeInits(pod, snapshot, 0)
      return
    }
    for (const one of actions.toKill) {
      outcome.acted = true
      yield* killer.container({ ...one, pod, grace: undefined, order: undefined })
    }
    for (const one of actions.toReset) {
      outcome.acted = true
      outcome.removed = true
      if (one.kill)
        yield* killer.container({
          ...one,
          pod,
          message: 'killing',
          reason: 'RestartAllContainers',
          grace: 0,
          order: undefined,
        })
      parts.removeContainer(one.id)
    }
  }

  /** purgeInitContainers and pruneInitContainersBeforeStart: all but the newest `keep` that have ended. */
  const removeInits = (pod: Pod, snapshot: PodSnapshot, keep: number): void => {
    for (const init of pod.spec.initContainers ?? []) {
      let count = 0
      for (const known of snapshot.containers) {
        if (known.name !== init.name || (keep > 0 && known.state !== 'exited')) continue
        count += 1
        if (count > keep && runtime.container(known.id) !== undefined) parts.removeContainer(known.id)
      }
    }
  }

  return {
    *sync(pod, snapshot, restartAll) {
      if (pod.spec.imagePullSecrets !== undefined) yield* images.prepare(pod)
      const actions = podActions(parts.question(pod, snapshot, restartAll))
      const outcome: Outcome = { starts: [], errors: [], acted: false, removed: false, resizeError: undefined }
      if (actions.createSandbox && actions.sandboxId !== '') {
        events.pod(pod, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.')
      }
      const round: Round = { pod, snapshot, outcome, sandbox: actions.sandboxId }
      yield* kill(round, actions)
      removeInits(pod, snapshot, 1)
      if (actions.createSandbox) {
        outcome.acted = true
        const config = { pod: identityOf(pod), attempt: actions.attempt, hostNetwork: pod.spec.hostNetwork === true }
        const made = yield* suspend<CriResult<string>>((resume) => runtime.runPodSandbox(config, resume))
        if (!made.ok) {
          if (parts.terminationRequested(pod.metadata.uid ?? '')) return outcome
          const error = `rpc error: code = ${made.code} desc = ${made.message}`
          outcome.errors.push(`Failed to create sandbox for pod ${JSON.stringify(podText(pod))}: ${error}`)
          events.pod(pod, 'Warning', 'FailedCreatePodSandBox', `Failed to create pod sandbox: ${error}`)
          return outcome
        }
        round.sandbox = made.value
        parts.sandboxReady(pod)
      }
      for (const index of actions.ephemeralToStart) {
        const container = pod.spec.ephemeralContainers?.[index]
        if (container !== undefined) yield* start(round, container)
      }
      for (const index of actions.initToStart) {
        const container = pod.spec.initContainers?.[index]
        if (container === undefined) continue
        if (!(yield* start(round, container)) && !isSidecar(container)) return outcome
      }
      if (actions.toUpdate !== undefined || actions.updatePodResources || actions.updatePodLevel) {
        outcome.acted = true
        outcome.resizeError = resizePod(
          { runtime, cgroups: parts.cgroups, reinspect: parts.reinspect },
          pod,
          snapshot,
          actions,
        )
        if (outcome.resizeError !== undefined) outcome.errors.push(outcome.resizeError)
      }
      for (const index of actions.toStart) yield* start(round, pod.spec.containers[index]!)
      return outcome
    },
  }

  function backoffKey(pod: Pod, container: Container): string {
    const linux = linuxResources(pod, container)
    const resources = `${linux.cpuShares}/${linux.cpuQuota}/${linux.memoryLimitInBytes}`
    return `${pod.metadata.uid}/${container.name}/${container.image}/${resources}`
  }
}

interface Round {
  readonly pod: Pod
  readonly snapshot: PodSnapshot
  readonly outcome: Outcome
  sandbox: string
}

import type { Container, Pod } from '../../api/types/core-v1.generated.ts'
import type { CriResult } from '../container-runtime/cri.ts'
import { second, type Micros } from '../kernel/micros.ts'
import type { Context } from './context.ts'
import { runHook } from './lifecycle-hook.ts'
import { suspend, type Task } from './life.ts'
import type { KillReason } from './pod-actions.ts'
import type { PodSnapshot } from './pod-snapshot.ts'
import { containerSpec, isSidecar } from './restart-policy.ts'
import { createTerminationOrder, type TerminationOrder } from './termination-order.ts'

export interface KillContainer {
  readonly pod: Pod
  readonly container: Container
  readonly id: string
  readonly message: string
  readonly reason: KillReason
  readonly grace: number | undefined
  readonly order: TerminationOrder | undefined
  readonly until?: Cancellation | undefined
}

/** A context: once it is cancelled nothing more of it is begun. */
export interface Cancellation {
  cancelled: boolean
}

export interface PodKiller {
  container(kill: KillContainer): Task<void>
  /** KillPod: all running containers at once, then the sandboxes. */
  pod(pod: Pod, snapshot: PodSnapshot, grace: number | undefined, until?: Cancellation): Task<void>
}

/** kuberuntime: minimumGracePeriodInSeconds */
const minimumGrace = 2

/** setTerminationGracePeriod */
const graceOf = (pod: Pod, container: Container, reason: KillReason): number => {
  if (pod.metadata.deletionGracePeriodSeconds !== undefined) return pod.metadata.deletionGracePeriodSeconds
  if (pod.spec.terminationGracePeriodSeconds === undefined) return minimumGrace
  const probe =
    reason === 'StartupProbe'
      ? container.startupProbe
      : reason === 'LivenessProbe'
        ? container.livenessProbe
        : undefined
  return probe?.terminationGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds
}

const wholeSeconds = (time: Micros): number => Math.floor(time / second)

export const createPodKiller = (context: Context): PodKiller => {
  const { kernel, life, runtime, events } = context

  /** executePreStopHook: counts against the grace period and is left alone when that is over. */
  function* preStop(kill: KillContainer, grace: number): Task<number> {
    const { pod, container, id } = kill
    const handler = container.lifecycle?.preStop
    if (handler === undefined) return 0
    const began = kernel.now
    yield* suspend<void>((resume) => {
      let done = false
      const end = (): void => {
        if (done) return
        done = true
        life.cancel(limit)
        life.after(0, () => resume())
      }
      const limit = life.after(grace * second, end, { label: `pod/${pod.metadata.name}: preStop of ${container.name}` })
      const hooked = (failure: string | undefined): void => {
        if (failure !== undefined) {
          events.container(pod, container.name, {
            type: 'Warning',
            reason: 'FailedPreStopHook',
            message: 'PreStopHook failed',
          })
        }
        end()
      }
      life.after(0, () => void life.spawn(runHook(context, { pod, container, id }, handler), hooked))
    })
    return wholeSeconds(kernel.now - began)
  }

  function* killContainer(kill: KillContainer): Task<void> {
    const { pod, container, id, order } = kill
    const message = kill.message === '' ? `Stopping container ${container.name}` : kill.message
    let grace = graceOf(pod, container, kill.reason)
    events.container(pod, container.name, { type: 'Normal', reason: 'Killing', message })
    if (kill.grace !== undefined) grace = kill.grace
    if (container.lifecycle?.preStop !== undefined && grace > 0) grace -= yield* preStop(kill, grace)
    // Upstream subtracts seconds as a float and cuts the fraction off what was waited.
    if (order !== undefined && grace > 0) grace -= wholeSeconds(yield* order.wait(container.name, grace))
    if (kill.until?.cancelled === true) return
    grace = Math.max(grace, minimumGrace)
    yield* suspend<CriResult<undefined>>((resume) => runtime.stopContainer(id, grace, resume))
    order?.ended(container.name)
  }

  return {
    container: killContainer,
    *pod(pod, snapshot, grace, until) {
      const running = snapshot.containers.filter((container) => container.state === 'running')
      const order = (pod.spec.initContainers ?? []).some(isSidecar)
        ? createTerminationOrder(context, pod, new Set(running.map((container) => container.name)))
        : undefined
      const kills: KillContainer[] = []
      for (const { id, name } of running) {
        const container = containerSpec(pod, name) ?? { name }
        kills.push({ pod, container, id, message: '', reason: 'Unknown', grace, order, until })
      }
      if (kills.length > 0) {
        yield* suspend<void>((resume) => {
          let left = kills.length
          const ended = (): void => {
            left -= 1
            if (left === 0) resume()
          }
          for (const kill of kills) life.after(0, () => void life.spawn(killContainer(kill), ended))
        })
      }
      for (const sandbox of snapshot.sandboxes) runtime.stopPodSandbox(sandbox.id)
    },
  }
}

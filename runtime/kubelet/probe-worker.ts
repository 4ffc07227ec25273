import type { Container, ContainerStatus, Pod, PodStatus, Probe } from '../../api/types/core-v1.generated.ts'
import { parseTimestamp } from '../client/timestamp.ts'
import type { ExecResult } from '../container-runtime/cri.ts'
import { second, type Micros } from '../kernel/micros.ts'
import type { TimerTag, Timer } from '../kernel/timer.ts'
import type { Context } from './context.ts'
import { expandCommand } from './expand-variables.ts'
import { suspend, type Task } from './life.ts'
import { probeFailureText } from './probe-failure-text.ts'
import type { ProbeResult, ProbeResults } from './probe-results.ts'
import { allContainersCouldRestart, isSidecar, restartsAfter, shouldAllRestart } from './restart-policy.ts'

export type ProbeType = 'readiness' | 'liveness' | 'startup'

export interface ProbeWorker {
  start(): void
  stop(): void
  /** A sync saw the container started but not ready: the readiness probe runs once more, now. */
  trigger(): void
  statusChanged(): void
}

export interface ProbeWorkerParts {
  readonly context: Context
  readonly type: ProbeType
  readonly pod: Pod
  readonly container: Container
  readonly spec: Probe
  readonly results: ProbeResults
  status(): PodStatus | undefined
  ended(): void
}

const initial: Readonly<Record<ProbeType, ProbeResult>> = {
  readiness: 'failure',
  liveness: 'success',
  startup: 'unknown',
}
const titles: Readonly<Record<ProbeType, string>> = { readiness: 'Readiness', liveness: 'Liveness', startup: 'Startup' }
const maxProbeRetries = 3
const restartGrace = 10 * second

/** What a round of a probe leaves behind: `end` the worker, or until when the next rounds would find everything as it is. */
type Round = { readonly end: true } | { readonly end: false; readonly quietUntil: Micros }

const again: Round = { end: false, quietUntil: 0 }
/** Nothing to do before the pod's status changes. */
const idle: Round = { end: false, quietUntil: Number.POSITIVE_INFINITY }
const over: Round = { end: true }

/**
 * pkg/kubelet/prober/worker.go. Ticks of a probe whose outcome is known to stay the same are left out: it sleeps to the first tick
 * at which the answer may be another one, or until the pod's status changes.
 */
export const createProbeWorker = (parts: ProbeWorkerParts): ProbeWorker => {
  const { context, type, pod, container, spec, results } = parts
  const { kernel, life, runtime } = context
  const uid = pod.metadata.uid ?? ''
  const period = (spec.periodSeconds ?? 10) * second
  const sidecar = isSidecar(container) && (pod.spec.initContainers ?? []).some((one) => one.name === container.name)
  let containerId = ''
  let lastResult: ProbeResult | undefined
  let resultRun = 0
  let onHold = false
  /** Origin of the ticker. */
  let origin: Micros = 0
  let timer: Timer | undefined
  let busy = false
  let triggered = false
  let stopped = false
  let asleep = false

  const end = (): void => {
    life.cancel(timer)
    timer = undefined
    if (containerId !== '') results.remove(containerId)
    parts.ended()
  }

  const nextTick = (from: Micros): Micros => origin + (Math.floor((from - origin) / period) + 1) * period

  const arm = (from: Micros, tag: TimerTag): void => {
    const at = Math.max(nextTick(kernel.now), from <= kernel.now ? 0 : nextTick(from - 1))
    timer = life.at(at, round, { tag, label: `pod/${pod.metadata.name}: ${type} probe of ${container.name}` })
  }

  /** A goroutine's ticker holds one tick that came while the probe ran: that one runs at once. */
  let began: Micros = 0
  const round = (): void => {
    timer = undefined
    busy = true
    asleep = false
    began = kernel.now
    life.spawn(probeOnce(), (outcome) => {
      busy = false
      if (stopped || outcome.end) {
        end()
        return
      }
      if (triggered) {
        triggered = false
        origin = kernel.now
        life.after(0, round)
        busy = true
        return
      }
      if (nextTick(began) <= kernel.now) {
        // The tick passed while the command ran.
        life.after(0, round)
        busy = true
        return
      }
      if (outcome.quietUntil === Number.POSITIVE_INFINITY) asleep = true
      else arm(outcome.quietUntil, steady() ? 'housekeeping' : 'progress')
    })
  }

  const steady = (): boolean => {
    if (lastResult === undefined) return type === 'liveness'
    return type === 'readiness' ? results.get(containerId) === lastResult : lastResult === 'success'
  }

  function* probeOnce(): Task<Round> {
    const status = parts.status()
    if (status === undefined) return idle
    if (status.phase === 'Failed' || status.phase === 'Succeeded') return over
    const mine = reported(status, container.name)
    if (mine === undefined) return idle
    adopt(mine)
    if (onHold) return idle
    const running = mine.state?.running
    if (running === undefined) {
      results.set(containerId, 'failure', uid)
      const ended = mine.state?.terminated
      if (ended === undefined) return idle
      const restarts = restartsAfter(container, pod.spec, ended.exitCode)
      const all = allContainersCouldRestart(pod.spec) && shouldAllRestart(pod, undefined, status)
      return restarts || all ? idle : over
    }
    const startedAt = (parseTimestamp(running.startedAt) ?? 0) - kernel.epoch
    const delayed = startedAt + (spec.initialDelaySeconds ?? 0) * second
    if (Math.floor((kernel.now - startedAt) / second) < (spec.initialDelaySeconds ?? 0))
      return { end: false, quietUntil: delayed }
    if (mine.started === true ? type === 'startup' : type !== 'startup') return idle

    const { result, until } = yield* probe(status)
    if (result === undefined) return again
    if (lastResult === result) resultRun += 1
    else {
      lastResult = result
      resultRun = 1
    }
    const threshold = result === 'failure' ? (spec.failureThreshold ?? 3) : (spec.successThreshold ?? 1)
    if (resultRun < threshold) return again
    results.set(containerId, result, uid)
    if ((type === 'liveness' && result === 'failure') || type === 'startup') {
      onHold = true
      resultRun = 0
      return idle
    }
    // A further success says nothing new; a further failure is an event each time.
    return result === 'success' && until !== undefined ? { end: false, quietUntil: until } : again
  }

  /** A new container starts with the initial result, unless it has been running since before the kubelet. */
  const adopt = (mine: ContainerStatus): void => {
    const id = bareId(mine.containerID ?? '')
    if (id === containerId) return
    if (containerId !== '') results.remove(containerId)
    containerId = id
    const startedAt = parseTimestamp(mine.state?.running?.startedAt)
    const outlived = startedAt !== undefined && startedAt < kernel.epoch + context.startedAt - restartGrace
    if (sidecar && type === 'startup' && mine.started === true) results.set(id, 'success', uid)
    if (!outlived) results.set(id, initial[type], uid)
    onHold = false
  }

  function* probe(
    status: PodStatus,
  ): Task<{ readonly result: ProbeResult | undefined; readonly until: Micros | undefined }> {
    let failure = ''
    for (let attempt = 0; attempt < maxProbeRetries; attempt += 1) {
      const answer = yield* execute(status)
      if (answer.kind === 'exited') {
        if (answer.exitCode === 0) return { result: 'success', until: answer.until }
        const text = probeFailureText(spec, status, container, answer.output)
        unhealthy(`${titles[type]} probe failed: ${text}`)
        return { result: 'failure', until: answer.until }
      }
      failure = `rpc error: code = ${answer.code} desc = ${answer.message}`
    }
    unhealthy(`${titles[type]} probe errored and resulted in unknown state: ${failure}`)
    return { result: undefined, until: undefined }
  }

  const execute = (status: PodStatus): Task<ExecResult> => {
    void status
    const exec = spec.exec
    const request = {
      command: exec === undefined ? [] : expandCommand(exec.command ?? [], container.env ?? []),
      purpose: type,
      timeout: spec.timeoutSeconds ?? 1,
      ...(exec === undefined ? { network: true } : {}),
    }
    return suspend<ExecResult>((resume) => runtime.execSync(containerId, request, resume))
  }

  const unhealthy = (message: string): void => {
    context.events.container(pod, container.name, { type: 'Warning', reason: 'Unhealthy', message })
  }

  return {
    start() {
      const uptime = kernel.now - context.startedAt
      // At the kubelet's start its probes are spread over their period.
      const delay =
        period > uptime ? kernel.choose('kubelet/probe-start', Math.max(1, Math.floor(period / 1000))) * 1000 : 0
      busy = true
      life.after(delay, () => {
        origin = kernel.now
        if (stopped) end()
        else round()
      })
    },
    stop() {
      if (stopped) return
      stopped = true
      // A tick of this very moment still has its turn.
      const due = timer?.run !== undefined && timer.at === kernel.now
      if (!busy && !due) end()
    },
    trigger() {
      if (triggered || stopped) return
      if (busy) {
        triggered = true
        return
      }
      // A tick of this very moment has its turn first, even one that was left out: the trigger waits in its channel.
      const due = timer?.run !== undefined && timer.at === kernel.now
      if (due || (began !== kernel.now && kernel.now > origin && (kernel.now - origin) % period === 0)) {
        triggered = true
        if (due) return
        life.cancel(timer)
        timer = undefined
        busy = true
        life.after(0, round)
        return
      }
      life.cancel(timer)
      busy = true
      timer = undefined
      life.after(0, () => {
        origin = kernel.now
        round()
      })
    },
    statusChanged() {
      if (busy || stopped) return
      if (asleep || timer?.tag === 'housekeeping' || (timer?.at ?? 0) > nextTick(kernel.now)) {
        life.cancel(timer)
        asleep = false
        arm(kernel.now, 'progress')
      }
    },
  }
}

const bareId = (containerId: string): string => containerId.slice(containerId.indexOf('://') + 3)

const reported = (status: PodStatus, name: string): ContainerStatus | undefined => {
  const regular = (status.containerStatuses ?? []).find((one) => one.name === name)
  if (regular?.containerID !== undefined && regular.containerID !== '') return regular
  const init = (status.initContainerStatuses ?? []).find((one) => one.name === name)
  return init?.containerID !== undefined && init.containerID !== '' ? init : undefined
}

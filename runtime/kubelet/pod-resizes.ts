import { structuralEqual } from '../../api/json/structural-equal.ts'
import { podRequestUnits, podTakenUnits } from '../../api/pods/pod-resources.ts'
import { podQos } from '../../api/pods/qos.ts'
import { milliValue } from '../../api/quantity/quantity-values.ts'
import type { Container, Pod } from '../../api/types/core-v1.generated.ts'
import { minute, second, type Micros } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'
import type { AdmissionVerdict, Rejection, ResourceShortage } from './admission.ts'
import type { Allocations } from './allocations.ts'
import type { Context } from './context.ts'
import type { PodCgroups } from './pod-cgroups.ts'
import type { ResizeConditions } from './resize-conditions.ts'
import { resizeMessage } from './resize-message.ts'

/** The pods that ask for other resources than they were given. */
export interface PodResizes {
  /** HandlePodAdditions, once all of them are known. */
  added(pods: readonly Pod[]): void
  /** HandlePodUpdates */
  updated(before: Pod, pod: Pod): void
  /** HandlePodReconcile */
  reconciled(before: Pod, pod: Pod): void
  /** HandlePodRemoves */
  removed(uid: string): void
  /** All sources have been read. */
  ready(): void
}

export interface PodResizesParts {
  readonly context: Context
  readonly allocations: Allocations
  readonly conditions: ResizeConditions
  readonly cgroups: PodCgroups
  readonly podOf: (uid: string) => Pod | undefined
  /** Why the pod could not be admitted with what it asks for. */
  readonly admit: (pod: Pod) => AdmissionVerdict
  /** Makes room for a critical pod; undefined: it cannot be made. */
  readonly makeRoom: (pod: Pod, shortages: readonly ResourceShortage[], made: () => void) => Rejection | undefined
  /** triggerPodSync */
  readonly sync: (pod: Pod) => void
}

// pkg/kubelet/allocation: initialRetryDelay, retryDelay
const initialDelay: Micros = 30 * second
const retryDelay: Micros = 3 * minute

const uidOf = (pod: Pod): string => pod.metadata.uid ?? ''
const isTerminal = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'

/**
 * pkg/kubelet/allocation/allocation_manager.go: the queue of resizes. Its retry every 3 minutes is an event only while one waits, and
 * none that a cluster must wait for.
 */
export const createPodResizes = (parts: PodResizesParts): PodResizes => {
  const { context, allocations, conditions, cgroups, podOf } = parts
  const { life, events, config } = context
  let pending: readonly string[] = []
  let sourcesReady = false
  let timer: Timer | undefined

  const resetTicker = (delay: Micros): void => {
    life.cancel(timer)
    timer = undefined
    if (pending.length === 0) return
    timer = life.after(delay, retry, { tag: 'housekeeping', label: `${context.actor.name} retries resizes` })
  }

  /** RetryPendingResizes */
  const retry = (): void => {
    if (!sourcesReady) {
      resetTicker(initialDelay)
      return
    }
    const waiting: string[] = []
    const queue = pending
    pending = []
    for (const uid of queue) {
      const pod = podOf(uid)
      if (pod === undefined) continue
      const before = conditions.list(uid)
      const given = resize(pod)
      const reason = conditions.pendingReason(uid)
      if (reason === 'Deferred') waiting.push(uid)
      if (given || !structuralEqual(before, conditions.list(uid))) parts.sync(pod)
    }
    pending = [...waiting, ...pending]
    resetTicker(retryDelay)
  }

  /** podResizesAdmitHandler: CPUs of its own stay with a pod as they are. */
  const pinned = (pod: Pod): AdmissionVerdict | undefined => {
    if (config.cpuManagerPolicy !== 'static' || podQos(pod) !== 'Guaranteed') return undefined
    const given = allocations.of(pod)
    const cpus = (one: Pod): string =>
      [...(one.spec.initContainers ?? []), ...one.spec.containers]
        .map(({ resources }) => milliValue(resources?.requests?.['cpu'] ?? '0'))
        .join()
    if (cpus(pod) === cpus(given)) return undefined
    const message = 'Resize is infeasible for Guaranteed Pods alongside CPU Manager policy "static"'
    return { rejection: { reason: 'Infeasible', message }, shortages: [] }
  }

  /** handlePodResourcesResize: true if the pod was given what it asks for. */
  const resize = (pod: Pod): boolean => {
    const uid = uidOf(pod)
    if (allocations.of(pod) === pod) {
      conditions.clearPending(uid)
      return false
    }
    const { rejection, shortages } = pinned(pod) ?? parts.admit(pod)
    if (rejection === undefined && shortages.length === 0) {
      give(pod)
      return true
    }
    const room = (): void => {
      const now = podOf(uid)
      if (now === undefined || allocations.of(now) === now) return
      give(now)
      parts.sync(now)
    }
    const refused = rejection ?? parts.makeRoom(pod, shortages, room)
    if (refused === undefined) return false
    const { reason, message } = refused
    const generation = pod.metadata.generation ?? 0
    if (conditions.setPending(uid, { reason, message, generation })) {
      const event = reason === 'Infeasible' ? 'ResizeInfeasible' : 'ResizeDeferred'
      events.pod(pod, 'Warning', event, resizeMessage(`Pod resize ${reason}`, pod, generation, message))
    }
    return false
  }

  const give = (pod: Pod): void => {
    const uid = uidOf(pod)
    const generation = pod.metadata.generation ?? 0
    cgroups.keep(allocations.of(pod))
    allocations.set(pod)
    conditions.clearPending(uid)
    conditions.clearInProgress(uid)
    conditions.setInProgress(uid, { reason: '', message: '', generation })
    events.pod(pod, 'Normal', 'ResizeStarted', resizeMessage('Pod resize started', pod, generation))
  }

  const push = (uid: string): void => {
    if (!pending.includes(uid)) pending = inOrder([...pending, uid])
  }
  /** sortPendingResizes: decreases, then by priority, then guaranteed pods, then who waits longest. */
  const inOrder = (uids: readonly string[]): readonly string[] => {
    const ranks = new Map<string, readonly (number | string)[]>()
    for (const uid of uids) {
      const pod = podOf(uid)
      if (pod === undefined) continue
      const since = conditions.list(uid).find((one) => one.type === 'PodResizePending')?.lastTransitionTime
      const guaranteed = podQos(pod) === 'Guaranteed' ? 0 : 1
      ranks.set(uid, [increases(pod) ? 1 : 0, -(pod.spec.priority ?? 0), guaranteed, since ?? '~'])
    }
    return [...ranks.keys()].sort((a, b) => compareRanks(ranks.get(a)!, ranks.get(b)!))
  }
  const increases = (pod: Pod): boolean => {
    const has = podRequestUnits(allocations.of(pod))
    const wants = podRequestUnits(pod)
    return grows(has, wants)
  }

  return {
    added(pods) {
      const before = pending
      for (const pod of pods) {
        conditions.backfill(pod)
        if (podOf(uidOf(pod)) !== undefined && allocations.of(pod) !== pod) push(uidOf(pod))
      }
      if (pending !== before) retry()
    },
    updated(before, pod) {
      if (before.spec === pod.spec || !asksForOther(before, pod)) return
      if (allocations.of(pod) === pod) {
        conditions.clearPending(uidOf(pod))
        return
      }
      push(uidOf(pod))
      retry()
    },
    reconciled(before, pod) {
      if (pending.length === 0) return
      const ended = isTerminal(pod) && !isTerminal(before)
      const shrank = (): boolean => grows(podTakenUnits(allocations.of(pod)), podTakenUnits(allocations.of(before)))
      if (ended || shrank()) retry()
    },
    removed(uid) {
      allocations.remove(uid)
      cgroups.remove(uid)
      conditions.forget(uid)
      if (pending.length > 0) retry()
    },
    ready() {
      sourcesReady = true
    },
  }
}

/** One of memory and cpu is more in the second. */
const grows = (before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): boolean =>
  ['memory', 'cpu'].some((name) => (now.get(name) ?? 0) > (before.get(name) ?? 0))

const compareRanks = (a: readonly (number | string)[], b: readonly (number | string)[]): number => {
  for (const [index, value] of a.entries()) if (value !== b[index]) return value < b[index]! ? -1 : 1
  return 0
}

/** recordResizeOperations */
const asksForOther = (before: Pod, pod: Pod): boolean => {
  const other = (old: readonly Container[] = [], now: readonly Container[] = []): boolean =>
    old !== now &&
    now.some((container) => {
      const was = old.find((one) => one.name === container.name)
      return was !== container && was !== undefined && !structuralEqual(was.resources, container.resources)
    })
  return (
    other(before.spec.containers, pod.spec.containers) ||
    other(before.spec.initContainers, pod.spec.initContainers) ||
    !structuralEqual(before.spec.resources, pod.spec.resources)
  )
}

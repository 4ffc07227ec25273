import type { Micros } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'
import type { Context } from './context.ts'
import type { Manager } from './manager.ts'
import { emptySnapshot, takeSnapshot, type PodSnapshot } from './pod-snapshot.ts'
import { suspend, type Task } from './life.ts'

/** A pod lifecycle event as the sync loop gets it; `died` names the container. */
export interface PlegEvent {
  readonly uid: string
  readonly type: 'started' | 'died' | 'removed' | 'sync'
  readonly id: string
}

export interface Pleg extends Manager {
  /** What the last relist saw. */
  get(uid: string): PodSnapshot
  /** podCache.GetNewerThan: waits for a look at the pod that is newer than `minTime`. */
  newerThan(uid: string, minTime: Micros): Task<PodSnapshot>
  /** RequestPodRelist: a look at one pod, soon. */
  requestRelist(uid: string): void
  /** RequestReinspect: the next relist reads the pod's status even if nothing happened. */
  requestReinspect(uid: string): void
}

type State = 'running' | 'exited' | 'unknown'

interface Cached {
  readonly snapshot: PodSnapshot
  readonly modified: Micros
  observed: Micros
}

interface Waiter {
  readonly uid: string
  readonly minTime: Micros
  resume(snapshot: PodSnapshot): void
}

/**
 * pkg/kubelet/pleg/generic.go and pkg/kubelet/container/cache.go. Upstream relists everything once a second; here a relist is an
 * event only if the runtime changed something or somebody waits for one, and looks only at the pods that changed.
 */
export const createPleg = (context: Context, events: (events: readonly PlegEvent[]) => void): Pleg => {
  const { kernel, life, runtime, config, startedAt } = context
  const records = new Map<string, Map<string, State>>()
  const dirty = new Set<string>()
  const reinspect = new Set<string>()
  const cache = new Map<string, Cached>()
  let waiters: Waiter[] = []
  let timer: Timer | undefined
  /** The last relist that was not left out. */
  let lastRelist: Micros = Number.NEGATIVE_INFINITY

  /** When everything was last relisted, or would have been. */
  const relistedAt = (): Micros => {
    if (kernel.now < startedAt) return Number.NEGATIVE_INFINITY
    const last = startedAt + Math.floor((kernel.now - startedAt) / config.relistPeriod) * config.relistPeriod
    return timer?.run !== undefined && timer.at === last ? last - config.relistPeriod : last
  }
  const wake = (): void => {
    if (timer?.run !== undefined) return
    const next = startedAt + (Math.floor((kernel.now - startedAt) / config.relistPeriod) + 1) * config.relistPeriod
    timer = life.at(next, relist, { label: `${context.actor.name} relists` })
  }
  const touched = (uid: string): void => {
    dirty.add(uid)
    wake()
  }

  const statesOf = (uid: string): Map<string, State> => {
    const states = new Map<string, State>()
    for (const container of runtime.podContainers(uid)) {
      states.set(container.id, container.state === 'created' ? 'unknown' : container.state)
    }
    for (const sandbox of runtime.podSandboxes(uid)) states.set(sandbox.id, sandbox.ready ? 'running' : 'exited')
    return states
  }

  /** reconcilePodRecord and updateCache: what happened to a pod since its last record. */
  const reconcile = (uid: string, at: Micros): readonly PlegEvent[] => {
    const before = records.get(uid)
    const now = statesOf(uid)
    const found: PlegEvent[] = []
    let changed = false
    const compare = (id: string): void => {
      const was = before?.get(id)
      const is = now.get(id)
      if (was === is) return
      changed = true
      if (is === 'running') found.push({ uid, type: 'started', id })
      else if (is === 'exited') found.push({ uid, type: 'died', id })
      else if (is === undefined) {
        if (was !== 'exited') found.push({ uid, type: 'died', id })
        found.push({ uid, type: 'removed', id })
      }
    }
    if (before !== undefined) for (const id of before.keys()) compare(id)
    for (const id of now.keys()) if (before?.has(id) !== true) compare(id)
    const asked = reinspect.delete(uid)
    if (!changed && !asked) return found
    if (now.size === 0) {
      cache.delete(uid)
      records.delete(uid)
    } else {
      const taken = takeSnapshot(runtime, uid)
      cache.set(uid, { snapshot: keepIps(taken, cache.get(uid)?.snapshot), modified: at, observed: at })
      records.set(uid, now)
    }
    if (found.length === 0 && !changed) found.push({ uid, type: 'sync', id: '' })
    return found
  }

  const answer = (at: Micros, which: (waiter: Waiter) => boolean): void => {
    const ready = waiters.filter((waiter) => which(waiter) && at >= waiter.minTime)
    if (ready.length === 0) return
    waiters = waiters.filter((waiter) => !ready.includes(waiter))
    for (const waiter of ready) life.after(0, () => waiter.resume(snapshotOf(waiter.uid)))
  }
  const snapshotOf = (uid: string): PodSnapshot => cache.get(uid)?.snapshot ?? emptySnapshot(uid)

  const relist = (): void => {
    timer = undefined
    const at = kernel.now
    lastRelist = at
    const uids = [...dirty, ...reinspect].sort()
    dirty.clear()
    const found: PlegEvent[] = []
    for (const uid of uids) found.push(...reconcile(uid, at))
    answer(at, () => true)
    if (found.length > 0) events(found)
  }

  const relistPod = (uid: string, requestedAt: Micros): void => {
    if (requestedAt <= lastRelist) return
    const at = kernel.now
    if (runtime.podContainers(uid).length === 0 && runtime.podSandboxes(uid).length === 0) return
    dirty.delete(uid)
    const found = reconcile(uid, at)
    const cached = cache.get(uid)
    if (cached !== undefined) cached.observed = at
    answer(at, (waiter) => waiter.uid === uid)
    if (found.length > 0) events(found)
  }

  return {
    name: 'pleg',
    start() {
      runtime.subscribe((uid) => {
        if (life.alive) touched(uid)
      })
      for (const uid of runtime.pods()) dirty.add(uid)
      if (dirty.size > 0) relist()
    },
    get: snapshotOf,
    *newerThan(uid, minTime) {
      const cached = cache.get(uid)
      const global = relistedAt() > minTime
      if (global || (cached !== undefined && (cached.modified > minTime || cached.observed > minTime)))
        return snapshotOf(uid)
      wake()
      return yield* suspend<PodSnapshot>((resume) => waiters.push({ uid, minTime, resume }))
    },
    requestRelist(uid) {
      if (!config.relistOnDemand) return
      const requestedAt = kernel.now
      life.after(config.relistTakes, () => relistPod(uid, requestedAt))
    },
    requestReinspect(uid) {
      reinspect.add(uid)
      wake()
    },
  }
}

/** getPodIPs: while the pod has no ready sandbox it keeps the addresses that it had. */
const keepIps = (taken: PodSnapshot, before: PodSnapshot | undefined): PodSnapshot => {
  if (taken.ips.length > 0 || before === undefined || before.ips.length === 0) return taken
  if (taken.sandboxes.some((sandbox) => sandbox.ready)) return taken
  return { ...taken, ips: before.ips }
}

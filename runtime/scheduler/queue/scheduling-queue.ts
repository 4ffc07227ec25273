import type { KubeObject } from '../../../api/object.ts'
import type { Micros } from '../../kernel/micros.ts'
import { anyEvent, isWildcard, matchesEvent, type ClusterEvent } from '../cluster-event.ts'
import type { Nominator } from '../nominator.ts'
import type { PodInfo } from '../pod-info.ts'
import type { Framework } from '../runner.ts'
import { podEvents } from '../object-events.ts'
import { createBackoff } from './backoff.ts'
import { createInFlight } from './in-flight.ts'
import { createPodHeap } from './pod-heap.ts'
import { isGated, newQueuedPod, type QueuedPod } from './queued-pod.ts'

/** Why an attempt failed: who rejected the pod, if anybody did. */
export interface Rejection {
  readonly unschedulablePlugins: ReadonlySet<string>
  readonly pendingPlugins: ReadonlySet<string>
}

/** The three queues of pending pods (PriorityQueue, pkg/scheduler/backend/queue/scheduling_queue.go). */
export interface SchedulingQueue {
  add(pod: PodInfo): void
  update(before: PodInfo, pod: PodInfo): void
  delete(pod: PodInfo): void
  /** Who is next: of the active queue, or of back-off if that is empty. It is in flight until `failed` or `done`. */
  pop(): QueuedPod | undefined
  readonly poppable: boolean
  /** The attempt failed: the pod waits for its back-off or for an event. */
  failed(queued: QueuedPod, pod: PodInfo, rejection: Rejection): void
  done(uid: string): void
  /** Tries a pod again as soon as possible. */
  activate(pod: PodInfo): void
  moveAll(
    event: ClusterEvent,
    before: KubeObject | undefined,
    after: KubeObject | undefined,
    only?: (pod: PodInfo) => boolean,
  ): void
  flushBackoff(): void
  flushUnschedulable(): void
  readonly backingOff: number
  readonly unschedulable: number
  /** Wall clock in microseconds at which the next back-off ends and at which the longest waiting pod will have waited enough. */
  nextBackoffEnd(): number | undefined
  nextUnschedulableEnd(): number | undefined
  waiting(): {
    readonly active: readonly PodInfo[]
    readonly backoff: readonly PodInfo[]
    readonly unschedulable: readonly PodInfo[]
  }
}

type Strategy = 'skip' | 'after-backoff' | 'immediately'

/** DefaultPodMaxInUnschedulablePodsDuration */
const defaultMaxUnschedulable: Micros = 300_000_000

export interface QueueOptions {
  readonly frameworks: readonly Framework[]
  /** Of the pod's profile. */
  readonly frameworkOf: (pod: PodInfo) => Framework
  readonly nominator: Nominator
  /** Microseconds since 1970. */
  readonly now: () => number
  readonly initialBackoffSeconds?: number
  readonly maxBackoffSeconds?: number
  readonly maxUnschedulable?: Micros
}

const bySequence = (a: QueuedPod, b: QueuedPod): number => a.sequence - b.sequence

export const createSchedulingQueue = (options: QueueOptions): SchedulingQueue => {
  const { frameworkOf, nominator, now } = options
  const backoff = createBackoff(options.initialBackoffSeconds ?? 1, options.maxBackoffSeconds ?? 10)
  const maxUnschedulable = options.maxUnschedulable ?? defaultMaxUnschedulable
  const byUid = new Map<string, QueuedPod>()
  const unschedulable = new Set<QueuedPod>()
  const inFlight = createInFlight()
  const registrationsFor = new Map<Framework, Map<string, Framework['hints']>>()
  // Unschedulable pods by who rejected them: an event concerns those of the plugins that wait for it, not all.
  const rejectedBy = new Map<string, Set<QueuedPod>>()
  let arrivals = 0

  /** Who of a profile waits for an event. */
  const listeners = (framework: Framework, event: ClusterEvent): Framework['hints'] => {
    let byEvent = registrationsFor.get(framework)
    if (byEvent === undefined) {
      byEvent = new Map()
      registrationsFor.set(framework, byEvent)
    }
    const key = `${event.resource} ${event.actions}`
    let found = byEvent.get(key)
    if (found === undefined) {
      found = framework.hints.filter(({ registration }) => matchesEvent(registration.event, event))
      byEvent.set(key, found)
    }
    return found
  }
  const file = (queued: QueuedPod): void => {
    for (const plugins of [queued.unschedulablePlugins, queued.pendingPlugins]) {
      for (const plugin of plugins) {
        const pods = rejectedBy.get(plugin)
        if (pods === undefined) rejectedBy.set(plugin, new Set([queued]))
        else pods.add(queued)
      }
    }
  }
  const unfile = (queued: QueuedPod): void => {
    for (const plugins of [queued.unschedulablePlugins, queued.pendingPlugins]) {
      for (const plugin of plugins) rejectedBy.get(plugin)?.delete(queued)
    }
  }
  /** Unschedulable pods that an event may concern, in the order of their arrival. */
  const concerned = (event: ClusterEvent): readonly QueuedPod[] => {
    if (unschedulable.size === 0) return []
    if (isWildcard(event)) return [...unschedulable]
    const found = new Set<QueuedPod>()
    for (const framework of options.frameworks)
      for (const { plugin } of listeners(framework, event))
        for (const queued of rejectedBy.get(plugin) ?? []) found.add(queued)
    return [...found].sort(bySequence)
  }

  const sorting = options.frameworks[0]
  const precedes = (a: QueuedPod, b: QueuedPod): boolean => sorting?.precedes(a, b) === true
  const first = (a: QueuedPod, b: QueuedPod): boolean => precedes(a, b) || (!precedes(b, a) && a.sequence < b.sequence)
  const endsFirst = (a: QueuedPod, b: QueuedPod): boolean => {
    const [left, right] = [backoff.until(a), backoff.until(b)]
    return left !== right ? left < right : first(a, b)
  }
  const active = createPodHeap(first)
  const backingOff = createPodHeap(endsFirst)
  const afterErrors = createPodHeap(endsFirst)

  const leave = (queued: QueuedPod): void => {
    if (queued.where === 'active') active.remove(queued)
    else if (queued.where === 'backoff') backingOff.remove(queued)
    else if (queued.where === 'error-backoff') afterErrors.remove(queued)
    else if (queued.where === 'unschedulable') {
      unschedulable.delete(queued)
      unfile(queued)
    }
    queued.where = 'nowhere'
  }
  const park = (queued: QueuedPod): void => {
    if (queued.where !== 'unschedulable') {
      leave(queued)
      queued.where = 'unschedulable'
      unschedulable.add(queued)
    }
    // Also where it stays: a gate may have been added to what holds it back.
    file(queued)
  }

  /** runPreEnqueuePlugins: who gates the pod is asked first, and alone as long as it says no. */
  const gate = (queued: QueuedPod): boolean => {
    const framework = frameworkOf(queued.pod)
    const refused = framework.preEnqueue(queued.pod, queued.gatingPlugin === '' ? undefined : queued.gatingPlugin)
    queued.gatingPlugin = refused?.plugin ?? ''
    if (refused === undefined) return false
    queued.unschedulablePlugins.add(refused.plugin)
    queued.gatingEvents = framework.eventsOf.get(refused.plugin) ?? []
    return true
  }
  const toActive = (queued: QueuedPod, fromBackoff: boolean, isNew: boolean): boolean => {
    if (!fromBackoff && gate(queued)) {
      if (queued.where !== 'active' && queued.where !== 'backoff' && queued.where !== 'error-backoff') park(queued)
      return false
    }
    leave(queued)
    queued.where = 'active'
    active.push(queued)
    if (isNew) nominator.nominate(queued.pod, undefined)
    return true
  }
  const toBackoff = (queued: QueuedPod): boolean => {
    if (gate(queued)) {
      park(queued)
      return false
    }
    leave(queued)
    const rejected = queued.unschedulablePlugins.size > 0 || queued.pendingPlugins.size > 0
    queued.where = rejected ? 'backoff' : 'error-backoff'
    ;(rejected ? backingOff : afterErrors).push(queued)
    return true
  }

  /** isPodWorthRequeuing. */
  const strategyFor = (
    queued: QueuedPod,
    event: ClusterEvent,
    before: KubeObject | undefined,
    after: KubeObject | undefined,
  ): Strategy => {
    const { unschedulablePlugins, pendingPlugins } = queued
    if (unschedulablePlugins.size === 0 && pendingPlugins.size === 0) return 'after-backoff'
    if (isWildcard(event)) {
      if (after !== undefined && after.metadata.uid !== queued.pod.uid) return 'skip'
      queued.wokenBy = { event, object: after, plugin: '' }
      return 'after-backoff'
    }
    let found: Strategy = 'skip'
    for (const { plugin, registration } of listeners(frameworkOf(queued.pod), event)) {
      const pending = pendingPlugins.has(plugin)
      if (!pending && !unschedulablePlugins.has(plugin)) continue
      if (registration.hint !== undefined && registration.hint(queued.pod, before, after) === 'Skip') continue
      queued.wokenBy = { event, object: after ?? before, plugin }
      if (pending) return 'immediately'
      found = 'after-backoff'
      if (pendingPlugins.size === 0) break
    }
    return found
  }
  const requeue = (queued: QueuedPod, strategy: Strategy): void => {
    if (strategy === 'skip') park(queued)
    else if (strategy === 'after-backoff' && backoff.backingOff(queued, now())) toBackoff(queued)
    else toActive(queued, false, false)
  }
  const interesting = (event: ClusterEvent): boolean =>
    isWildcard(event) || options.frameworks.some((framework) => listeners(framework, event).length > 0)

  const move = (
    pods: readonly QueuedPod[],
    event: ClusterEvent,
    before: KubeObject | undefined,
    after: KubeObject | undefined,
  ): void => {
    if (!interesting(event)) return
    for (const queued of pods) {
      if (isGated(queued) && !queued.gatingEvents.some((wanted) => matchesEvent(wanted, event))) continue
      const strategy = strategyFor(queued, event, before, after)
      if (strategy !== 'skip') requeue(queued, strategy)
    }
    inFlight.heard(event, before, after)
  }

  return {
    add(pod) {
      arrivals += 1
      const queued = newQueuedPod(pod, now(), arrivals)
      byUid.set(pod.uid, queued)
      toActive(queued, false, true)
    },
    update(before, pod) {
      const events = podEvents(before.pod, pod.pod)
      if (inFlight.heardOwn(pod.uid, events, before.pod, pod.pod)) return
      const queued = byUid.get(pod.uid)
      if (queued === undefined) {
        arrivals += 1
        const fresh = newQueuedPod(pod, now(), arrivals)
        byUid.set(pod.uid, fresh)
        toActive(fresh, false, true)
        return
      }
      queued.pod = pod
      nominator.update(before, pod)
      if (queued.where === 'active') active.update(queued)
      else if (queued.where === 'backoff') backingOff.update(queued)
      else if (queued.where === 'error-backoff') afterErrors.update(queued)
      else if (queued.where === 'unschedulable') {
        for (const event of events) {
          const strategy = strategyFor(queued, event, before.pod, pod.pod)
          requeue(queued, strategy)
          if ((queued.where as string) !== 'unschedulable') break
        }
      }
    },
    delete(pod) {
      nominator.remove(pod.uid)
      const queued = byUid.get(pod.uid)
      if (queued === undefined || queued.where === 'in-flight') return
      leave(queued)
      byUid.delete(pod.uid)
    },
    pop() {
      const queued = active.pop() ?? backingOff.pop()
      if (queued === undefined) return undefined
      queued.where = 'in-flight'
      queued.attempts += 1
      inFlight.began(queued.pod.uid)
      return queued
    },
    get poppable() {
      return active.size > 0 || backingOff.size > 0
    },
    failed(queued, pod, rejection) {
      queued.pod = pod
      queued.unschedulablePlugins = new Set(rejection.unschedulablePlugins)
      queued.pendingPlugins = new Set(rejection.pendingPlugins)
      queued.gatingPlugin = ''
      queued.gatingEvents = []
      byUid.set(pod.uid, queued)
      const rejected = queued.unschedulablePlugins.size > 0 || queued.pendingPlugins.size > 0
      if (rejected) {
        queued.unschedulableCount += 1
        queued.consecutiveErrors = 0
      } else queued.consecutiveErrors += 1
      queued.timestamp = now()
      queued.backoffUntil = undefined
      queued.wokenBy = undefined
      queued.where = 'nowhere'
      let strategy: Strategy = rejected ? 'skip' : 'after-backoff'
      if (rejected) {
        for (const one of inFlight.events(pod.uid)) {
          const found = strategyFor(queued, one.event, one.before, one.after)
          if (found !== 'skip') strategy = found
          if (found === 'immediately' || (found === 'after-backoff' && queued.pendingPlugins.size === 0)) break
        }
      }
      requeue(queued, strategy)
      inFlight.ended(pod.uid)
    },
    done(uid) {
      inFlight.ended(uid)
      if (byUid.get(uid)?.where === 'in-flight') byUid.delete(uid)
    },
    activate(pod) {
      const queued = byUid.get(pod.uid)
      if (
        queued !== undefined &&
        (queued.where === 'unschedulable' || queued.where === 'backoff' || queued.where === 'error-backoff')
      ) {
        const fromBackoff = queued.where !== 'unschedulable'
        if (toActive(queued, fromBackoff, false)) return
      }
      inFlight.heardOwn(pod.uid, [anyEvent], undefined, pod.pod)
    },
    moveAll(event, before, after, only) {
      const pods = concerned(event)
      move(only === undefined ? pods : pods.filter((one) => only(one.pod)), event, before, after)
    },
    flushBackoff() {
      for (const heap of [backingOff, afterErrors]) {
        for (let top = heap.peek(); top !== undefined && !backoff.backingOff(top, now()); top = heap.peek()) {
          toActive(top, true, false)
        }
      }
    },
    flushUnschedulable() {
      const late = [...unschedulable].filter((one) => now() - one.timestamp > maxUnschedulable).sort(bySequence)
      if (late.length > 0) move(late, anyEvent, undefined, undefined)
    },
    get backingOff() {
      return backingOff.size + afterErrors.size
    },
    get unschedulable() {
      return unschedulable.size
    },
    nextBackoffEnd() {
      const ends = [backingOff.peek(), afterErrors.peek()].flatMap((one) =>
        one === undefined ? [] : [backoff.until(one)],
      )
      return ends.length === 0 ? undefined : Math.min(...ends)
    },
    nextUnschedulableEnd() {
      // They stand in the order in which they failed. A gate does not open with time.
      for (const queued of unschedulable) if (!isGated(queued)) return queued.timestamp + maxUnschedulable
      return undefined
    },
    waiting() {
      const infos = (pods: Iterable<QueuedPod>): readonly PodInfo[] => [...pods].map((one) => one.pod)
      return {
        active: infos(active.all()),
        backoff: infos([...backingOff.all(), ...afterErrors.all()]),
        unschedulable: infos(unschedulable),
      }
    },
  }
}

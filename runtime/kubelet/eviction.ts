import { evictionMessage, type Observation } from '../../api/nodes/eviction-message.ts'
import { rankByDisk, rankByMemory, rankByProcesses } from '../../api/nodes/eviction-rank.ts'
import { signalResources, type EvictionThreshold } from '../../api/nodes/eviction-thresholds.ts'
import { isCriticalPod } from '../../api/pods/critical-pod.ts'
import type { Pod, PodStatus } from '../../api/types/core-v1.generated.ts'
import { second, type Micros } from '../kernel/micros.ts'
import type { Context } from './context.ts'
import { thresholdsMet, type Signals } from './eviction-signals.ts'
import { suspend, type Task } from './life.ts'
import { isStaticPod } from './static-pod.ts'
import { beyondStorageLimit } from './storage-limits.ts'
import { terminationByKubelet } from './termination-by-kubelet.ts'

export interface EvictionManager {
  /** Node conditions under which pods are evicted and others not admitted: MemoryPressure, DiskPressure, PIDPressure. */
  pressures(): readonly string[]
  /** Something on the node may now use what is watched: the rounds are events from here on. */
  arm(): void
}

export interface EvictionParts {
  readonly context: Context
  readonly signals: Signals
  readonly activePods: () => readonly Pod[]
  readonly kill: (pod: Pod, grace: number, status: (status: PodStatus) => PodStatus, done: () => void) => void
  readonly cleanedUp: (uid: string) => boolean
  /** Frees disk without touching a pod: dead containers and unused images. */
  readonly reclaimDisk: () => void
  /** The conditions changed. */
  readonly changed: () => void
}

// pkg/kubelet/eviction: evictionMonitoringPeriod, podCleanupPollFreq, podCleanupTimeout, immediateEvictionGracePeriodSeconds
const interval: Micros = 10 * second
const cleanupPoll: Micros = second
const cleanupTimeout: Micros = 30 * second
const immediately = 1

const conditionOf: Readonly<Record<string, string>> = {
  memory: 'MemoryPressure',
  'ephemeral-storage': 'DiskPressure',
  inodes: 'DiskPressure',
  pids: 'PIDPressure',
}
const resourceOf = (threshold: EvictionThreshold): string => signalResources[threshold.signal] ?? ''
const keyOf = ({ signal, gracePeriod }: EvictionThreshold): string => `${signal} ${gracePeriod}`

/**
 * pkg/kubelet/eviction/eviction_manager.go: one pod a round while something is short. Its rounds are events only while a container on the
 * node uses what is watched, or something outside does.
 */
export const createEvictionManager = (parts: EvictionParts): EvictionManager => {
  const { context, signals } = parts
  const { kernel, life, machine, config, events } = context
  let running = false
  let metBefore: readonly EvictionThreshold[] = []
  let firstSeen: ReadonlyMap<string, Micros> = new Map()
  const lastSeen = new Map<string, Micros>()
  let pressures: readonly string[] = []

  /** The thresholds that drive evictions now; the node's conditions follow from all that are met. */
  const look = (observations: ReadonlyMap<string, Observation>): readonly EvictionThreshold[] => {
    const met = [...thresholdsMet(config.evictionThresholds, observations, false)]
    const known = new Set(met.map(keyOf))
    for (const threshold of thresholdsMet(metBefore, observations, true))
      if (!known.has(keyOf(threshold))) met.push(threshold)
    firstSeen = new Map(met.map((one) => [keyOf(one), firstSeen.get(keyOf(one)) ?? kernel.now]))
    for (const threshold of met) lastSeen.set(conditionOf[resourceOf(threshold)] ?? '', kernel.now)
    for (const [condition, at] of lastSeen)
      if (kernel.now - at >= config.evictionPressureTransitionPeriod) lastSeen.delete(condition)
    const now = [...lastSeen.keys()].sort()
    if (now.join() !== pressures.join()) {
      pressures = now
      parts.changed()
    }
    metBefore = met.filter((one) => kernel.now - firstSeen.get(keyOf(one))! >= Number(one.gracePeriod / 1000n))
    return metBefore
  }

  /** evictPod; false: this pod is not to be evicted. */
  function* evict(pod: Pod, grace: number, message: string, disrupted: boolean): Task<boolean> {
    if (isCriticalPod(pod) || isStaticPod(pod)) return false
    events.pod(pod, 'Warning', 'Evicted', message)
    const why = { reason: 'Evicted', message }
    const status = terminationByKubelet(pod, disrupted ? { ...why, condition: message } : why)
    yield* suspend<void>((resume) => parts.kill(pod, grace, status, () => resume()))
    return true
  }

  const memoryFirst = (thresholds: readonly EvictionThreshold[]): readonly EvictionThreshold[] => [
    ...thresholds.filter((one) => resourceOf(one) === 'memory'),
    ...thresholds.filter((one) => resourceOf(one) !== 'memory'),
  ]
  const ranked = (resource: string, pods: readonly Pod[]): readonly Pod[] => {
    if (resource === 'memory') return rankByMemory(pods, signals.statsOf)
    if (resource === 'pids') return rankByProcesses(pods, signals.statsOf)
    return rankByDisk(pods, signals.statsOf, ['root', 'logs', 'localVolumeSource'], 'ephemeral-storage')
  }

  /** synchronize: the uids of the pods that were evicted. */
  function* synchronize(): Task<readonly string[]> {
    const observations = signals.observe()
    const thresholds = memoryFirst(look(observations))
    const greedy: string[] = []
    for (const pod of parts.activePods()) {
      const uid = pod.metadata.uid ?? ''
      const message = context.runtime.usesDisk() ? beyondStorageLimit(pod, signals.statsOf(uid)) : undefined
      if (message !== undefined && (yield* evict(pod, immediately, message, false))) greedy.push(uid)
    }
    if (greedy.length > 0) return greedy
    const chosen = thresholds[0]
    if (chosen === undefined) return []
    const resource = resourceOf(chosen)
    events.node('Warning', 'EvictionThresholdMet', `Attempting to reclaim ${resource}`)
    if (resource === 'ephemeral-storage') {
      parts.reclaimDisk()
      if (thresholdsMet(config.evictionThresholds, signals.observe(), true).length === 0) return []
    }
    for (const pod of ranked(resource, parts.activePods())) {
      const uid = pod.metadata.uid ?? ''
      const stats = signals.statsOf(uid)
      const { message } = evictionMessage(pod, { resource, stats, thresholds, observations })
      const own = pod.spec.terminationGracePeriodSeconds ?? config.evictionMaxPodGracePeriod
      const grace = chosen.gracePeriod === 0n ? immediately : Math.min(config.evictionMaxPodGracePeriod, own)
      if (yield* evict(pod, grace, message, true)) return [uid]
    }
    return []
  }

  const wanted = (): boolean => signals.wanted() || pressures.length > 0

  function* loop(): Task<void> {
    const since = kernel.now - context.startedAt
    const tag = { tag: 'housekeeping', label: `${context.actor.name} looks at what is left` } as const
    yield* life.sleep(context.startedAt + (Math.floor(since / interval) + 1) * interval - kernel.now, tag)
    while (wanted()) {
      const evicted = yield* synchronize()
      if (evicted.length === 0) {
        yield* life.sleep(interval, tag)
        continue
      }
      const began = kernel.now
      do yield* life.sleep(cleanupPoll, tag)
      while (!evicted.every(parts.cleanedUp) && kernel.now - began < cleanupTimeout)
    }
    running = false
  }

  const arm = (): void => {
    if (running || !wanted()) return
    running = true
    life.spawn(loop())
  }
  machine.onTake(() => life.alive && arm())
  return { pressures: () => pressures, arm }
}

import { evictionMessage } from '../../api/nodes/eviction-message.ts'
import { rankByMemory } from '../../api/nodes/eviction-rank.ts'
import type { PodStats } from '../../api/nodes/pod-stats.ts'
import { isCriticalPod } from '../../api/pods/critical-pod.ts'
import { newQuantity } from '../../api/quantity/quantity.ts'
import type { Pod, PodStatus } from '../../api/types/core-v1.generated.ts'
import { second, type Micros } from '../kernel/micros.ts'
import type { Context } from './context.ts'
import { suspend, type Task } from './life.ts'
import { memoryOf } from './node-object.ts'
import { terminationByKubelet } from './termination-by-kubelet.ts'
import { isStaticPod } from './static-pod.ts'

export interface EvictionManager {
  /** Node conditions under which pods are evicted and others not admitted: MemoryPressure. */
  pressures(): readonly string[]
  /** Something on the node may now use memory: the rounds are events from here on. */
  arm(): void
}

export interface EvictionParts {
  readonly context: Context
  /** Bytes in use on the whole node; undefined: what its containers use. */
  readonly memoryInUse: (() => number) | undefined
  readonly activePods: () => readonly Pod[]
  readonly kill: (pod: Pod, status: (status: PodStatus) => PodStatus, done: () => void) => void
  readonly cleanedUp: (uid: string) => boolean
  /** The conditions changed. */
  readonly changed: () => void
}

// pkg/kubelet/eviction: evictionMonitoringPeriod, podCleanupPollFreq, podCleanupTimeout
const interval: Micros = 10 * second
const cleanupPoll: Micros = second
const cleanupTimeout: Micros = 30 * second

/**
 * pkg/kubelet/eviction/eviction_manager.go: one pod a round while memory is short. Its rounds are events only while a container on the
 * node has a memory curve. Differs: signals of disks and process numbers are not modelled, nor are soft thresholds.
 */
export const createEvictionManager = (parts: EvictionParts): EvictionManager => {
  const { context } = parts
  const { kernel, life, runtime, machine, config, events } = context
  let running = false
  let shortAt: Micros | undefined
  let pressure = false

  const usedByPods = (): number => {
    if (parts.memoryInUse !== undefined) return parts.memoryInUse()
    let sum = 0
    for (const uid of runtime.pods()) for (const one of runtime.podContainers(uid)) sum += runtime.memoryUsage(one.id)
    return sum
  }
  /** What something outside the pods took when it came: the pods' share is not its own, and what they give back is free. */
  const taken = new Map<object, number>()
  const used = (): number => {
    const inPods = usedByPods()
    let outside = 0
    for (const taker of taken.keys()) if (!machine.memoryTakers.includes(taker as never)) taken.delete(taker)
    for (const taker of machine.memoryTakers) {
      let bytes = taken.get(taker)
      if (bytes === undefined) {
        const left = taker.available ?? config.evictionHardMemory / 2
        bytes = Math.max(0, memoryOf(machine.spec) - inPods - outside - left)
        taken.set(taker, bytes)
      }
      outside += bytes
    }
    return inPods + outside
  }
  const wanted = (): boolean =>
    parts.memoryInUse !== undefined || runtime.usesMemory() || machine.memoryTakers.length > 0 || shortAt !== undefined

  const statsOf = (uid: string): PodStats => {
    const containers = runtime
      .podContainers(uid)
      .filter((one) => one.state === 'running')
      .map((one) => ({ name: one.config.name, memory: { workingSetBytes: runtime.memoryUsage(one.id) } }))
    const workingSetBytes = containers.reduce((sum, one) => sum + one.memory.workingSetBytes, 0)
    return { podRef: { name: '', namespace: '', uid }, memory: { workingSetBytes }, containers }
  }

  const observe = (): number => {
    const available = memoryOf(machine.spec) - used()
    const short = available < config.evictionHardMemory
    if (short) shortAt = kernel.now
    else if (shortAt !== undefined && kernel.now - shortAt >= config.evictionPressureTransitionPeriod)
      shortAt = undefined
    const now = shortAt !== undefined
    if (now !== pressure) {
      pressure = now
      parts.changed()
    }
    return available
  }

  /** synchronize: the uid of the pod that was evicted. */
  function* synchronize(): Task<string | undefined> {
    const available = observe()
    if (available >= config.evictionHardMemory) return undefined
    events.node('Warning', 'EvictionThresholdMet', 'Attempting to reclaim memory')
    const stats = (uid: string): PodStats => statsOf(uid)
    for (const pod of rankByMemory(parts.activePods(), stats)) {
      if (isCriticalPod(pod) || isStaticPod(pod)) continue
      const uid = pod.metadata.uid ?? ''
      const { message } = evictionMessage(pod, {
        resource: 'memory',
        stats: statsOf(uid),
        thresholds: [
          {
            signal: 'memory.available',
            value: { quantity: newQuantity(config.evictionHardMemory, 'BinarySI') },
            gracePeriod: 0n,
            minReclaim: undefined,
          },
        ],
        observations: new Map([
          [
            'memory.available',
            {
              capacity: newQuantity(memoryOf(machine.spec), 'BinarySI'),
              available: newQuantity(available, 'BinarySI'),
            },
          ],
        ]),
      })
      events.pod(pod, 'Warning', 'Evicted', message)
      const status = terminationByKubelet(pod, { reason: 'Evicted', message, condition: message })
      yield* suspend<void>((resume) => parts.kill(pod, status, () => resume()))
      return uid
    }
    return undefined
  }

  function* loop(): Task<void> {
    const since = kernel.now - context.startedAt
    const tag = { tag: 'housekeeping', label: `${context.actor.name} looks at its memory` } as const
    yield* life.sleep(context.startedAt + (Math.floor(since / interval) + 1) * interval - kernel.now, tag)
    while (wanted()) {
      const evicted = yield* synchronize()
      if (evicted === undefined) {
        yield* life.sleep(interval, tag)
        continue
      }
      const began = kernel.now
      do yield* life.sleep(cleanupPoll, tag)
      while (!parts.cleanedUp(evicted) && kernel.now - began < cleanupTimeout)
    }
    running = false
  }

  const arm = (): void => {
    if (running || !wanted()) return
    running = true
    life.spawn(loop())
  }
  machine.onMemory(() => life.alive && arm())
  return { pressures: () => (pressure ? ['MemoryPressure'] : []), arm }
}

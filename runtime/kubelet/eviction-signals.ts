import { thresholdQuantity, type EvictionThreshold, type ThresholdValue } from '../../api/nodes/eviction-thresholds.ts'
import type { Observation } from '../../api/nodes/eviction-message.ts'
import type { PodStats } from '../../api/nodes/pod-stats.ts'
import { newQuantity } from '../../api/quantity/quantity.ts'
import { scaledValue, wholeValue } from '../../api/quantity/quantity-values.ts'
import type { Pressure } from '../node/machine.ts'
import type { Context } from './context.ts'
import { memoryOf } from './node-object.ts'

/** What the node has, and how much of it is left. */
export interface Signals {
  observe(): ReadonlyMap<string, Observation>
  /** Something may use what is watched: looking is worth while. */
  wanted(): boolean
  /** Bytes on the disk, by whomever. */
  readonly diskUsed: () => number
  readonly statsOf: (uid: string) => PodStats
}

/** /proc/sys/kernel/pid_max of a machine of that size. */
const processes = 32_768

const pressureOf: Readonly<Record<string, Pressure>> = {
  'memory.available': 'memory',
  'nodefs.available': 'disk',
  'imagefs.available': 'disk',
  'pid.available': 'pid',
}

export const amountOf = (value: ThresholdValue, capacity: number): number =>
  Number(scaledValue(thresholdQuantity(value, newQuantity(capacity, 'BinarySI')), 0))

/**
 * pkg/kubelet/eviction/helpers.go: makeSignalObservations. Images and what containers write are on one disk, as on most machines.
 * Differs: logs, volumes and inodes take no room, and a container is one process.
 */
export const createSignals = (context: Context, memoryInUse: (() => number) | undefined): Signals => {
  const { runtime, machine, config } = context
  const disk = wholeValue(machine.spec.capacity['ephemeral-storage'] ?? '0')
  const capacities: Readonly<Record<Pressure, number>> = { memory: memoryOf(machine.spec), disk, pid: processes }

  const usedByPods = (pressure: Pressure): number => {
    if (pressure === 'memory' && memoryInUse !== undefined) return memoryInUse()
    let sum = 0
    if (pressure === 'disk') for (const image of machine.disk.images.values()) sum += image.size
    for (const uid of runtime.pods())
      for (const { id, state } of runtime.podContainers(uid)) {
        if (pressure === 'memory') sum += runtime.memoryUsage(id)
        else if (pressure === 'disk') sum += runtime.diskUsage(id)
        else if (state === 'running') sum += 1
      }
    return sum
  }
  /** Half the hard threshold, which is what something outside leaves unless told. */
  const half = (pressure: Pressure): number => {
    let largest = 0
    for (const { signal, value, gracePeriod } of config.evictionThresholds)
      if (pressureOf[signal] === pressure && gracePeriod === 0n)
        largest = Math.max(largest, amountOf(value, capacities[pressure]))
    return Math.floor(largest / 2)
  }
  /** What something outside the pods took when it came: the pods' share is not its own, and what they give back is free. */
  const taken = new Map<object, number>()
  const used = (pressure: Pressure): number => {
    const inPods = usedByPods(pressure)
    let outside = 0
    for (const taker of machine.takers(pressure)) {
      let amount = taken.get(taker)
      if (amount === undefined) {
        amount = Math.max(0, capacities[pressure] - inPods - outside - (taker.available ?? half(pressure)))
        taken.set(taker, amount)
      }
      outside += amount
    }
    return inPods + outside
  }

  return {
    observe() {
      const observations = new Map<string, Observation>()
      const amounts = new Map<Pressure, number>()
      for (const { signal } of config.evictionThresholds) {
        const pressure = pressureOf[signal]
        if (pressure === undefined || observations.has(signal)) continue
        const available = amounts.get(pressure) ?? capacities[pressure] - used(pressure)
        amounts.set(pressure, available)
        const format = pressure === 'pid' ? 'DecimalSI' : 'BinarySI'
        observations.set(signal, {
          capacity: newQuantity(capacities[pressure], format),
          available: newQuantity(available, format),
        })
      }
      return observations
    },
    diskUsed: () => used('disk'),
    wanted: () =>
      memoryInUse !== undefined ||
      runtime.usesMemory() ||
      runtime.usesDisk() ||
      machine.takers('memory').length > 0 ||
      machine.takers('disk').length > 0 ||
      machine.takers('pid').length > 0,
    statsOf(uid) {
      const running = runtime.podContainers(uid).filter((one) => one.state === 'running')
      const containers = running.map((one) => ({
        name: one.config.name,
        memory: { workingSetBytes: runtime.memoryUsage(one.id) },
        rootfs: { usedBytes: runtime.diskUsage(one.id) },
        logs: { usedBytes: 0 },
      }))
      const workingSetBytes = containers.reduce((sum, one) => sum + one.memory.workingSetBytes, 0)
      return {
        podRef: { name: '', namespace: '', uid },
        memory: { workingSetBytes },
        containers,
        process_stats: { process_count: running.length },
      }
    },
  }
}

/** thresholdsMet: those whose signal is below; with `reclaim`, below what is to be reclaimed as well. */
export const thresholdsMet = (
  thresholds: readonly EvictionThreshold[],
  observations: ReadonlyMap<string, Observation>,
  reclaim: boolean,
): readonly EvictionThreshold[] =>
  thresholds.filter(({ signal, value, minReclaim }) => {
    const seen = observations.get(signal)
    if (seen === undefined) return false
    const capacity = Number(scaledValue(seen.capacity, 0))
    const more = reclaim && minReclaim !== undefined ? amountOf(minReclaim, capacity) : 0
    return amountOf(value, capacity) + more > Number(scaledValue(seen.available, 0))
  })

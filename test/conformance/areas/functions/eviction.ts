import { evictionMessage } from '../../../../api/nodes/eviction-message.ts'
import { rankByDisk, rankByMemory, rankByProcesses } from '../../../../api/nodes/eviction-rank.ts'
import {
  parseEvictionConfig,
  type EvictionConfig,
  type ThresholdValue,
} from '../../../../api/nodes/eviction-thresholds.ts'
import type { PodStats, StatsOf } from '../../../../api/nodes/pod-stats.ts'
import { canonicalQuantity } from '../../../../api/quantity/canonical-quantity.ts'
import { quantityOf } from '../../../../api/quantity/parse-quantity.ts'
import type { Quantity } from '../../../../api/quantity/quantity.ts'
import type { Pod } from '../../../../api/types/core-v1.generated.ts'
import type { Topic } from './topic.ts'

interface Stats {
  readonly stats: readonly PodStats[]
}
const statsOf =
  (all: readonly PodStats[]): StatsOf =>
  (uid) =>
    all.find((one) => one.podRef.uid === uid)

/** Go's %v of a float32: the shortest text that reads back as it. */
const float32Text = (value: number): string => {
  for (let digits = 1; digits < 10; digits += 1) {
    const text = value.toPrecision(digits)
    if (Math.fround(Number(text)) === value) return String(Number(text))
  }
  return String(value)
}

const valueText = (value: ThresholdValue | undefined): string | null => {
  if (value === undefined) return null
  if ('quantity' in value) return canonicalQuantity(value.quantity)
  return `${float32Text(Math.fround(value.percentage * 100))}%`
}

const binary = (text: string): Quantity => {
  const { unscaled, exponent, big } = quantityOf(text)
  const quantity: Quantity = { unscaled, exponent, big, format: 'BinarySI' }
  const { spelled } = quantityOf(text)
  return spelled === undefined ? quantity : { ...quantity, spelled }
}

const signals: Readonly<Record<string, string>> = {
  memory: 'memory.available',
  'ephemeral-storage': 'nodefs.available',
  pids: 'pid.available',
}

export const eviction: Topic = {
  rank: ({ signal, pods, stats }: Stats & { signal: string; pods: readonly Pod[] }) => {
    const lookUp = statsOf(stats)
    let order: readonly Pod[]
    if (signal === 'memory.available') order = rankByMemory(pods, lookUp)
    else if (signal === 'pid.available') order = rankByProcesses(pods, lookUp)
    else order = rankByDisk(pods, lookUp, ['root', 'logs', 'localVolumeSource'], 'ephemeral-storage')
    return { order: order.map((pod) => pod.metadata.name) }
  },
  message: (given: Stats & { resource: string; threshold: string; capacity: string; available: string; pod: Pod }) => {
    const signal = signals[given.resource] ?? ''
    const thresholds = parseEvictionConfig({ evictionHard: { [signal]: given.threshold } })
    if ('error' in thresholds) return thresholds
    return evictionMessage(given.pod, {
      resource: given.resource,
      stats: statsOf(given.stats)(given.pod.metadata.uid ?? ''),
      thresholds,
      observations: new Map([[signal, { capacity: binary(given.capacity), available: binary(given.available) }]]),
    })
  },
  parseThresholdConfig: (config: EvictionConfig) => {
    const thresholds = parseEvictionConfig(config)
    if ('error' in thresholds) return thresholds
    const rows = thresholds.map(({ signal, value, gracePeriod, minReclaim }) => ({
      gracePeriodMs: Number(gracePeriod / 1_000_000n),
      minReclaim: valueText(minReclaim),
      operator: 'LessThan',
      signal,
      value: valueText(value),
    }))
    const text = (row: object): string => JSON.stringify(row)
    return { thresholds: rows.sort((a, b) => (text(a) < text(b) ? -1 : 1)) }
  },
}

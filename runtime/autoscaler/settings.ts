import { minute, second, type Micros } from '../kernel/micros.ts'

/** The cluster autoscaler's flags (cluster-autoscaler config/flags, v1.36), as far as they are modelled; upstream's names and defaults. */
export interface AutoscalerSettings {
  readonly scanInterval: Micros
  readonly expander: 'least-waste' | 'most-pods' | 'random'
  readonly maxNodesTotal: number
  readonly maxNodeProvisionTime: Micros
  readonly scaleDownEnabled: boolean
  readonly scaleDownDelayAfterAdd: Micros
  readonly scaleDownUnneededTime: Micros
  readonly scaleDownUnreadyTime: Micros
  readonly scaleDownUtilizationThreshold: number
  readonly skipNodesWithLocalStorage: boolean
  readonly skipNodesWithSystemPods: boolean
}

/** Durations in µs, the others counts. */
interface FixedFlags {
  readonly scaleDownDelayAfterFailure: Micros
  readonly maxScaleDownParallelism: number
  readonly maxDrainParallelism: number
  readonly maxBulkSoftTaintCount: number
  readonly nodeDeleteDelayAfterTaint: Micros
  readonly maxPodEvictionTime: Micros
  readonly maxGracefulTermination: Micros
  readonly unremovableNodeRecheckTimeout: Micros
  readonly initialNodeGroupBackoff: Micros
  readonly maxNodeGroupBackoff: Micros
  readonly nodeGroupBackoffReset: Micros
  readonly expendablePodsPriorityCutoff: number
  readonly maxNodesPerScaleUp: number
  readonly newPodTime: Micros
  readonly evictionRetryTime: Micros
  readonly podEvictionHeadroom: Micros
  readonly podsGonePoll: Micros
}

/** Flags that no scenario sets. */
export const fixed: FixedFlags = Object.freeze({
  scaleDownDelayAfterFailure: 3 * minute,
  maxScaleDownParallelism: 10,
  maxDrainParallelism: 1,
  maxBulkSoftTaintCount: 10,
  nodeDeleteDelayAfterTaint: 5 * second,
  maxPodEvictionTime: 2 * minute,
  maxGracefulTermination: 600 * second,
  unremovableNodeRecheckTimeout: 5 * minute,
  initialNodeGroupBackoff: 5 * minute,
  maxNodeGroupBackoff: 30 * minute,
  nodeGroupBackoffReset: 180 * minute,
  expendablePodsPriorityCutoff: -10,
  maxNodesPerScaleUp: 1000,
  /** core/utils.go: unschedulablePodTimeBuffer */
  newPodTime: 2 * second,
  /** core/scaledown/actuation/drain.go */
  evictionRetryTime: 10 * second,
  podEvictionHeadroom: 30 * second,
  podsGonePoll: 5 * second,
})

const units = { ms: 1_000, s: second, m: minute, h: 60 * minute } as const

const durationOf = (text: string | undefined, preset: Micros): Micros => {
  if (text === undefined) return preset
  let total = 0
  for (const [, value, unit] of text.matchAll(/([0-9.]+)(ms|s|m|h)/g))
    total += Number(value) * units[unit as keyof typeof units]
  return Math.round(total)
}

export const autoscalerSettings = (flags: Readonly<Record<string, string>>): AutoscalerSettings => {
  const time = (name: string, preset: Micros): Micros => durationOf(flags[name], preset)
  const on = (name: string): boolean => flags[name] !== 'false'
  return {
    scanInterval: time('scan-interval', 10 * second),
    expander: (flags['expander'] ?? 'least-waste') as AutoscalerSettings['expander'],
    maxNodesTotal: Number(flags['max-nodes-total'] ?? 0),
    maxNodeProvisionTime: time('max-node-provision-time', 15 * minute),
    scaleDownEnabled: on('scale-down-enabled'),
    scaleDownDelayAfterAdd: time('scale-down-delay-after-add', 10 * minute),
    scaleDownUnneededTime: time('scale-down-unneeded-time', 10 * minute),
    scaleDownUnreadyTime: time('scale-down-unready-time', 20 * minute),
    scaleDownUtilizationThreshold: Number(flags['scale-down-utilization-threshold'] ?? 0.5),
    skipNodesWithLocalStorage: on('skip-nodes-with-local-storage'),
    skipNodesWithSystemPods: on('skip-nodes-with-system-pods'),
  }
}

import type { Handle, PluginArgs } from '../framework.ts'
import type { PodInfo } from '../pod-info.ts'
import { isScalarResource, multiplyDivide, scoredRequests } from '../resource-amounts.ts'

export interface ScoredResource {
  readonly name: string
  readonly weight: number
}

/** What the score of one node is made of: amounts by resource, in the order of the configuration. */
export type Rating = (requested: Float64Array, allocated: Float64Array, allocatable: Float64Array) => number

interface Scoring {
  readonly resources: readonly ScoredResource[]
  readonly rate: Rating
  /** Real requests of the pods on a node, instead of those with unsaid amounts filled in. */
  readonly useRequested: boolean
}

/** resourceAllocationScorer (pkg/scheduler/framework/plugins/noderesources/resource_allocation.go). */
export interface ResourceScorer {
  podRequests(pod: PodInfo): readonly number[]
  score(podRequests: readonly number[], slots: Int32Array, scores: Float64Array): void
}

const requestsByPod = new WeakMap<object, Map<string, readonly number[]>>()

export const createResourceScorer = ({ nodes }: Handle, { resources, rate, useRequested }: Scoring): ResourceScorer => {
  const { columns } = nodes
  const size = resources.length
  const requested = new Float64Array(size)
  const allocated = new Float64Array(size)
  const allocatable = new Float64Array(size)
  const key = `${useRequested} ${resources.map((one) => one.name).join(' ')}`
  const scalar = resources.map((one) => one.name !== 'cpu' && one.name !== 'memory' && isScalarResource(one.name))

  /** The columns that hold a resource; undefined: it is in the nodes' maps. */
  const capacityColumn = (name: string): Float64Array | undefined => {
    if (name === 'cpu') return columns.allocatableCpu
    if (name === 'memory') return columns.allocatableMemory
    return name === 'ephemeral-storage' ? columns.allocatableEphemeral : undefined
  }
  const usedColumn = (name: string): Float64Array => {
    if (name === 'cpu') return useRequested ? columns.requestedCpu : columns.nonZeroCpu
    if (name === 'memory') return useRequested ? columns.requestedMemory : columns.nonZeroMemory
    return columns.requestedEphemeral
  }

  return {
    podRequests(pod) {
      let own = requestsByPod.get(pod.facts)
      if (own === undefined) {
        own = new Map()
        requestsByPod.set(pod.facts, own)
      }
      let amounts = own.get(key)
      if (amounts === undefined) {
        const all = scoredRequests(pod.pod, !useRequested)
        amounts = resources.map((one) => all.get(one.name) ?? 0)
        own.set(key, amounts)
      }
      return amounts
    },
    score(podRequests, slots, scores) {
      const capacities = resources.map((one) => capacityColumn(one.name))
      const uses = resources.map((one) => usedColumn(one.name))
      for (let at = 0; at < slots.length; at += 1) {
        const slot = slots[at]!
        for (let i = 0; i < size; i += 1) {
          const column = capacities[i]
          const wanted = podRequests[i]!
          let capacity = 0
          let used = 0
          if (column !== undefined) {
            capacity = column[slot]!
            if (capacity !== 0) used = uses[i]![slot]!
          } else if (wanted !== 0 || scalar[i] === false) {
            const node = nodes.slots[slot]!
            capacity = node.allocatableScalars?.get(resources[i]!.name) ?? 0
            if (capacity !== 0) used = node.requestedScalars.get(resources[i]!.name) ?? 0
          }
          allocatable[i] = capacity
          allocated[i] = used
          requested[i] = capacity === 0 ? 0 : used + wanted
        }
        scores[at] = rate(requested, allocated, allocatable)
      }
    },
  }
}

/** Weighted mean of what each resource scores, in whole numbers; a resource that the node does not have is left out. */
const weightedMean =
  (resources: readonly ScoredResource[], scoreOf: (requested: number, capacity: number) => number): Rating =>
  (requested, _allocated, allocatable) => {
    let total = 0
    let weights = 0
    for (let i = 0; i < resources.length; i += 1) {
      if (allocatable[i] === 0) continue
      const { weight } = resources[i]!
      total += scoreOf(requested[i]!, allocatable[i]!) * weight
      weights += weight
    }
    return weights === 0 ? 0 : Math.floor(total / weights)
  }

const least = (requested: number, capacity: number): number =>
  requested > capacity ? 0 : multiplyDivide(capacity - requested, 100, capacity)
const most = (requested: number, capacity: number): number =>
  multiplyDivide(Math.min(requested, capacity), 100, capacity)

interface ShapePoint {
  readonly utilization?: number
  readonly score?: number
}

/** helper.BuildBrokenLinearFunction, with Go's integer division (towards zero). */
const brokenLine = (shape: readonly ShapePoint[]): ((at: number) => number) => {
  const points = shape.map((one) => ({ x: one.utilization ?? 0, y: (one.score ?? 0) * 10 }))
  return (at) => {
    for (const [i, point] of points.entries()) {
      if (at > point.x) continue
      const before = points[i - 1]
      if (before === undefined) return point.y
      return before.y + Math.trunc(((point.y - before.y) * (at - before.x)) / (point.x - before.x))
    }
    return points[points.length - 1]?.y ?? 0
  }
}

/** requestedToCapacityRatio: resources that score nothing do not weigh. */
const ratio = (resources: readonly ScoredResource[], shape: readonly ShapePoint[]): Rating => {
  const line = brokenLine(shape)
  return (requested, _allocated, allocatable) => {
    let total = 0
    let weights = 0
    for (let i = 0; i < resources.length; i += 1) {
      const capacity = allocatable[i]!
      if (capacity === 0) continue
      const score = line(requested[i]! > capacity ? 100 : multiplyDivide(requested[i]!, 100, capacity))
      if (score <= 0) continue
      total += score * resources[i]!.weight
      weights += resources[i]!.weight
    }
    return weights === 0 ? 0 : Math.floor(total / weights + 0.5)
  }
}

interface StrategyArgs {
  readonly type?: string
  readonly resources?: readonly { readonly name: string; readonly weight?: number }[]
  readonly requestedToCapacityRatio?: { readonly shape?: readonly ShapePoint[] }
}

export const weighted = (resources: StrategyArgs['resources']): readonly ScoredResource[] =>
  (resources === undefined || resources.length === 0 ? [{ name: 'cpu' }, { name: 'memory' }] : resources).map(
    (one) => ({
      name: one.name,
      weight: one.weight === undefined || one.weight === 0 ? 1 : one.weight,
    }),
  )

export const strategyOf = (
  args: PluginArgs,
): { readonly resources: readonly ScoredResource[]; readonly rate: Rating } => {
  const strategy = (args['scoringStrategy'] ?? {}) as StrategyArgs
  const resources = weighted(strategy.resources)
  if (strategy.type === 'MostAllocated') return { resources, rate: weightedMean(resources, most) }
  if (strategy.type === 'RequestedToCapacityRatio') {
    return { resources, rate: ratio(resources, strategy.requestedToCapacityRatio?.shape ?? []) }
  }
  return { resources, rate: weightedMean(resources, least) }
}

import type { PluginFactory } from '../framework.ts'
import { createResourceScorer, weighted, type Rating } from './resource-scorer.ts'

/** How evenly a node's resources are used: 100 minus the spread of their shares. Doubles, in upstream's order of operations. */
const balance = (used: Float64Array, allocatable: Float64Array): number => {
  const fractions: number[] = []
  let total = 0
  for (let i = 0; i < used.length; i += 1) {
    if (allocatable[i] === 0) continue
    const fraction = Math.min(used[i]! / allocatable[i]!, 1)
    total += fraction
    fractions.push(fraction)
  }
  let deviation = 0
  if (fractions.length === 2) deviation = Math.abs((fractions[0]! - fractions[1]!) / 2)
  else if (fractions.length > 2) {
    const mean = total / fractions.length
    let sum = 0
    for (const fraction of fractions) sum += (fraction - mean) * (fraction - mean)
    deviation = Math.sqrt(sum / fractions.length)
  }
  return Math.trunc((1 - deviation) * 100)
}

/** The same as `balance` of two resources, without the list. */
const balanceOfTwo = (a: number, b: number, capacityA: number, capacityB: number): number => {
  if (capacityA === 0 || capacityB === 0) return 100
  const deviation = Math.abs((Math.min(a / capacityA, 1) - Math.min(b / capacityB, 1)) / 2)
  return Math.trunc((1 - deviation) * 100)
}

const rate: Rating = (requested, allocated, allocatable) => {
  const two = requested.length === 2
  const after = two
    ? balanceOfTwo(requested[0]!, requested[1]!, allocatable[0]!, allocatable[1]!)
    : balance(requested, allocatable)
  const before = two
    ? balanceOfTwo(allocated[0]!, allocated[1]!, allocatable[0]!, allocatable[1]!)
    : balance(allocated, allocatable)
  return 50 + Math.trunc((50 + after - before) / 2)
}

/** pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go. */
export const nodeResourcesBalancedAllocation: PluginFactory = (handle, args, index) => {
  const resources = weighted(args['resources'] as Parameters<typeof weighted>[0])
  const scorer = createResourceScorer(handle, { resources, rate, useRequested: true })
  return {
    name: 'NodeResourcesBalancedAllocation',
    preScore(cycle) {
      const requests = scorer.podRequests(cycle.pod)
      if (requests.every((amount) => amount === 0)) return 'skip'
      cycle.scoreStates[index] = requests
      return undefined
    },
    score(cycle, slots, scores) {
      scorer.score(cycle.scoreStates[index] as readonly number[], slots, scores)
      return undefined
    },
  }
}

export type TopologyPolicy = 'none' | 'best-effort' | 'restricted' | 'single-numa-node'

/** NUMA nodes from which a request could be met; preferred: no fewer could ever meet it. */
export interface TopologyHint {
  readonly nodes: readonly number[]
  readonly preferred: boolean
}

export interface HintQuestion {
  readonly wanted: number
  /** CPUs of each NUMA node. */
  readonly free: readonly number[]
  readonly reusable: readonly number[]
  readonly sizes: readonly number[]
}

const sumOf = (counts: readonly number[], nodes: readonly number[]): number =>
  nodes.reduce((total, node) => total + counts[node]!, 0)

/** All sets of NUMA nodes, the smallest first, in numeric order among those of one size (bitmask.IterateBitMasks). */
const nodeSets = (count: number): readonly (readonly number[])[] => {
  const sets: (readonly number[])[] = []
  for (let mask = 1; mask < 1 << count; mask += 1)
    sets.push(Array.from({ length: count }, (_, node) => node).filter((node) => ((mask >> node) & 1) === 1))
  return sets.sort((a, b) => a.length - b.length)
}

/** staticPolicy.generateCPUTopologyHints */
export const cpuHints = ({ wanted, free, reusable, sizes }: HintQuestion): readonly TopologyHint[] => {
  const sets = nodeSets(sizes.length)
  const least = sets.find((nodes) => sumOf(sizes, nodes) >= wanted)?.length ?? sizes.length
  const bound = [...reusable.keys()].filter((node) => reusable[node]! > 0)
  return sets
    .filter((nodes) => bound.every((node) => nodes.includes(node)))
    .filter((nodes) => sumOf(free, nodes) + sumOf(reusable, nodes) >= wanted)
    .map((nodes) => ({ nodes, preferred: nodes.length === least }))
}

/** HintMerger.Merge of one provider: a preferred one before others, then the narrowest, then the one of the lowest nodes. */
export const bestAffinity = (hints: readonly TopologyHint[]): TopologyHint | undefined =>
  hints.find((hint) => hint.preferred) ?? hints[0]

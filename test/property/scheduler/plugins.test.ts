import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clusters, type Cluster } from './clusters.ts'
import { naiveFilters, naiveScores } from './naive.ts'
import { tell } from './world.ts'

const runs = { numRuns: 700 }

describe('plugins on random clusters', () => {
  it('filter, score and normalise as their definitions say', () => {
    const refused = new Map<string, number>()
    const passed = new Map<string, number>()
    const scored = new Map<string, number>()
    const add = (counts: Map<string, number>, name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1)
    fc.assert(
      fc.property(clusters, (cluster) => {
        const { verdicts, scores } = tell(cluster)
        for (const node of cluster.nodes) {
          const { name } = node.metadata
          for (const [plugin, fits] of Object.entries(naiveFilters)) {
            const wanted = fits(cluster, node)
            add(wanted ? passed : refused, plugin)
            if ((verdicts[name]![plugin] === undefined) !== wanted) expect.fail(`${plugin} on ${name}: ${!wanted}`)
          }
          for (const [plugin, rate] of Object.entries(naiveScores)) {
            const own = scores[plugin]?.[name]
            if (own === undefined) continue
            add(scored, plugin)
            if (own[0] !== rate(cluster, node))
              expect.fail(`${plugin} on ${name}: ${own[0]}, not ${rate(cluster, node)}`)
          }
          for (const [plugin, byNode] of Object.entries(scores)) {
            const normalized = byNode[name]![1]
            if (!(normalized >= 0 && normalized <= 100)) expect.fail(`${plugin} on ${name}: ${normalized}`)
          }
        }
      }),
      runs,
    )
    // Clusters in which nothing ever happens would prove nothing.
    for (const plugin of Object.keys(naiveFilters)) {
      expect([plugin, refused.get(plugin)! > 20, passed.get(plugin)! > 20]).toStrictEqual([plugin, true, true])
    }
    for (const plugin of Object.keys(naiveScores))
      expect([plugin, scored.get(plugin)! > 50]).toStrictEqual([plugin, true])
  })

  it('do not depend on the order of nodes or of pods', () => {
    const turned = clusters.chain((cluster) =>
      fc.record({
        cluster: fc.constant(cluster),
        nodes: fc.shuffledSubarray([...cluster.nodes], { minLength: cluster.nodes.length }),
        pods: fc.shuffledSubarray([...cluster.pods], { minLength: cluster.pods.length }),
      }),
    )
    fc.assert(
      fc.property(turned, ({ cluster, nodes, pods }) => {
        const other: Cluster = { ...cluster, nodes, pods }
        expect(tell(other)).toStrictEqual(tell(cluster))
      }),
      { numRuns: 300 },
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createExtenders } from '../../../runtime/scheduler/extenders/create-extenders.ts'
import type { ExtenderArgs } from '../../../runtime/scheduler/extenders/extender-bodies.ts'
import type { ExtenderHost } from '../../../runtime/scheduler/extenders/extender-host.ts'
import { createNominator } from '../../../runtime/scheduler/nominator.ts'
import { podInfo } from '../../../runtime/scheduler/pod-info.ts'
import { createFramework } from '../../../runtime/scheduler/runner.ts'
import { schedulePod, type Decision } from '../../../runtime/scheduler/schedule-pod.ts'
import { clusters, type Cluster } from './clusters.ts'
import { tableOf } from './world.ts'

/** A decision about the cluster's pod with an extender that keeps the nodes of these names, and scores them so. */
const decide = (
  { nodes, pods, pod }: Cluster,
  extender?: {
    readonly keeps: (name: string) => boolean
    readonly score: (name: string) => number
    readonly cached: boolean
  },
): Decision => {
  const host: ExtenderHost = {
    ask({ verb, body, nodes: given }) {
      const kept = given.filter((one) => extender!.keeps(one.metadata.name))
      const names = kept.map((one) => one.metadata.name)
      const cached = (body as ExtenderArgs).Nodes === null
      const answer =
        verb === 'filter'
          ? cached
            ? { NodeNames: names }
            : { Nodes: { items: kept } }
          : names.map((Host) => ({ Host, Score: extender!.score(Host) }))
      return { reply: { kind: 'response', code: 200, body: answer }, took: 0 }
    },
    bind: () => expect.fail('nobody binds here'),
  }
  const table = tableOf(nodes, pods)
  const configuration = { urlPrefix: 'http://x/', filterVerb: 'f', prioritizeVerb: 'p', weight: 2 }
  const framework = createFramework(
    {},
    {
      nodes: table,
      listers: { get: () => undefined, list: () => [] },
      nominator: createNominator(() => false),
      now: () => 0,
      choose: () => 0,
      preempting: () => false,
      extenders:
        extender === undefined ? [] : createExtenders([{ ...configuration, nodeCacheCapable: extender.cached }], host),
    },
  )
  return schedulePod(framework, podInfo(pod), { next: 0 }, true)
}
/** The same without what keeps pods from most nodes: several can take the pod. */
const roomy = clusters.map((cluster): Cluster => {
  const spec = { containers: [{ name: 'c', image: 'x' }], tolerations: [{ operator: 'Exists' }] }
  return { ...cluster, pods: [], pod: { ...cluster.pod, spec } as unknown as Cluster['pod'] }
})
const all = { keeps: () => true, score: () => 0, cached: true }

describe('extenders on random clusters', () => {
  it('one that keeps everything and scores nothing leaves what could be and what it is worth', () => {
    fc.assert(
      fc.property(clusters, fc.boolean(), (cluster, cached) => {
        const [plain, extended] = [decide(cluster), decide(cluster, { ...all, cached })]
        expect(extended.kind).toBe(plain.kind)
        if (plain.kind === 'unfit' && extended.kind === 'unfit') expect(extended.message).toBe(plain.message)
        if (plain.kind === 'node' && extended.kind === 'node')
          expect([[...extended.feasible], [...extended.totals]]).toEqual([[...plain.feasible], [...plain.totals]])
      }),
      { numRuns: 200 },
    )
  })

  it('what it takes is never taken, and where its score outweighs all others it has its way', () => {
    let moved = 0
    fc.assert(
      fc.property(roomy, fc.integer({ min: 0, max: 5 }), fc.boolean(), (cluster, index, cached) => {
        const plain = decide(cluster)
        const could = plain.kind === 'node' && plain.feasible.length > 0
        // One that could take the pod, where there is one.
        const away = could ? `n${plain.feasible[index % plain.feasible.length]!}` : `n${index}`
        const without = decide(cluster, { ...all, keeps: (name) => name !== away, cached })
        if (without.kind === 'node') expect(without.node).not.toBe(away)
        if (plain.kind !== 'node') {
          expect(without.kind).toBe(plain.kind)
          return
        }
        if (plain.feasible.length === 1 && plain.node === away) expect(without.kind).toBe('unfit')
        const wanted = decide(cluster, { ...all, score: (name) => (name === away ? 1000 : 0), cached })
        if (wanted.kind !== 'node') expect.fail(wanted.kind)
        if (plain.feasible.length > 1) moved += 1
        expect(wanted.node).toBe(away)
      }),
      { numRuns: 300 },
    )
    expect(moved).toBeGreaterThan(20)
  })
})

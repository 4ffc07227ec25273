import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ReplicaSet } from '../../../../../api/types/apps-v1.generated.ts'
import type { Pod } from '../../../../../api/types/core-v1.generated.ts'
import { selectorFromSet } from '../../../../../api/selectors/label-selector.ts'
import { magnitude } from '../../../../../runtime/controllers/replicaset/decide-deletions.ts'
import { createPodTallies } from '../../../../../runtime/controllers/replicaset/pod-tally.ts'
import { isPodActive, isPodReady, isPodTerminating } from '../../../../../runtime/reconcile/pod-state.ts'
import type { Io } from '../../../../../runtime/reconcile/controller.ts'

const setOf = (labels: Readonly<Record<string, string>>): ReplicaSet =>
  ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web', namespace: 'default', uid: 'set' },
    spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels } } },
  }) as unknown as ReplicaSet

const podOf = (given: {
  readonly name: number
  readonly owner: string
  readonly app: string
  readonly tier: string
  readonly phase: string
  readonly ready: boolean
  readonly going: boolean
}): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `web-${given.name}`,
      namespace: 'default',
      labels: { app: given.app, tier: given.tier },
      ...(given.owner === ''
        ? {}
        : { ownerReferences: [{ kind: 'ReplicaSet', name: 'web', uid: given.owner, controller: true }] }),
      ...(given.going ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    status: { phase: given.phase, conditions: [{ type: 'Ready', status: given.ready ? 'True' : 'False' }] },
  }) as unknown as Pod

const pod = fc.record({
  name: fc.integer({ min: 0, max: 6 }),
  owner: fc.constantFrom('set', 'set', 'other', ''),
  app: fc.constantFrom('web', 'web', 'db'),
  tier: fc.constantFrom('a', 'b'),
  phase: fc.constantFrom('Running', 'Pending', 'Failed'),
  ready: fc.boolean(),
  going: fc.boolean(),
})
const step = fc.oneof(
  fc.record({ do: fc.constant('put' as const), pod }),
  fc.record({ do: fc.constant('remove' as const), name: fc.integer({ min: 0, max: 6 }) }),
  fc.record({ do: fc.constant('look' as const) }),
  fc.record({ do: fc.constant('relabel' as const), tier: fc.constantFrom('a', 'b') }),
)

describe('the tally of a ReplicaSet', () => {
  it('is what a count of all its pods would be, whatever happened to them', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const pods = new Map<string, Pod>()
        const tallies = createPodTallies()
        let set = setOf({ app: 'web', tier: 'a' })
        const selector = selectorFromSet({ app: 'web' })
        const owned = (): Pod[] => [...pods.values()].filter((one) => one.metadata.ownerReferences?.[0]?.uid === 'set')
        const read = { owned, get: (_kind: string, key: string) => pods.get(key) }
        const io = { read } as unknown as Io<ReplicaSet>
        for (const one of [...steps, { do: 'look' } as const]) {
          if (one.do === 'put') {
            const next = podOf(one.pod)
            const key = `default/${next.metadata.name}`
            const before = pods.get(key)
            pods.set(key, next)
            tallies.changed(next, before)
          } else if (one.do === 'remove') {
            const key = `default/web-${one.name}`
            const before = pods.get(key)
            if (before === undefined) continue
            pods.delete(key)
            tallies.changed(before, undefined)
          } else if (one.do === 'relabel') set = setOf({ app: 'web', tier: one.tier })
          else {
            const tier = set.spec.template!.metadata!.labels!['tier']
            const matching = owned().filter((pod_) => pod_.metadata.labels!['app'] === 'web')
            const active = matching.filter(isPodActive)
            const ready = active.filter(isPodReady).length
            expect(tallies.of(set, selector, io)).toEqual({
              replicas: active.length,
              labeled: active.filter((pod_) => pod_.metadata.labels!['tier'] === tier).length,
              ready,
              available: ready,
              strangers: owned().filter(isPodActive).length - active.length,
              terminating: matching.filter(isPodTerminating).length,
            })
          }
        }
      }),
    )
  })
})

describe('the order of deletions', () => {
  it.each([
    [0, -1],
    [-5, -1],
    [1, 9],
    [2, 10],
    [1_000_000, 29],
    [4_294_968, 32],
    [3_600_000_000, 41],
    [72_057_594_037_927, 55],
    [72_057_594_037_928, 56],
    [144_115_188_075_855_872, 66],
  ])('the magnitude of %i µs in nanoseconds is %i', (age, bits) => {
    expect(magnitude(age)).toBe(bits)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Deployment, ReplicaSet } from '../../../../api/types/apps-v1.generated.ts'
import {
  decideCleanup,
  decideScale,
  decideScaleDown,
  scaleDownBudget,
} from '../../../../runtime/controllers/deployment/decide-scale.ts'
import { maxSurge, maxUnavailable, newReplicaSetSize } from '../../../../runtime/controllers/deployment/replica-math.ts'
import { newReplicaSetAnnotations } from '../../../../runtime/controllers/deployment/annotations.ts'

const deployment = (
  replicas: number,
  surge: number | string = '25%',
  unavailable: number | string = '25%',
): Deployment =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'ns' },
    spec: {
      replicas,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: surge, maxUnavailable: unavailable } },
    },
  }) as unknown as Deployment

const set = (name: string, replicas: number, available: number, max?: number): ReplicaSet =>
  ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      creationTimestamp: `2025-01-01T00:00:0${name.length}Z`,
      annotations: max === undefined ? {} : { 'deployment.kubernetes.io/max-replicas': String(max) },
    },
    spec: { replicas },
    status: { replicas, availableReplicas: available },
  }) as unknown as ReplicaSet

describe('rollout arithmetic', () => {
  it.each([
    [1, '25%', '25%', 1, 0],
    [3, '25%', '25%', 1, 0],
    [4, '25%', '25%', 1, 1],
    [10, '25%', '25%', 3, 2],
    [10, 0, 0, 0, 1],
    [2, 0, '100%', 0, 2],
    [2, 0, 5, 0, 2],
    [0, 1, 1, 1, 0],
  ])(
    '%i replicas with surge %s and unavailable %s',
    (...[replicas, surge, unavailable, wantSurge, wantUnavailable]) => {
      expect(maxSurge(deployment(replicas, surge, unavailable))).toBe(wantSurge)
      expect(maxUnavailable(deployment(replicas, surge, unavailable))).toBe(wantUnavailable)
    },
  )

  it('never lets a step go above the surge or below what must be available', () => {
    const small = fc.integer({ min: 0, max: 12 })
    fc.assert(
      fc.property(
        fc.record({ n: small, surge: small, down: small, old: small, fresh: small, oldUp: small, freshUp: small }),
        (given) => {
          const one = deployment(given.n, given.surge, given.down)
          const older = set('old', given.old, Math.min(given.old, given.oldUp))
          const current = set('newer', Math.min(given.fresh, given.n), Math.min(given.fresh, given.n, given.freshUp))
          const size = newReplicaSetSize(one, [older], current.spec.replicas!)
          if (size > current.spec.replicas!) expect(size + given.old).toBeLessThanOrEqual(given.n + given.surge)
          const available = older.status.availableReplicas! + current.status.availableReplicas!
          const minAvailable = given.n - maxUnavailable(one)
          for (const { size: next } of decideScaleDown(one, [older], current)) {
            expect(available - (given.old - next)).toBeGreaterThanOrEqual(Math.min(available, minAvailable))
          }
          const budget = scaleDownBudget(one, [older, current], current)
          for (const { size: next } of decideCleanup([older], Math.max(0, budget))) {
            expect(next).toBeGreaterThanOrEqual(older.status.availableReplicas!)
          }
        },
      ),
    )
  })

  it('shares a change of replicas in proportion, the rest to the largest', () => {
    const resizes = decideScale(deployment(20, 3, 2), set('newer', 5, 5, 13), [set('old', 8, 8, 13)])
    expect(resizes.map(({ set: { metadata }, size }) => [metadata.name, size])).toEqual([
      ['old', 14],
      ['newer', 9],
    ])
    const down = decideScale(deployment(0, 3, 2), set('newer', 5, 5, 13), [set('old', 8, 8, 13)])
    expect(down.map(({ size }) => size)).toEqual([0, 0])
  })

  it('adds up to the allowed size, whatever the shares', () => {
    const size = fc.integer({ min: 1, max: 30 })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.array(size, { minLength: 2, maxLength: 5 }),
        (replicas, sizes) => {
          const max = sizes.reduce((a, b) => a + b, 0)
          const sets = sizes.map((count, at) => set('x'.repeat(at + 1), count, 0, max))
          const resizes = decideScale(deployment(replicas, 3, 1), sets.at(-1), sets.slice(0, -1))
          expect(resizes.reduce((sum, one) => sum + one.size, 0)).toBe(replicas + 3)
        },
      ),
    )
  })
})

describe('revision annotations', () => {
  it('remember former revisions, but never one twice', () => {
    const first = newReplicaSetAnnotations(deployment(3), undefined, 1, false)
    expect(first).toEqual({
      'deployment.kubernetes.io/revision': '1',
      'deployment.kubernetes.io/desired-replicas': '3',
      'deployment.kubernetes.io/max-replicas': '4',
    })
    const again = newReplicaSetAnnotations(deployment(3), first, 3, true)
    expect(again).toMatchObject({
      'deployment.kubernetes.io/revision': '3',
      'deployment.kubernetes.io/revision-history': '1',
    })
    expect(newReplicaSetAnnotations(deployment(3), again, 3, true)).toBe(again)
  })
})

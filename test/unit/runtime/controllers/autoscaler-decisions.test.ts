import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Pod } from '../../../../api/types/core-v1.generated.ts'
import {
  limit,
  limitBy,
  noteScale,
  stabilize,
  stabilizeBy,
  type History,
  type Rules,
} from '../../../../runtime/controllers/horizontal-pod-autoscaler/decide-limits.ts'
import {
  replicasByAverage,
  replicasByUtilization,
  replicasByValue,
  replicasPerPod,
  type Sampled,
} from '../../../../runtime/controllers/horizontal-pod-autoscaler/decide-replicas.ts'
import { second } from '../../../../runtime/kernel/micros.ts'

const newHistory = (): History => ({ recommendations: [], ups: [], downs: [] })
const rules = (up: object, down: object): Rules => ({ up, down })

const pod = (name: string, change: object = {}): Pod =>
  ({
    metadata: { name },
    spec: { containers: [{ name: 'c', resources: { requests: { cpu: '100m' } } }] },
    status: {
      phase: 'Running',
      startTime: '2026-01-01T00:00:00Z',
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:05Z' }],
      ...change,
    },
  }) as unknown as Pod

const sampled = (pods: readonly Pod[], usage: Readonly<Record<string, number>>, current = pods.length): Sampled => ({
  pods,
  metrics: new Map(Object.entries(usage).map(([name, value]) => [name, { at: 0, window: 0, value }])),
  resource: 'cpu',
  current,
  tolerances: { up: 0.1, down: 0.1 },
  timing: {
    wall: Date.UTC(2026, 0, 1, 1) * 1000,
    cpuInitializationPeriod: 300 * second,
    initialReadinessDelay: 30 * second,
  },
})

describe('replicas from metrics', () => {
  it.each([
    ['above target', { a: 90, b: 90 }, 4],
    ['within tolerance', { a: 54, b: 54 }, 2],
    ['below target', { a: 10, b: 10 }, 1],
    ['a missing pod counts nothing when scaling up', { a: 150 }, 3],
    ['a missing pod counts its whole request when scaling down', { a: 10 }, 2],
  ])('%s', (_title, usage, replicas) => {
    const proposal = replicasByUtilization(sampled([pod('a'), pod('b')], usage), 50, '')
    expect(proposal.ok && proposal.value.replicas).toBe(replicas)
  })

  it('a pod that has never been ready counts nothing when scaling up', () => {
    const unready = pod('b', { phase: 'Pending' })
    const proposal = replicasByUtilization(sampled([pod('a'), unready], { a: 90, b: 500 }), 50, '')
    expect(proposal.ok && proposal.value.replicas).toBe(2)
  })

  it.each([
    ['no pods', sampled([], { a: 1 }), '', 'no pods returned by selector while calculating replica count'],
    ['no samples', sampled([pod('a')], {}), '', 'did not receive metrics for targeted pods (pods might be unready)'],
    ['no such container', sampled([pod('a')], { a: 1 }), 'x', 'container x not found in Pod a'],
  ])('says why not: %s', (_title, given, container, error) => {
    expect(replicasByUtilization(given, 50, container)).toEqual({ ok: false, error })
  })

  it('by average, by value and per pod', () => {
    const average = replicasByAverage(sampled([pod('a'), pod('b')], { a: 300, b: 100 }), 100)
    expect(average).toEqual({ ok: true, value: { replicas: 4, usage: 200 } })
    const value = replicasByValue(3000, 1000, sampled([pod('a'), pod('b')], {}))
    expect(value).toEqual({ ok: true, value: { replicas: 6, usage: 3000 } })
    expect(replicasByValue(3000, 1000, sampled([], {}, 0))).toEqual({ ok: true, value: { replicas: 3, usage: 3000 } })
    expect(replicasPerPod(1000, 100, 4, { up: 0.1, down: 0.1 })).toEqual({ replicas: 10, usage: 250 })
  })
})

describe('limits', () => {
  it.each([
    [1, 100, 1, 50, 4, 'ScaleUpLimit'],
    [10, 100, 1, 15, 15, 'TooManyReplicas'],
    [10, 1, 3, 15, 3, 'TooFewReplicas'],
    [10, 12, 1, 15, 12, 'DesiredWithinRange'],
  ])('%d asked to be %d between %d and %d is %d: %s', (...row) => {
    const [current, desired, min, max, replicas, reason] = row
    expect(limit(current, desired, min, max)).toMatchObject({ replicas, reason })
  })

  it('the highest recommendation of the window holds, then it fades', () => {
    const history = newHistory()
    expect(stabilize(history, 9, 0, 60 * second)).toBe(9)
    expect(stabilize(history, 3, 30 * second, 60 * second)).toBe(9)
    expect(stabilize(history, 3, 61 * second, 60 * second)).toBe(3)
  })

  it('a behaviour limits the change in a period, counting what was changed in it', () => {
    const history = newHistory()
    const policy = { selectPolicy: 'Max', policies: [{ type: 'Pods', value: 2, periodSeconds: 60 }] }
    const both = rules(policy, { ...policy, stabilizationWindowSeconds: 0 })
    const range = { min: 1, max: 50 }
    expect(limitBy(history, both, { current: 4, desired: 20, ...range }, 0).replicas).toBe(6)
    noteScale(history, both, { from: 4, to: 6 }, 0)
    expect(limitBy(history, both, { current: 6, desired: 20, ...range }, 30 * second).replicas).toBe(6)
    expect(limitBy(history, both, { current: 6, desired: 20, ...range }, 61 * second).replicas).toBe(8)
    const none = rules({ selectPolicy: 'Disabled' }, { selectPolicy: 'Disabled' })
    expect(limitBy(newHistory(), none, { current: 6, desired: 1, ...range }, 0).replicas).toBe(6)
  })

  it('never leaves the range, and stabilisation stays between now and asked', () => {
    const small = fc.integer({ min: 1, max: 40 })
    fc.assert(
      fc.property(small, small, small, small, (current, desired, a, b) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)]
        const { replicas } = limit(current, desired, min, max)
        expect(replicas).toBeGreaterThanOrEqual(Math.min(min, 2 * current, max))
        expect(replicas).toBeLessThanOrEqual(max)
        const windows = rules({ stabilizationWindowSeconds: 60 }, { stabilizationWindowSeconds: 60 })
        const history = newHistory()
        history.recommendations.push({ replicas: a, at: -second })
        const steady = stabilizeBy(history, windows, { current, desired }, 0).replicas
        expect(steady).toBeGreaterThanOrEqual(Math.min(current, desired))
        expect(steady).toBeLessThanOrEqual(Math.max(current, desired, a))
      }),
    )
  })
})

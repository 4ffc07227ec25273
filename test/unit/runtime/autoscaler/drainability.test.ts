import { describe, expect, it } from 'vitest'
import type { Node, Pod } from '../../../../api/types/core-v1.generated.ts'
import type { PodDisruptionBudget } from '../../../../api/types/policy-v1.generated.ts'
import { drainStatus } from '../../../../runtime/autoscaler/drainability.ts'
import { backingOff, backOff, goDuration } from '../../../../runtime/autoscaler/group-health.ts'
import { newMemory } from '../../../../runtime/autoscaler/memory.ts'
import { autoscalerSettings } from '../../../../runtime/autoscaler/settings.ts'
import { utilization, utilizationText } from '../../../../runtime/autoscaler/utilization.ts'
import { minute } from '../../../../runtime/kernel/micros.ts'

const owned = { ownerReferences: [{ kind: 'ReplicaSet', controller: true }] }
const pod = (metadata: object, spec: object = {}, status: object = {}): Pod =>
  ({
    metadata: { name: 'web', namespace: 'default', labels: { app: 'web' }, ...metadata },
    spec: { containers: [], ...spec },
    status,
  }) as unknown as Pod
const budget = (allowed: number, namespace = 'default'): PodDisruptionBudget =>
  ({
    metadata: { name: 'web', namespace },
    spec: { selector: { matchLabels: { app: 'web' } } },
    status: { disruptionsAllowed: allowed },
  }) as unknown as PodDisruptionBudget
const local = { volumes: [{ name: 'data', emptyDir: {} }] }
const note = (name: string, value: string): object => ({
  annotations: { [`cluster-autoscaler.kubernetes.io/${name}`]: value },
})

type Case = readonly [string, Pod, readonly PodDisruptionBudget[], Readonly<Record<string, string>>, string | undefined]

describe('what keeps a node', () => {
  it.each<Case>([
    ['a pod of a controller moves', pod(owned), [], {}, 'move'],
    ['a bare pod', pod({}), [], {}, 'NotReplicated'],
    ['a bare pod that may go', pod(note('safe-to-evict', 'true')), [], {}, 'move'],
    [
      'a pod that must not go',
      pod({ ...owned, ...note('safe-to-evict', 'false') }),
      [],
      {},
      'NotSafeToEvictAnnotation',
    ],
    ['a pod with data of its own', pod(owned, local), [], {}, 'LocalStorageRequested'],
    ['data in memory', pod(owned, { volumes: [{ name: 'data', emptyDir: { medium: 'Memory' } }] }), [], {}, 'move'],
    [
      'data on the host',
      pod(owned, { volumes: [{ name: 'data', hostPath: { path: '/x' } }] }),
      [],
      {},
      'LocalStorageRequested',
    ],
    ['data that may go', pod({ ...owned, ...note('safe-to-evict-local-volumes', 'logs,data') }, local), [], {}, 'move'],
    ['data that nobody looks at', pod(owned, local), [], { 'skip-nodes-with-local-storage': 'false' }, 'move'],
    ['a pod of the system', pod({ ...owned, namespace: 'kube-system' }), [], {}, 'UnmovableKubeSystemPod'],
    [
      'a pod of the system with a budget',
      pod({ ...owned, namespace: 'kube-system' }),
      [budget(1, 'kube-system')],
      {},
      'move',
    ],
    [
      'a system that nobody minds',
      pod({ ...owned, namespace: 'kube-system' }),
      [],
      { 'skip-nodes-with-system-pods': 'false' },
      'move',
    ],
    ['a budget that allows one', pod(owned), [budget(1)], {}, 'move'],
    ['a budget that allows none', pod(owned), [budget(0)], {}, 'NotEnoughPdb'],
    ['a budget of others', pod(owned), [budget(0, 'other')], {}, 'move'],
    ['a safe pod within a budget', pod(note('safe-to-evict', 'true')), [budget(0)], {}, 'NotEnoughPdb'],
    ['a pod of a DaemonSet', pod({ ownerReferences: [{ kind: 'DaemonSet', controller: true }] }), [], {}, undefined],
    ['a static pod', pod({ annotations: { 'kubernetes.io/config.mirror': 'x' } }), [], {}, undefined],
    ['a pod that has ended', pod({}, {}, { phase: 'Succeeded' }), [], {}, undefined],
  ])('%s', (...[, one, budgets, flags, expected]: Case) => {
    expect(drainStatus(one, { budgets, settings: autoscalerSettings(flags) })).toBe(expected)
  })
})

describe('utilization', () => {
  const node = { status: { allocatable: { cpu: '4', memory: '8Gi' } } } as unknown as Node
  const asks = (cpu: string, memory: string): Pod =>
    pod({}, { containers: [{ name: 'app', resources: { requests: { cpu, memory } } }] })

  it('is the larger of the two shares', () => {
    const half = utilization(node, [asks('1', '1Gi'), asks('1', '1Gi')])
    expect([half.resource, half.share]).toEqual(['cpu', 0.5])
    expect(utilizationText(half)).toBe('{0.5 0.25 0 0 cpu 0.5}')
    expect(utilization(node, [asks('1', '4Gi')]).resource).toBe('memory')
    expect(utilization(node, []).share).toBe(0)
  })
})

describe('a group that is left alone', () => {
  it('for 5 minutes, twice as long each time, 30 at most, and forgotten after three hours', () => {
    const memory = newMemory()
    const waits: number[] = []
    let now = 0
    for (let index = 0; index < 5; index += 1) {
      backOff({ memory, now }, 'burst')
      const { until } = memory.backoffs.get('burst')!
      waits.push((until - now) / minute)
      expect(backingOff({ memory, now: until - 1 }, 'burst')).toBe(true)
      expect(backingOff({ memory, now: until }, 'burst')).toBe(false)
      now = until
    }
    expect(waits).toEqual([5, 10, 20, 30, 30])
    backOff({ memory, now: now + 200 * minute }, 'burst')
    expect(memory.backoffs.get('burst')!.duration).toBe(5 * minute)
    expect(backingOff({ memory, now }, 'other')).toBe(false)
  })

  it.each([
    [15 * minute, '15m0s'],
    [90 * minute, '1h30m0s'],
    [45_000_000, '45s'],
  ])('%d is %s', (time, text) => {
    expect(goDuration(time)).toBe(text)
  })
})

describe('flags', () => {
  it('have upstream defaults, and are read', () => {
    expect(autoscalerSettings({})).toMatchObject({
      scanInterval: 10_000_000,
      expander: 'least-waste',
      scaleDownUnneededTime: 10 * minute,
      scaleDownUtilizationThreshold: 0.5,
      scaleDownEnabled: true,
    })
    expect(autoscalerSettings({ 'scan-interval': '1m30s', 'scale-down-enabled': 'false' })).toMatchObject({
      scanInterval: 90_000_000,
      scaleDownEnabled: false,
    })
  })
})

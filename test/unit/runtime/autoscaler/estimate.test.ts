import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Node, Pod } from '../../../../api/types/core-v1.generated.ts'
import { bestOption, decreasing, estimate, waste, type Option } from '../../../../runtime/autoscaler/estimate.ts'
import { autoscalerSettings } from '../../../../runtime/autoscaler/settings.ts'
import { createSnapshot } from '../../../../runtime/autoscaler/snapshot.ts'
import type { NodeGroup } from '../../../../runtime/cloud/cloud.ts'
import type { Io } from '../../../../runtime/reconcile/controller.ts'

const node = (name: string, cpu: number, taints: readonly object[] = []): Node =>
  ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name } },
    spec: { taints },
    status: {
      capacity: { cpu: `${cpu}m`, memory: '16Gi', pods: '110' },
      allocatable: { cpu: `${cpu}m`, memory: '16Gi', pods: '110' },
    },
  }) as unknown as Node

let made = 0
const pod = (cpu: number, more: object = {}): Pod => {
  made += 1
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `pod-${made}`, namespace: 'default', uid: `pod-${made}`, labels: { app: 'web' } },
    spec: { containers: [{ name: 'app', resources: { requests: { cpu: `${cpu}m` } } }], ...more },
    status: {},
  } as unknown as Pod
}

const ioOf = (objects: Readonly<Record<string, readonly object[]>> = {}): Io =>
  ({
    wall: () => 0,
    choose: (_label: string, n: number) => n - 1,
    read: {
      get: () => undefined,
      list: (kind: string) => objects[kind] ?? [],
      owned: () => [],
      indexed: () => [],
    },
  }) as unknown as Io

const group = (id: string, size: number, max: number): NodeGroup => ({
  id,
  min: 0,
  max,
  targetSize: () => size,
  instances: () => [],
  template: () => node(`${id}-template`, 4000),
  increaseSize: () => undefined,
  deleteInstances: () => undefined,
})

const estimated = (pods: readonly Pod[], max = 10, size = 0, io = ioOf()): Option => {
  const own = group('burst', size, max)
  return estimate({ io }, createSnapshot(io), own, { pods, template: () => own.template(0) })
}

describe('how many nodes it takes', () => {
  it.each([
    [[3000, 3000], 2],
    [[2000, 2000, 2000], 2],
    [[1000, 3000, 1000, 3000], 2],
    [[500, 500, 500], 1],
    [[5000], 0],
  ])('pods of %j', (sizes, nodes) => {
    const option = estimated(sizes.map((one) => pod(one)))
    expect(option.nodes).toBe(nodes)
    expect(option.pods).toHaveLength(nodes === 0 ? 0 : sizes.length)
  })

  it('no more than the group may still have; the pods beyond are not helped', () => {
    const option = estimated(
      [1, 2, 3, 4].map(() => pod(3000)),
      4,
      2,
    )
    expect([option.nodes, option.pods.length]).toEqual([2, 2])
  })

  it('pods that keep away from each other take a node each', () => {
    const alone = {
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' },
          ],
        },
      },
    }
    expect(estimated([1, 2, 3].map(() => pod(100, alone))).nodes).toBe(3)
  })

  it("a DaemonSet's pods are on every new node", () => {
    const agent = {
      metadata: { name: 'agent', namespace: 'default', uid: 'agent' },
      spec: {
        template: {
          metadata: { labels: { app: 'agent' } },
          spec: { containers: [{ name: 'app', resources: { requests: { cpu: '1500m' } } }] },
        },
      },
    }
    const io = ioOf({ 'apps/v1/DaemonSet': [agent] })
    expect(estimated([pod(2500), pod(2500)], 10, 0, io).nodes).toBe(2)
    expect(estimated([pod(2600)], 10, 0, io).nodes).toBe(0)
  })

  it('every pod that is helped has room: no node holds more than it has, and none is asked for in vain', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 4500 }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 6 }),
        (sizes, max) => {
          const option = estimated(
            sizes.map((one) => pod(one)),
            max,
          )
          const asked = option.pods.map((one) => Number.parseInt(one.spec.containers[0]!.resources!.requests!['cpu']!))
          const sum = asked.reduce((all, one) => all + one, 0)
          expect(option.nodes).toBeLessThanOrEqual(max)
          expect(sum).toBeLessThanOrEqual(option.nodes * 4000)
          // First fit leaves at most one node half empty.
          expect(sum).toBeGreaterThanOrEqual(Math.max(0, option.nodes - 1) * 2000)
          if (sizes.every((one) => one > 4000)) expect(option.nodes).toBe(0)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('leaves the snapshot as it was', () => {
    const there = node('there', 1000)
    const io = ioOf({ 'v1/Node': [there] })
    const snapshot = createSnapshot(io)
    const own = group('burst', 0, 5)
    const one = pod(900)
    estimate({ io }, snapshot, own, { pods: [pod(900), pod(3000)], template: () => own.template(0) })
    expect(snapshot.mark()).toBe(0)
    expect(snapshot.refusal(one, 'there')).toBeUndefined()
    snapshot.place(one, 'there')
    expect(snapshot.refusal(pod(900), 'there')).toEqual(['Insufficient cpu'])
    snapshot.revert(0)
    expect(snapshot.refusal(pod(900), 'there')).toBeUndefined()
    expect(snapshot.refusal(pod(1), 'nowhere')).toEqual(['node not found'])
  })

  it('larger pods go first', () => {
    const [small, large] = [pod(100), pod(2000)]
    expect(decreasing([small, large], node('n', 4000))).toEqual([large, small])
  })
})

describe('which group grows', () => {
  const option = (id: string, cpu: number, pods: readonly number[], nodes: number): Option => ({
    group: group(id, 0, 10),
    nodes,
    pods: pods.map((one) => pod(one)),
    template: node(id, cpu),
  })
  const choose = (expander: string, options: readonly Option[]): string =>
    bestOption({ io: ioOf(), settings: autoscalerSettings({ expander }) }, options).group.id
  const small = option('small', 4000, [3000], 1)
  const large = option('large', 16_000, [3000, 1000], 1)

  it.each([
    ['least-waste', 'small'],
    ['most-pods', 'large'],
    ['random', 'large'],
  ])('%s: %s', (expander, expected) => {
    expect(choose(expander, [small, large])).toBe(expected)
    expect(choose(expander, [small])).toBe('small')
  })

  it('waste is what nobody asks for', () => {
    expect(waste(small)).toBeCloseTo(0.25 + 1)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NodeSpec } from '../../../../dsl/plan/cluster-spec.ts'
import type { Pod } from '../../../../api/types/core-v1.generated.ts'
import type { Context } from '../../../../runtime/kubelet/context.ts'
import { createCpuManager, takePacked, type CpuManager } from '../../../../runtime/kubelet/cpu-manager.ts'
import { bestAffinity, cpuHints, type TopologyPolicy } from '../../../../runtime/kubelet/topology.ts'
import { nodeSpec } from './bench.ts'

const manager = (policy: TopologyPolicy, machine: Partial<NodeSpec>, cpuManagerPolicy = 'static'): CpuManager => {
  const disk = { cpus: new Map() }
  const config = { cpuManagerPolicy, topologyManagerPolicy: policy }
  return createCpuManager({ machine: { disk, spec: nodeSpec(machine) }, config } as unknown as Context)
}
const two = { capacity: { cpu: '8' }, allocatable: { cpu: '7' }, numaNodes: 2 }
const container = (cpu: string, name = 'app', more: object = {}): object => ({
  name,
  resources: { limits: { cpu, memory: '1Gi' }, requests: { cpu, memory: '1Gi' } },
  ...more,
})
const podOf = (name: string, containers: readonly object[], initContainers: readonly object[] = []): Pod =>
  ({ metadata: { name, uid: name }, spec: { containers, initContainers } }) as unknown as Pod
const sum = (counts: readonly number[]): number => counts.reduce((total, one) => total + one, 0)

/** What becomes of pods that come one after the other and stay: the reasons for which they are rejected. */
const inTurn = (cpus: CpuManager, pods: readonly Pod[]): readonly (string | undefined)[] => {
  const active = new Set<string>()
  return pods.map((pod) => {
    const rejection = cpus.allocate(pod, active)
    if (rejection === undefined) active.add(pod.metadata.uid)
    return rejection?.reason
  })
}
const pods = (...cpus: readonly string[]): readonly Pod[] =>
  cpus.map((cpu, index) => podOf(`pod-${index}`, [container(cpu)]))

describe('the CPU manager', () => {
  it.each([
    ['none', two, ['2', '2', '3'], [undefined, undefined, undefined]],
    ['none', two, ['2', '2', '3', '1'], [undefined, undefined, undefined, 'UnexpectedAdmissionError']],
    ['best-effort', two, ['2', '2', '3'], [undefined, undefined, undefined]],
    ['best-effort', two, ['8'], ['UnexpectedAdmissionError']],
    ['restricted', two, ['2', '2', '3'], [undefined, undefined, 'TopologyAffinityError']],
    ['restricted', two, ['6'], [undefined]],
    ['restricted', two, ['8'], ['TopologyAffinityError']],
    ['single-numa-node', two, ['6'], ['TopologyAffinityError']],
    ['single-numa-node', two, ['3', '4'], [undefined, undefined]],
    ['single-numa-node', two, ['4', '4'], [undefined, 'TopologyAffinityError']],
    ['single-numa-node', two, ['500m', '1500m', '500m'], [undefined, undefined, undefined]],
  ] as const)('under %s on %j: %j', (policy, machine, cpus, expected) => {
    expect(inTurn(manager(policy, machine), pods(...cpus))).toEqual(expected)
  })

  it('says how many it lacks: without a policy all, else those that cannot be aligned', () => {
    const said = (policy: TopologyPolicy): string | undefined =>
      manager(policy, two).allocate(podOf('a', [container('8')]), new Set())?.message
    const text = (wanted: number, left: number): string =>
      `Allocate failed due to not enough cpus available to satisfy request: requested=${wanted}, available=${left}, which is unexpected`
    expect(said('none')).toBe(text(8, 7))
    expect(said('best-effort')).toBe(text(1, 0))
  })

  it('gives nothing to pods that are not Guaranteed, and nobody anything without the static policy', () => {
    const burstable = podOf('a', [{ name: 'app', resources: { requests: { cpu: '6' } } }])
    expect(inTurn(manager('single-numa-node', two), [burstable])).toEqual([undefined])
    expect(inTurn(manager('single-numa-node', two, 'none'), pods('6', '6'))).toEqual([undefined, undefined])
  })

  it('takes back what a pod had that is gone, and leaves a pod what it has', () => {
    const cpus = manager('single-numa-node', two)
    const [first, second] = pods('4', '4') as [Pod, Pod]
    expect(cpus.allocate(first, new Set())).toBeUndefined()
    expect(cpus.allocate(second, new Set(['pod-0']))?.reason).toBe('TopologyAffinityError')
    expect(cpus.allocate(first, new Set())).toBeUndefined()
    expect(cpus.allocate(second, new Set())).toBeUndefined()
  })

  it('lets containers use the CPUs of init containers that are over, but not of sidecars', () => {
    const init = container('3', 'init')
    const sidecar = container('3', 'side', { restartPolicy: 'Always' })
    const app = container('4')
    const on = { capacity: { cpu: '6' }, allocatable: { cpu: '5' } }
    expect(inTurn(manager('none', on), [podOf('a', [app], [init])])).toEqual([undefined])
    expect(inTurn(manager('none', on), [podOf('a', [app], [sidecar])])).toEqual(['UnexpectedAdmissionError'])
  })

  it('never gives a CPU twice, and all that it gives', () => {
    const counts = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })), {
      minLength: 1,
      maxLength: 4,
    })
    fc.assert(
      fc.property(counts, fc.nat(30), (nodes, wanted) => {
        const sizes = nodes.map(([a, b]) => Math.max(a, b))
        const free = nodes.map(([a, b]) => Math.min(a, b))
        const taken = takePacked(wanted, free, sizes)
        expect(sum(taken)).toBe(Math.min(wanted, sum(free)))
        for (const [node, one] of taken.entries()) expect(one >= 0 && one <= free[node]!).toBe(true)
      }),
    )
  })

  it('hints at every set of NUMA nodes that has enough, and prefers the fewest that could ever have', () => {
    const size = fc.integer({ min: 1, max: 4 })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(size, fc.nat(4)), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 12 }),
        (nodes, wanted) => {
          const sizes = nodes.map(([one]) => one)
          const free = nodes.map(([one, some]) => Math.min(one, some))
          const hints = cpuHints({ wanted, free, sizes, reusable: sizes.map(() => 0) })
          const enough = (of: readonly number[], set: readonly number[]): boolean =>
            sum(set.map((node) => of[node]!)) >= wanted
          const sets = fcSets(sizes.length)
          expect(hints.map((one) => one.nodes.join()).sort()).toEqual(
            sets
              .filter((set) => enough(free, set))
              .map((set) => set.join())
              .sort(),
          )
          const least = Math.min(sizes.length, ...sets.filter((set) => enough(sizes, set)).map((set) => set.length))
          for (const hint of hints) expect(hint.preferred).toBe(hint.nodes.length === least)
          const best = bestAffinity(hints)
          if (best !== undefined) expect(best.nodes.length).toBe(Math.min(...hints.map((one) => one.nodes.length)))
        },
      ),
    )
  })
})

const fcSets = (count: number): readonly (readonly number[])[] =>
  count === 0 ? [] : [...fcSets(count - 1), [count - 1], ...fcSets(count - 1).map((set) => [...set, count - 1])]

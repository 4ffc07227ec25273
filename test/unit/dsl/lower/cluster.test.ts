import { describe, expect, test } from 'vitest'
import type { ClusterSpec } from '../../../../dsl/plan/cluster-spec.ts'
import { compileText, places } from '../support/compile-text.ts'

const clusterOf = (text: string, files: Readonly<Record<string, string>> = {}): ClusterSpec => {
  const compilation = compileText(text, files)
  const scenario = compilation.plan?.scenarios[0]
  if (scenario === undefined) throw new Error(compilation.diagnostics.map((one) => one.message).join('\n'))
  return scenario.cluster
}
const cluster = (settings: string): ClusterSpec => clusterOf(`scenario "a" {\n  cluster { ${settings} }\n}\n`)

describe('clusters', () => {
  test('pools unroll into nodes with their labels and defaults', () => {
    const { nodes, pools } = cluster(
      'pool workers 3 { cpu 2, memory 4Gi, zones [a, a, b], label tier=front, taint dedicated=gpu:NoSchedule }',
    )
    expect(nodes.map((one) => one.name)).toEqual(['workers-0', 'workers-1', 'workers-2'])
    expect(nodes.map((one) => one.labels['topology.kubernetes.io/zone'])).toEqual(['a', 'a', 'b'])
    expect(nodes[0]).toMatchObject({
      pool: 'workers',
      capacity: { cpu: '2', memory: '4Gi', pods: '110' },
      labels: {
        'kubernetes.io/hostname': 'workers-0',
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        pool: 'workers',
        tier: 'front',
      },
      taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }],
      boot: { base: 40_000_000, spread: 0 },
    })
    expect(pools).toMatchObject([{ name: 'workers', zones: ['a', 'a', 'b'] }])
  })

  test('reserved amounts are less allocatable', () => {
    expect(cluster('pool w 1 { cpu 2, memory 4Gi, reserved { cpu 100m, memory 200Mi } }').nodes[0]).toMatchObject({
      capacity: { cpu: '2', memory: '4Gi' },
      allocatable: { cpu: '1900m', memory: '3896Mi', pods: '110' },
    })
  })

  test('one node of a pool may differ', () => {
    const { nodes } = cluster('pool w 2 { cpu 2, node w-1 { cpu 4, label disk=ssd } }')
    expect(nodes.map((one) => one.capacity.cpu)).toEqual(['2', '4'])
    expect(nodes.map((one) => one.labels.disk)).toEqual([undefined, 'ssd'])
  })

  test('a scenario uses a cluster and overrides it, and a cluster another', () => {
    const files = {
      'lib.kscn':
        'cluster base {\n  controller-manager { node-monitor-grace-period 40s }\n  pool workers 3 { cpu 4, zones [a, b, c] }\n}\n\ncluster big from base { pool workers 6 }\n',
    }
    const spec = clusterOf(
      'import "lib.kscn" as lib\n\nscenario "a" {\n  cluster lib.big { profile instant, pool workers { cpu 8 }, controller-manager { concurrent-job-syncs 2 } }\n}\n',
      files,
    )
    expect(spec.profile).toBe('instant')
    expect(spec.nodes).toHaveLength(6)
    expect(new Set(spec.nodes.map((one) => one.capacity.cpu))).toEqual(new Set(['8']))
    expect(spec.nodes[5]?.labels['topology.kubernetes.io/zone']).toBe('c')
    expect(spec.flags).toEqual({
      'controller-manager': { 'node-monitor-grace-period': '40s', 'concurrent-job-syncs': '2' },
    })
  })

  test('settings of the cluster and its components', () => {
    const spec = cluster(
      'apiserver { latency 2ms }, etcd { members 1, fsync 5ms }, namespace a b, images ["web:v1"], clock 2030-01-01T00:00:00Z, pool w 1',
    )
    expect(spec).toMatchObject({
      apiserver: { replicas: 1, latency: 2000 },
      etcd: { members: 1, fsync: 5000 },
      features: {},
      namespaces: ['a', 'b'],
      clock: Date.UTC(2030, 0, 1) * 1000,
    })
    expect(spec.nodes[0]?.images).toEqual(['web:v1'])
  })

  test('a bare word is a binding where the schema knows no such keyword', () => {
    const compilation = compileText('scenario "a" {\n  matrix n in [1, 2]\n  cluster { pool workers n { cpu n } }\n}\n')
    expect(
      compilation.plan?.scenarios.map((one) => [one.row, one.cluster.nodes.length, one.cluster.nodes[0]?.capacity.cpu]),
    ).toEqual([
      ['[n=1]', 1, '1'],
      ['[n=2]', 2, '2'],
    ])
  })

  test.each([
    ['feature SomeGate on', ['K103 2:21']],
    ['feature PodTopologyLabelsAdmision off', ['K103 2:21']],
    ['feature PodTopologyLabelsAdmission off', []],
    ['feature NodeSwap on', []],
    ['feature NodeSwap off', ['K134 2:13']],
    ['feature GangScheduling on', ['K413 2:21']],
    ['kubernetes 1.34, feature GangScheduling off', ['K103 2:38']],
    ['kubernetes 1.33', ['K413 2:24']],
    ['scheduler { parallelism 4 }', ['K413 2:25']],
    ['kube-proxy { sync 2s }', []],
    ['controller-manager { min-resync-period 5s }', ['K413 2:34']],
    ['pool workers 3 { cpus 4 }', ['K103 2:30']],
    ['pool workers 3 { cpu 4GB }', ['K107 2:34']],
    ['pool workers three { cpu 4 }', ['K105 2:26']],
    ['pool workers', ['K133 2:13']],
    ['profile stedy', ['K134 2:21']],
    ['kubernetes 1.35', []],
    ['kubernetes v1.34.2', []],
    ['kubernetes one', ['K107 2:24']],
    ['clock tomorrow', ['K107 2:19']],
    ['pool w 1 { taint a=b:NoSchedul }', ['K117 2:30']],
    ['pool w 1 { node w-3 { cpu 1 } }', ['K105 2:33']],
    ['scheduler { config "x.yaml" }', ['K125 2:32']],
    ['pool w 0..5', []],
    ['pool w 5..0', ['K107 2:20']],
    ['pool w 0..200000', ['K107 2:20']],
    ['pool w 0..5 { quota 2 }', []],
    ['pool w 2 { quota 2 }', ['K133 2:13']],
    ['autoscaler { expander least-waste, scan-interval 5s, scale-down-utilization-threshold 0.7 }', []],
    ['autoscaler { expander cheapest }', ['K134 2:35']],
    ['autoscaler { scan-intervall 5s }', ['K103 2:26']],
    ['cloud on', []],
    ['cloud maybe', ['K134 2:19']],
    ['cloud { load-balancer 20s fails times 2 }', []],
    ['cloud { load-balancer }', ['K133 2:21']],
    ['cloud { load-balancer 20s breaks }', ['K133 2:39']],
    ['cloud { balancer 20s }', ['K103 2:21']],
    ['cloud-controller-manager { node-monitor-period 2s }', []],
  ])('%s', (settings, expected) => {
    expect(places(compileText(`scenario "a" {\n  cluster { ${settings} }\n}\n`))).toEqual(expected)
  })

  test('a cluster that inherits from itself', () => {
    expect(
      places(compileText('cluster a from b {\n}\n\ncluster b from a {\n}\n')).map((one) => one.slice(0, 4)),
    ).toContain('K121')
  })
})

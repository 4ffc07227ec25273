import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile } from '../../../../dsl/compile.ts'
import type { Cluster } from '../../../../runtime/cluster/cluster.ts'
import { createCluster } from '../../../../runtime/cluster/create-cluster.ts'
import { second } from '../../../../runtime/kernel/micros.ts'

const clusterOf = (settings: string, seed = '0'): Cluster => {
  const text = `scenario "s" { cluster { pool workers 1 { cpu 2, memory 4Gi }, ${settings} } }\n`
  const { plan, diagnostics } = compile(['s.kscn'], { read: (path) => ({ path, text }), glob: () => [] })
  expect(diagnostics).toEqual([])
  const scenario = plan!.scenarios[0]!
  return createCluster(scenario.cluster, [], { seed })
}

const runTo = ({ kernel }: Cluster, at: number): void => {
  while (kernel.step(at)) continue
  kernel.idleUntil(at)
}

const leads = ({ state }: Cluster, name: string): boolean =>
  (state.truth(`components/${name}`) as { readonly leader?: boolean } | undefined)?.leader === true

/** When that replica began to lead. */
const takeover = (cluster: Cluster, name: string): number => {
  for (let at = 0; at <= 60 * second; at += second / 10) {
    runTo(cluster, Math.max(at, cluster.kernel.now))
    if (leads(cluster, name)) return at
  }
  return Infinity
}

describe('the election of a leader', () => {
  it.each([
    // What is released is there at the next try: RetryPeriod and up to 1.2 times that.
    ['scheduler', 'graceful', 0, 4.5],
    ['scheduler', 'crash', 12, 19.5],
    ['controller-manager', 'graceful', 12, 19.5],
    ['controller-manager', 'crash', 12, 19.5],
  ] as const)('when the leader of %s ends (%s) the next one follows after %d to %d s', (name, how, least, most) => {
    const cluster = clusterOf(`${name} 2`)
    expect([leads(cluster, `${name}/0`), leads(cluster, `${name}/1`)]).toEqual([true, false])
    cluster.process(name)!.stop(how)
    const at = takeover(cluster, `${name}/1`) / second
    expect(at).toBeGreaterThanOrEqual(least)
    expect(at).toBeLessThanOrEqual(most)
    expect(cluster.process(name)!.name).toBe(`${name}/1`)
    const lease = cluster.state.get('leases.coordination.k8s.io', 'kube-system', `kube-${name}`) as unknown as {
      readonly spec: { readonly holderIdentity: string; readonly leaseDurationSeconds: number }
    }
    expect(lease.spec.holderIdentity).toMatch(new RegExp(`^${name}-1_[0-9a-f]{8}-[0-9a-f]{4}-`))
    expect(lease.spec.leaseDurationSeconds).toBe(15)
  })

  it('one alone holds no lease and costs nothing', () => {
    const cluster = clusterOf('scheduler 1')
    runTo(cluster, 60 * second)
    expect(cluster.state.list('leases.coordination.k8s.io', 'kube-system')).toEqual([])
    expect(cluster.process('scheduler')!.name).toBe('scheduler')
  })

  it('one alone that elects, cut off from the API server, ends itself and is there again', () => {
    const cluster = clusterOf('controller-manager { leader-elect on }')
    const heal = cluster.network.cut('controller-manager/0', 'apiserver/*')
    runTo(cluster, 20 * second)
    expect(leads(cluster, 'controller-manager/0')).toBe(false)
    heal()
    runTo(cluster, 60 * second)
    expect(leads(cluster, 'controller-manager/0')).toBe(true)
  })

  it('never do two lead at once, whoever is cut off and when', () => {
    const cut = fc.record({
      replica: fc.nat(1),
      at: fc.integer({ min: 0, max: 40 }),
      lasts: fc.integer({ min: 1, max: 40 }),
    })
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 3 }), (cuts) => {
        const cluster = clusterOf('scheduler 2')
        const { kernel } = cluster
        const actor = kernel.actor('test', 'script')
        for (const { replica, at, lasts } of cuts)
          kernel.at(at * second, actor, () => {
            const heal = cluster.network.cut(`scheduler/${replica}`, 'apiserver/*')
            kernel.after(lasts * second, actor, heal)
          })
        while (kernel.step(90 * second))
          expect(leads(cluster, 'scheduler/0') && leads(cluster, 'scheduler/1')).toBe(false)
      }),
      { numRuns: 15 },
    )
  })
})

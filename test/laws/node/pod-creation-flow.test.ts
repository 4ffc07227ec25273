import { describe, expect, it } from 'vitest'
import type { Cluster } from '../../../runtime/cluster/cluster.ts'
import { createCluster } from '../../../runtime/cluster/create-cluster.ts'
import { hopsOf } from '../../../runtime/expect/hops.ts'
import { runScenario } from '../../../runtime/runner/run-scenario.ts'
import { scenariosOf } from '../controllers/law-run.ts'

/** A pod's way, hop by hop: what the scenario of it asserts, and what happens in it. */
const way = [
  'kubectl:create',
  'apiserver:authenticate',
  'apiserver:authorize',
  'apiserver:admit',
  'apiserver:validate',
  'etcd:put',
  'scheduler:filter',
  'scheduler:bind',
  'kubelet:sync',
  'runtime:sandbox',
  'cni:add',
  'runtime:pull',
  'runtime:create',
  'runtime:start',
  'runc:start',
  'apiserver:update-status',
  'kube-proxy:sync',
  'request:served',
]

describe('the flow of a pod from kubectl to a request', () => {
  const [scenario] = scenariosOf('scenarios/network/pod-creation-flow.kscn')
  let cluster: Cluster | undefined
  const record = runScenario(scenario!, {
    seed: '0',
    createCluster: (spec, behaviors, options) => (cluster ??= createCluster(spec, behaviors, options)),
    keepGoing: true,
  })
  const hops = hopsOf(cluster!.timeline, 'pods/default/web').map((hop) => `${hop.component}:${hop.action}`)

  it('holds', () => expect([record.verdict, record.findings]).toEqual(['PASS', []]))

  it('goes through every hop, in this order', () => {
    let from = 0
    const found = way.map((hop) => {
      const at = hops.indexOf(hop, from)
      if (at >= 0) from = at + 1
      return at < 0 ? `${hop} is missing` : hop
    })
    expect(found).toEqual(way)
  })

  it('which the scenario asserts, all of them', () => {
    const asserted = JSON.stringify(scenario)
    expect(way.filter((hop) => !asserted.includes(hop.split(':')[1]!))).toEqual([])
  })

  it('a request through the Service reaches the pod', () =>
    expect(hops.filter((hop) => hop === 'request:served').length).toBeGreaterThan(0))
})

import { describe, expect, it } from 'vitest'
import { faultSignatures } from '../../../../dsl/names/fault-signatures.ts'
import type { FaultRequest } from '../../../../runtime/faults/fault.ts'
import { faultOf } from '../../../../runtime/faults/registry.ts'
import { createFakeCluster, type FakeCluster } from '../runner/fake-cluster.ts'

const processes = [
  'kubelet/node-1',
  'kube-proxy/node-1',
  'controller/deployment',
  'controller-manager',
  'scheduler',
  'autoscaler',
  'cloud-controller-manager',
  'apiserver/0',
  'etcd/0',
  'storageclass/ssd',
]
const targetOf: Readonly<Record<string, string>> = {
  nodes: 'node/node-1',
  zones: 'zone/a',
  kubelet: 'kubelet/node-1',
  'kube-proxy': 'kube-proxy/node-1',
  controller: 'controller/deployment',
  'controller-manager': 'controller-manager',
  scheduler: 'scheduler',
  autoscaler: 'autoscaler',
  'cloud-controller-manager': 'cloud-controller-manager',
  apiserver: 'apiserver/0',
  etcd: 'etcd/0',
  registry: 'registry/docker.io',
  webhook: 'webhook/policy',
  'storageclasses.storage.k8s.io': 'storageclass/ssd',
}
const argsOf: Readonly<Record<string, readonly (string | number)[]>> = {
  flap: [1_000_000],
  pressure: ['memory'],
  error: [503],
}
const second = 1_000_000

const cluster = (): FakeCluster => createFakeCluster({ seed: '1', epoch: 0 }, () => undefined, processes)
const request = (on: FakeCluster, more: Partial<FaultRequest>): FaultRequest => ({
  cluster: on,
  targets: [],
  from: ['node/other'],
  ...more,
})
/** All that faults may take from a cluster. */
const handle = (on: FakeCluster): unknown => ({
  powered: on.machine('node-1')!.powered,
  up: processes.map((one) => on.process(one)!.up),
  active: on.dials.interference.active,
  turned: on.processLog.filter((line) => line.startsWith('turn') && line !== 'turn compact').length,
  cut: on.processLog.filter((line) => line.startsWith('cut')).length,
})
const back = (on: FakeCluster): unknown => ({
  ...(handle(on) as object),
  turned: on.processLog.filter((line) => line.startsWith('back')).length,
  cut: on.processLog.filter((line) => line.startsWith('heal')).length,
})

const built = Object.entries(faultSignatures).flatMap(([name, { built: kinds }]) =>
  kinds.map((kind) => [name, kind, argsOf[name] ?? []] as const),
)
const all = [
  ...built,
  ['crash', 'controller', ['between-writes']] as const,
  ['crash', 'controller', ['after-write', 2]] as const,
  ['crash', 'controller', ['before-write', 1]] as const,
]

describe('every fault', () => {
  it('is more than a few', () => expect(all.length).toBeGreaterThan(40))

  it.each(all)('%s %s %j: strikes, and healing puts back what it took', (name, kind, args) => {
    const on = cluster()
    const before = handle(on)
    const fault = faultOf(name, kind, name === 'crash' ? args : [])!
    const given = request(on, { targets: [targetOf[kind]!], args, by: second })
    expect(fault.refuses?.(given)).toBeUndefined()
    const injection = fault.inject(given)
    if (name === 'compact') expect(on.processLog).toEqual(['turn compact'])
    else expect(handle(on)).not.toEqual(before)
    injection.heal()
    const after = handle(on)
    expect(back(on)).toEqual(after)
    expect({ ...(after as object), turned: 0, cut: 0 }).toEqual({ ...(before as object), turned: 0, cut: 0 })
  })

  it('leaves alone what is down already, and does not start what it did not stop', () => {
    const on = cluster()
    on.process('scheduler')!.stop('crash')
    for (const name of ['crash', 'failover'])
      faultOf(name, 'scheduler')!
        .inject(request(on, { targets: ['scheduler'] }))
        .heal()
    expect(on.process('scheduler')!.up).toBe(false)
    on.machine('node-1')!.powerOff()
    faultOf('outage', 'zones')!
      .inject(request(on, { targets: ['zone/a'] }))
      .heal()
    expect(on.machine('node-1')!.powered).toBe(false)
  })

  it.each([
    ['crash', 'registry'],
    ['outage', 'nodes'],
    ['reboot', 'kubelet'],
    ['down', 'nodes'],
    ['toString', 'nodes'],
  ])('%s %s cannot be injected', (name, kind) => {
    expect(faultOf(name, kind)).toBeUndefined()
  })

  it.each([
    ['error', 'apiserver', { on: 'FETCH pods', args: [503] }, '"FETCH pods" says no request'],
    ['error', 'apiserver', { on: 'POST pods now', args: [503] }, '"POST pods now" says no request'],
    ['flap', 'nodes', { args: [0] }, 'a node can flap only every so often'],
  ])('%s %s with %j says why not', (name, kind, more, message) => {
    expect(faultOf(name, kind)!.refuses!(request(cluster(), more))).toContain(message)
  })

  it('a target that the cluster does not have is a bug of the caller', () => {
    const on = cluster()
    expect(() => faultOf('crash', 'nodes')!.inject(request(on, { targets: ['node/none'] }))).toThrow('no such machine')
    expect(() => faultOf('crash', 'kubelet')!.inject(request(on, { targets: ['kubelet/none'] }))).toThrow(
      'no such process',
    )
  })
})

import { describe, expect, it } from 'vitest'
import { faultOf } from '../../../../runtime/faults/registry.ts'
import { createFakeCluster } from '../runner/fake-cluster.ts'

const processes = [
  'kubelet/node-1',
  'controller/deployment',
  'scheduler',
  'apiserver/0',
  'controller-manager',
  'kube-proxy/node-1',
]

const cases: readonly (readonly [fault: string, kind: string, target: string, from: readonly string[]])[] = [
  ['crash', 'nodes', 'node/node-1', []],
  ['reboot', 'nodes', 'node/node-1', []],
  ['outage', 'zones', 'zone/a', []],
  ['crash', 'kubelet', 'kubelet/node-1', []],
  ['crash', 'controller', 'controller/deployment', []],
  ['crash', 'scheduler', 'scheduler', []],
  ['crash', 'apiserver', 'apiserver/0', []],
  ['partition', 'nodes', 'node/node-1', ['apiserver/*', 'zone/b']],
]

describe('every fault', () => {
  it.each(cases)('%s %s: healing puts back what it took', (name, kind, target, from) => {
    const cluster = createFakeCluster({ seed: '1', epoch: 0 }, () => undefined, processes)
    const handle = (): unknown => [cluster.machine('node-1')!.powered, processes.map((one) => cluster.process(one)!.up)]
    const before = handle()
    const injection = faultOf(name, kind)!.inject({ cluster, targets: [target], from })
    expect(cluster.processLog.length).toBeGreaterThan(0)
    if (name !== 'partition') expect(handle()).not.toEqual(before)
    injection.heal()
    expect(handle()).toEqual(before)
    const cuts = cluster.processLog.filter((line) => line.startsWith('cut'))
    expect(cluster.processLog.filter((line) => line.startsWith('heal'))).toHaveLength(cuts.length)
  })

  it('leaves alone what is down already, and does not start what it did not stop', () => {
    const cluster = createFakeCluster({ seed: '1', epoch: 0 }, () => undefined, processes)
    cluster.process('scheduler')!.stop('crash')
    faultOf('crash', 'scheduler')!
      .inject({ cluster, targets: ['scheduler'], from: [] })
      .heal()
    expect(cluster.process('scheduler')!.up).toBe(false)
    cluster.machine('node-1')!.powerOff()
    faultOf('outage', 'zones')!
      .inject({ cluster, targets: ['zone/a'], from: [] })
      .heal()
    expect(cluster.machine('node-1')!.powered).toBe(false)
  })

  it.each([
    ['flap', 'nodes'],
    ['crash', 'etcd'],
    ['outage', 'nodes'],
    ['reboot', 'kubelet'],
  ])('%s %s cannot be injected in this version', (name, kind) => {
    expect(faultOf(name, kind)).toBeUndefined()
  })

  it('a target that the cluster does not have is a bug of the caller', () => {
    const cluster = createFakeCluster({ seed: '1', epoch: 0 }, () => undefined, processes)
    expect(() => faultOf('crash', 'nodes')!.inject({ cluster, targets: ['node/none'], from: [] })).toThrow(
      'no such machine',
    )
    expect(() => faultOf('crash', 'kubelet')!.inject({ cluster, targets: ['kubelet/none'], from: [] })).toThrow(
      'no such process',
    )
  })
})

import { describe, expect, it } from 'vitest'
import type { BehaviorSpec } from '../../../../dsl/plan/behavior-spec.ts'
import { hour, minute, second } from '../../../../runtime/kernel/micros.ts'
import { createBench, podNamed, type Bench } from './bench.ts'

const started = (...behaviors: Parameters<typeof createBench>): Bench => {
  const bench = createBench(...behaviors)
  bench.kubelet.start()
  bench.run(second)
  return bench
}
const ready = (bench: Bench, name: string): string | undefined =>
  bench.pod(name)?.status.conditions?.find((condition) => condition.type === 'Ready')?.status

describe('kubelet', () => {
  it('registers its node and begins its heartbeats', () => {
    const bench = started()
    expect(bench.api.get('nodes', '', 'node-1')?.metadata.labels?.['kubernetes.io/hostname']).toBe('node-1')
    expect(bench.beats).toEqual(['beat node-1'])
    bench.kubelet.stop('crash')
    expect(bench.beats.at(-1)).toBe('silence node-1')
  })

  it('runs a pod, tells its status at once and stops it when it is deleted', () => {
    const bench = started()
    bench.api.put('pods', podNamed('a'))
    bench.run(1.5 * second)
    expect(bench.phase('a')).toBe('Running')
    expect(ready(bench, 'a')).toBe('True')
    expect(bench.pod('a')?.status.podIP).toBe('10.244.0.2')
    const pod = bench.pod('a')!
    const metadata = {
      ...pod.metadata,
      deletionTimestamp: '1970-01-01T00:00:40Z',
      deletionGracePeriodSeconds: 30,
      generation: 2,
    }
    bench.api.put('pods', { ...pod, metadata })
    bench.run(6 * second)
    expect(bench.phase('a')).toBe('gone')
    expect(bench.runtime.podContainers('a-uid')).toEqual([])
  })

  it('costs nothing while nothing happens', () => {
    const bench = started()
    for (const name of ['a', 'b', 'c'])
      bench.api.put(
        'pods',
        podNamed(name, { container: { readinessProbe: { exec: { command: ['x'] }, periodSeconds: 1 } } }),
      )
    bench.run(5 * minute)
    expect(ready(bench, 'a')).toBe('True')
    const before = bench.kernel.eventCount
    bench.run(24 * hour)
    expect(bench.kernel.eventCount - before).toBe(0)
    expect(bench.kernel.settled).toBe(true)
  })

  it('pulls an absent image first', () => {
    const bench = started()
    bench.api.put('pods', podNamed('a', { container: { image: 'other:v1' } }))
    bench.run(1.9 * second)
    expect(bench.phase('a')).toBe('Pending')
    bench.run(4 * second)
    expect(bench.phase('a')).toBe('Running')
    expect(bench.events).toContain('a/app Pulling: Pulling image "other:v1"')
  })

  it('leaves containers alone over its own restart, and starts them anew after a loss of power', () => {
    const bench = started()
    bench.api.put('pods', podNamed('a'))
    bench.run(5 * second)
    const id = bench.pod('a')!.status.containerStatuses![0]!.containerID
    bench.kubelet.stop('crash')
    bench.run(20 * second)
    bench.kubelet.start()
    bench.run(60 * second)
    expect(bench.pod('a')!.status.containerStatuses![0]!.containerID).toBe(id)
    expect(ready(bench, 'a')).toBe('True')
    bench.kubelet.stop('crash')
    bench.machine.powerOff()
    bench.run(70 * second)
    bench.machine.powerOn()
    bench.kubelet.start()
    bench.run(100 * second)
    const status = bench.pod('a')!.status.containerStatuses![0]!
    expect(status.containerID).not.toBe(id)
    expect(status.restartCount).toBe(1)
    expect(bench.events).toContain('a SandboxChanged: Pod sandbox changed, it will be killed and re-created.')
    expect(bench.phase('a')).toBe('Running')
  })

  it('survives a crash at every event of a pod that starts', () => {
    for (let events = 1; events < 60; events += 1) {
      const bench = createBench()
      bench.kubelet.start()
      bench.api.put(
        'pods',
        podNamed('a', { spec: { initContainers: [{ name: 'i', image: 'web:v1', restartPolicy: 'Always' }] } }),
      )
      for (let n = 0; n < events; n += 1) bench.kernel.step(10 * minute)
      bench.kubelet.stop('crash')
      bench.run(bench.kernel.now + second)
      bench.kubelet.start()
      bench.run(bench.kernel.now + minute)
      expect([events, bench.phase('a'), ready(bench, 'a')]).toEqual([events, 'Running', 'True'])
    }
  })

  it('backs off from a container that ends again and again', () => {
    const runs = [{ exitCode: 1, reason: 'crash', after: { base: second, spread: 0 }, times: 1 }] as const
    const spec = { target: { kind: 'image', glob: '*' }, runs } as unknown as BehaviorSpec
    const whole = {
      pull: undefined,
      start: undefined,
      ready: undefined,
      live: undefined,
      started: undefined,
      memory: [],
      cpu: [],
      writes: undefined,
      stop: undefined,
      ignoresSigterm: false,
      span: { file: '', start: 0, end: 0 },
    }
    const bench = started([{ ...whole, ...spec }])
    bench.api.put('pods', podNamed('a'))
    bench.run(2 * minute)
    const backoffs = bench.events.filter((event) =>
      event.startsWith('a/app BackOff: Back-off restarting failed container app in pod a_default(a-uid)'),
    )
    expect(backoffs.length).toBeGreaterThanOrEqual(2)
    expect(bench.pod('a')!.status.containerStatuses![0]!.restartCount).toBeLessThanOrEqual(4)
    expect(bench.kernel.settled).toBe(false)
  })

  it.each([
    ['too much', { container: { resources: { requests: { cpu: '5' } } } }, 'OutOfcpu'],
    ['another node', { spec: { nodeSelector: { zone: 'b' } } }, 'NodeAffinity'],
    ['another system', { spec: { os: { name: 'windows' } } }, 'PodOSNotSupported'],
  ])('refuses a pod that wants %s', (_what, said, reason) => {
    const bench = started()
    // A kubelet that has not cleaned up once does not yet know that a pod can have no containers.
    bench.run(5 * second)
    bench.api.put('pods', podNamed('a', said))
    bench.run(6 * second)
    expect(bench.pod('a')?.status.reason).toBe(reason)
    expect(bench.phase('a')).toBe('Failed')
    expect(bench.runtime.pods()).toEqual([])
  })

  it('stops what nobody wants any more', () => {
    const bench = started()
    bench.api.put('pods', podNamed('a'))
    bench.run(3 * second)
    bench.kubelet.stop('crash')
    bench.api.remove('pods', 'default', 'a')
    bench.run(10 * second)
    expect(bench.runtime.podContainers('a-uid')[0]?.state).toBe('running')
    bench.kubelet.start()
    bench.run(20 * second)
    expect(bench.runtime.podContainers('a-uid').some((container) => container.state === 'running')).toBe(false)
  })
})

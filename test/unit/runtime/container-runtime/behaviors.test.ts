import { describe, expect, it } from 'vitest'
import type { BehaviorSpec, RunEnd } from '../../../../dsl/plan/behavior-spec.ts'
import { createBehaviors } from '../../../../runtime/container-runtime/behaviors.ts'
import { chooseBehavior, globMatches } from '../../../../runtime/container-runtime/choose-behavior.ts'
import type { ContainerConfig, PodIdentity } from '../../../../runtime/container-runtime/cri.ts'
import { probeAnswer } from '../../../../runtime/container-runtime/probe-answer.ts'
import { firstAbove, usageAt } from '../../../../runtime/container-runtime/usage-curve.ts'
import { createKernel } from '../../../../runtime/kernel/kernel.ts'
import { second } from '../../../../runtime/kernel/micros.ts'
import { nodeSpec } from '../kubelet/bench.ts'

const at = (base: number): { base: number; spread: number } => ({ base, spread: 0 })
const behavior = (said: Partial<BehaviorSpec> & Pick<BehaviorSpec, 'target'>): BehaviorSpec => ({
  span: { file: 'x', start: 0, end: 0 },
  pull: undefined,
  start: undefined,
  ready: undefined,
  live: undefined,
  started: undefined,
  runs: [],
  memory: [],
  cpu: [],
  writes: undefined,
  stop: undefined,
  ignoresSigterm: false,
  ...said,
})
const image = (glob: string, said: Partial<BehaviorSpec> = {}): BehaviorSpec =>
  behavior({ target: { kind: 'image', glob }, ...said })
const pod = (
  name: string,
  labels: Record<string, string> = {},
  annotations: Record<string, string> = {},
): PodIdentity => ({
  uid: `${name}-uid`,
  name,
  namespace: 'default',
  labels,
  annotations,
})
const config = (identity: PodIdentity, more: Partial<ContainerConfig> = {}): ContainerConfig => ({
  pod: identity,
  name: 'app',
  attempt: 0,
  image: 'web:v1',
  imageId: 'id',
  hash: '',
  oomScoreAdj: 0,
  linux: { cpuShares: 2, cpuQuota: 0, cpuPeriod: 100000, memoryLimitInBytes: 0 },
  sizes: { cpuRequest: 0, cpuLimit: 0, memoryRequest: 0, memoryLimit: 0 },
  ...more,
})
const exit = (exitCode: number, times = 1): RunEnd => ({ exitCode, reason: 'exit', after: at(second), times })

describe('choice of a behaviour', () => {
  it.each([
    ['web:*', 'web:v1', true],
    ['*', '', true],
    ['w?b', 'web', true],
    ['*:v2', 'web:v1', false],
    ['a*b*c', 'axxbyyc', true],
    ['a*b*c', 'axxbyy', false],
  ])('%s against %s', (glob, text, expected) => expect(globMatches(glob, text)).toBe(expected))

  it('takes the most specific target, then the last declared', () => {
    const subject = { image: 'web:v1', pod: pod('db-0'), container: 'app' }
    const target = (container: string | undefined, name = 'db-0'): BehaviorSpec =>
      behavior({ target: { kind: 'pod', namespace: undefined, pod: name, container } })
    const specs = [target('app'), target(undefined), image('web:v1'), image('*'), target('app', 'db-*')]
    const choose = (list: readonly BehaviorSpec[]): BehaviorSpec | undefined =>
      chooseBehavior(list, subject, () => true)
    expect(choose(specs)).toBe(specs[0])
    expect(choose(specs.slice(1, 4))).toBe(specs[1])
    expect(choose(specs.slice(2, 4))).toBe(specs[2])
    const twice = [image('web:*'), image('web:*')]
    expect(choose(twice)).toBe(twice[1])
    expect(choose([image('db:*')])).toBeUndefined()
  })
})

describe('behaviours', () => {
  it('count the runs of a container, and the last line repeats', () => {
    const runtime = createBehaviors(createKernel({ seed: '1' }), [image('*', { runs: [exit(1, 2), exit(0)] })]).on(
      nodeSpec({}),
    )
    const codes = [0, 1, 2, 3].map(() => runtime.run(config(pod('a'))).exit?.exitCode)
    expect(codes).toEqual([1, 1, 0, 0])
    expect(runtime.run(config(pod('b'))).exit?.exitCode).toBe(1)
  })

  it('let the next pod of a completion index go on', () => {
    const runtime = createBehaviors(createKernel({ seed: '1' }), [image('*', { runs: [exit(1), exit(0)] })]).on(
      nodeSpec({}),
    )
    const of = (name: string, index: string): PodIdentity =>
      pod(name, { 'batch.kubernetes.io/controller-uid': 'job' }, { 'batch.kubernetes.io/job-completion-index': index })
    expect(runtime.run(config(of('j-0-a', '0'))).exit?.exitCode).toBe(1)
    expect(runtime.run(config(of('j-1-a', '1'))).exit?.exitCode).toBe(1)
    expect(runtime.run(config(of('j-0-b', '0'))).exit?.exitCode).toBe(0)
  })

  it('fail pulls as often as told, then pull', () => {
    const spec = image('*', { pull: { kind: 'fails', times: 2, then: at(3 * second) } })
    const runtime = createBehaviors(createKernel({ seed: '1' }), [spec]).on(nodeSpec({}))
    const pulls = [1, 2, 3].map(() => runtime.pull('web:v1', pod('a')))
    expect(pulls.map((pull) => pull.error?.code)).toEqual(['NotFound', 'NotFound', undefined])
    expect(pulls[2]!.takes).toBe(3 * second)
  })

  it('turn a size into time, and kill at the memory limit', () => {
    const spec = image('*', {
      pull: { kind: 'size', bytes: 250 },
      memory: [{ from: 0, to: 100, over: at(10 * second) }],
    })
    const runtime = createBehaviors(createKernel({ seed: '1' }), [spec]).on(nodeSpec({ bandwidth: 100 }))
    expect(runtime.pull('web:v1', pod('a')).takes).toBe(2.5 * second)
    const limited = config(pod('a'), {
      linux: { cpuShares: 2, cpuQuota: 0, cpuPeriod: 100000, memoryLimitInBytes: 50 },
    })
    expect(runtime.run(limited).exit).toEqual({ after: 5 * second, exitCode: 137, reason: 'OOMKilled' })
    expect(runtime.run(config(pod('a'))).exit).toBeUndefined()
  })

  it('draw spreads from the seed', () => {
    const spec = image('*', { start: { base: second, spread: 200_000 } })
    const drawn = (seed: string): number =>
      createBehaviors(createKernel({ seed }), [spec])
        .on(nodeSpec({}))
        .run(config(pod('a'))).start.takes
    expect(drawn('1')).toBe(drawn('1'))
    expect(Math.abs(drawn('2') - second)).toBeLessThanOrEqual(200_000)
  })
})

describe('curves and probes', () => {
  it('follows segments and keeps the last value', () => {
    const segments = [
      { from: 10, to: 10, over: at(second) },
      { from: 10, to: 30, over: at(2 * second) },
    ]
    expect([0, second, 2 * second, 9 * second].map((time) => usageAt(segments, time))).toEqual([10, 10, 20, 30])
    expect(firstAbove(segments, 20)).toBe(2 * second)
    expect(firstAbove(segments, 30)).toBeUndefined()
    expect(usageAt([], second)).toBe(0)
  })

  it('knows until when its answer holds', () => {
    const script = { after: 5, outages: [{ after: 10, lasts: 3 }] }
    expect(probeAnswer(script, 0)).toEqual({ holds: false, until: 5 })
    expect(probeAnswer(script, 5)).toEqual({ holds: true, until: 10 })
    expect(probeAnswer(script, 12)).toEqual({ holds: false, until: 13 })
    expect(probeAnswer(script, 13)).toEqual({ holds: true, until: Number.POSITIVE_INFINITY })
    expect(probeAnswer({ after: undefined, outages: [] }, 99).holds).toBe(false)
  })
})

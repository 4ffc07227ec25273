import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UsageSegment } from '../../../../dsl/plan/behavior-spec.ts'
import { cpuWeight } from '../../../../runtime/container-runtime/cpu-weight.ts'
import { createCpuQuota } from '../../../../runtime/container-runtime/cpu-quota.ts'
import type { LinuxResources, RuntimeContainer } from '../../../../runtime/container-runtime/cri.ts'
import { liveContainer } from '../../../../runtime/container-runtime/live-container.ts'
import { cgroupFiles, runcRecord } from '../../../../runtime/container-runtime/runc-record.ts'
import { createKernel } from '../../../../runtime/kernel/kernel.ts'
import { capped, spellsAbove, usageAt, usageUpTo } from '../../../../runtime/container-runtime/usage-curve.ts'

describe('the weight of CPU shares', () => {
  it('is what the library of this machine makes of the same formula', () => {
    for (let shares = 3; shares < 262_144; shares += 7) {
      const log = Math.log2(shares)
      expect(cpuWeight(shares)).toBe(Math.ceil(Math.pow(10, (log * log + 125 * log) / 612 - 7 / 34)))
    }
  })
  it.each([
    [0, 0],
    [2, 1],
    [102, 17],
    [1024, 100],
    [262_144, 10_000],
  ])('of %i is %i', (shares, weight) => expect(cpuWeight(shares)).toBe(weight))
})

describe('a cgroup', () => {
  const linux = { cpuShares: 512, cpuQuota: 50_000, cpuPeriod: 100_000, memoryLimitInBytes: 1024 }
  const container = (
    qos: 'Guaranteed' | 'Burstable' | 'BestEffort' | undefined,
    oomScoreAdj: number,
  ): RuntimeContainer =>
    ({
      id: 'abc',
      linux,
      config: { name: 'app', qos, oomScoreAdj, pod: { uid: 'a-b' } },
    }) as unknown as RuntimeContainer
  const path = (qos: 'Guaranteed' | 'Burstable' | 'BestEffort' | undefined, oomScoreAdj = 0): string =>
    runcRecord(container(qos, oomScoreAdj), (id) => `crio-${id}.scope`).cgroup

  it('has its files', () => {
    expect(cgroupFiles(linux)).toEqual({ 'cpu.weight': '59', 'cpu.max': '50000 100000', 'memory.max': '1024' })
    expect(cgroupFiles({ ...linux, cpuQuota: 0, memoryLimitInBytes: 0 })).toMatchObject({
      'cpu.max': 'max 100000',
      'memory.max': 'max',
    })
  })

  it('stands in the slice of its class', () => {
    expect(path('Guaranteed')).toBe('/kubepods.slice/kubepods-poda_b.slice/crio-abc.scope')
    expect(path('Burstable', -997)).toBe(
      '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-poda_b.slice/crio-abc.scope',
    )
    expect(path('BestEffort')).toContain('/kubepods-besteffort.slice/kubepods-besteffort-poda_b.slice/')
    expect([path(undefined, -997), path(undefined, 1000)]).toEqual([path('Guaranteed'), path('BestEffort')])
  })
})

const amount = fc.nat(30)
const curve: fc.Arbitrary<readonly UsageSegment[]> = fc
  .array(fc.record({ from: amount, to: amount, over: fc.integer({ min: 1, max: 40 }), ramp: fc.boolean() }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((list) =>
    list.map(({ from, to, over, ramp }) => ({ from, to: ramp ? to : from, over: { base: over, spread: 0 } })),
  )

describe('a curve under a quota', () => {
  it('is the curve, cut off', () => {
    fc.assert(
      fc.property(curve, amount, fc.nat(220), (segments, cap, time) => {
        const given = usageAt(capped(segments, cap), time)
        const wanted = Math.min(usageAt(segments, time), cap)
        // Ramps are drawn in whole amounts: where one is cut into two it may be off by one step of it.
        const steepest = Math.max(...segments.map((one) => Math.abs(one.to - one.from) / one.over!.base))
        expect(given).toBeLessThanOrEqual(cap)
        expect(Math.abs(given - wanted)).toBeLessThanOrEqual(1 + Math.ceil(steepest))
        expect(usageUpTo(capped(segments, cap), time)).toBeLessThanOrEqual(cap * time)
      }),
      { numRuns: 300 },
    )
  })

  it('is above it in its spells and nowhere else', () => {
    fc.assert(
      fc.property(curve, amount, (segments, cap) => {
        const spells = spellsAbove(segments, cap)
        spells.forEach(({ from, to }, index) => {
          expect(from).toBeLessThan(to)
          if (index > 0) expect(from).toBeGreaterThan(spells[index - 1]!.to)
        })
        const inside = (time: number): boolean => spells.some((one) => time >= one.from && time < one.to)
        for (let time = 0; time < 220; time += 1) {
          const usage = usageAt(segments, time)
          if (usage > cap) expect(inside(time)).toBe(true)
          if (usage < cap) expect(inside(time)).toBe(false)
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('a quota', () => {
  const at = (base: number): { base: number; spread: number } => ({ base, spread: 0 })
  const segments: readonly UsageSegment[] = [
    { from: 100, to: 100, over: at(10) },
    { from: 800, to: 800, over: at(10) },
    { from: 100, to: 100, over: undefined },
  ]
  const limited = (milli: number): LinuxResources => ({
    cpuShares: 2,
    cpuQuota: milli * 100,
    cpuPeriod: 100_000,
    memoryLimitInBytes: 0,
  })
  const bench = (milli: number) => {
    const kernel = createKernel({ seed: '1' })
    const told: string[] = []
    const quota = createCpuQuota(
      kernel,
      kernel.actor('runtime'),
      (_, action) => void told.push(`${kernel.now} ${action}`),
    )
    const run = {
      cpuTime: (uptime: number, cap: number) => usageUpTo(capped(segments, cap), uptime),
      cpuAbove: (cap: number) => spellsAbove(segments, cap),
    }
    const config = { name: 'app', linux: limited(milli), pod: { name: 'a' } }
    const container = liveContainer({ id: 'x', sandbox: 's', createdAt: 0, sequence: 1, config, run } as never)
    container.state = 'running'
    container.startedAt = 0
    quota.begin(container)
    const until = (time: number): void => {
      while (kernel.step(time)) continue
      kernel.idleUntil(time)
    }
    return { told, quota, container, until }
  }

  it('throttles while more is wanted, and gives no more than it has', () => {
    const { told, quota, container, until } = bench(500)
    until(15)
    expect(quota.time(container)).toBe(100 * 10 + 500 * 5)
    until(30)
    expect(told).toEqual(['10 throttle', '20 unthrottle'])
    expect(quota.time(container)).toBe(100 * 10 + 500 * 10 + 100 * 10)
  })

  it('counts what was used under the old one when it changes', () => {
    const { told, quota, container, until } = bench(500)
    until(15)
    quota.change(container)
    container.linux = limited(1000)
    quota.begin(container)
    until(20)
    expect(quota.time(container)).toBe(100 * 10 + 500 * 5 + 800 * 5)
    expect(told).toEqual(['10 throttle', '15 unthrottle'])
  })

  it('ends with the container', () => {
    const { told, quota, container, until } = bench(500)
    until(15)
    quota.end(container)
    until(30)
    expect(told).toEqual(['10 throttle'])
  })

  it('that is none throttles nothing', () => {
    const { told, quota, container, until } = bench(0)
    until(30)
    expect(told).toEqual([])
    expect(quota.time(container)).toBe(100 * 10 + 800 * 10 + 100 * 10)
  })
})

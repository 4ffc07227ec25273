import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UsageSegment } from '../../../../dsl/plan/behavior-spec.ts'
import { usageAt, usageUpTo } from '../../../../runtime/container-runtime/usage-curve.ts'
import { curveAt, integral, type Curve } from '../../../../runtime/metrics/curve.ts'

const curves = fc.record({
  from: fc.nat(10_000),
  to: fc.nat(10_000),
  began: fc.integer({ min: 0, max: 1000 }),
  over: fc.integer({ min: 0, max: 1000 }),
})

/** Adds up instant by instant. */
const naive = (curve: Curve, shares: number, cap: number, [start, end]: readonly [number, number]): number => {
  let sum = 0
  for (let at = start; at < end; at += 1) {
    const value = (instant: number): number => Math.min(cap, curveAt(curve, instant) / shares)
    sum += (value(at) + value(at + 1)) / 2
  }
  return sum
}

describe('demand over time', () => {
  it.each([
    [0, 100],
    [50, 100],
    [60, 200],
    [70, 300],
    [500, 300],
  ])('at %d a ramp from 100 to 300 is at %d', (at, expected) => {
    expect(curveAt({ from: 100, to: 300, began: 50, over: 20 }, at)).toBe(expected)
  })

  it('adds up as an addition instant by instant does, but for the instants in which it bends', () => {
    fc.assert(
      fc.property(
        curves,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.tuple(fc.integer({ min: 0, max: 1500 }), fc.integer({ min: 0, max: 1500 })),
        (curve, shares, cap, [start, length]) => {
          const span = [start, start + length] as const
          const step = curve.over === 0 ? 0 : Math.abs(curve.to - curve.from) / curve.over
          const difference = integral(curve, { shares, cap }, ...span) - naive(curve, shares, cap, span)
          expect(Math.abs(difference)).toBeLessThanOrEqual(1 + 3 * step)
        },
      ),
    )
  })

  it('nothing is lost where a stretch is cut in two', () => {
    fc.assert(
      fc.property(curves, fc.nat(1000), fc.nat(1000), fc.nat(1000), (curve, a, b, c) => {
        const [start, middle, end] = [a, b, c].sort((x, y) => x - y) as [number, number, number]
        const one = { shares: 3, cap: 2000 }
        const parts = integral(curve, one, start, middle) + integral(curve, one, middle, end)
        expect(Math.abs(parts - integral(curve, one, start, end))).toBeLessThanOrEqual(2)
      }),
    )
  })
})

describe('what a behaviour has used up', () => {
  const segment = fc.record({
    from: fc.nat(1000),
    to: fc.nat(1000),
    over: fc.integer({ min: 1, max: 400 }).map((base) => ({ base, spread: 0 })),
  })

  it('agrees with an addition instant by instant', () => {
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 4 }), fc.nat(1500), (segments: readonly UsageSegment[], uptime) => {
        let sum = 0
        for (let at = 0; at < uptime; at += 1) sum += usageAt(segments, at)
        const most = Math.max(0, ...segments.map((one) => Math.max(one.from, one.to)))
        // Each stretch is rounded to whole units.
        expect(Math.abs(usageUpTo(segments, uptime) - sum)).toBeLessThanOrEqual(uptime + (segments.length + 1) * most)
      }),
    )
  })

  it('a constant is exact', () => {
    expect(usageUpTo([{ from: 300, to: 300, over: undefined }], 1_000_000)).toBe(300_000_000)
    expect(usageUpTo([], 1_000_000)).toBe(0)
    const steps: readonly UsageSegment[] = [
      { from: 100, to: 100, over: { base: 10, spread: 0 } },
      { from: 800, to: 800, over: undefined },
    ]
    expect(usageUpTo(steps, 15)).toBe(1000 + 4000)
  })
})

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lower, minimize } from '../../../../runtime/explore/minimize.ts'

describe('minimize', () => {
  test('keeps exactly what is needed, in its order', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer(), { maxLength: 30 }),
        fc.array(fc.nat(29), { maxLength: 4 }),
        (items, picks) => {
          const needed = new Set(picks.map((pick) => items[pick]).filter((one) => one !== undefined))
          const kept = minimize(items, (some) => [...needed].every((one) => some.includes(one)))
          expect(kept).toEqual(items.filter((one) => needed.has(one)))
        },
      ),
    )
  })

  test('no item can go without losing the failure', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 1, maxLength: 20 }), fc.nat(30), (items, least) => {
        const sum = (some: readonly number[]): number => some.reduce((total, one) => total + one, 0)
        fc.pre(sum(items) >= least && least > 0)
        const kept = minimize(items, (some) => sum(some) >= least)
        expect(sum(kept)).toBeGreaterThanOrEqual(least)
        for (const [index, one] of kept.entries())
          if (one > 0) expect(sum(kept.filter((_, at) => at !== index))).toBeLessThan(least)
      }),
    )
  })
})

test('lower finds the least number that fails, where everything above it fails', () => {
  fc.assert(
    fc.property(fc.nat(50), fc.nat(50), fc.nat(50), (a, b, c) => {
      const [low, least, high] = [a, b, c].sort((x, y) => x - y) as [number, number, number]
      expect(lower(low, high, (value) => value >= least)).toBe(
        least === low && low < high ? low : low < high ? least : high,
      )
    }),
  )
})

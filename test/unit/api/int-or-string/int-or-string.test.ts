import fc from 'fast-check'
import { expect, it } from 'vitest'
import { scaledIntOrPercent, scaledOrZero } from '../../../../api/int-or-string/int-or-string.ts'

it('percentages round up or down around the exact share', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(10_000), (percent, total) => {
      const up = scaledOrZero(`${percent}%`, total, true)
      const down = scaledOrZero(`${percent}%`, total, false)
      expect(up - down).toBe((percent * total) % 100 === 0 ? 0 : 1)
      expect(down).toBe(Math.floor((percent * total) / 100))
    }),
  )
})

it.each(['', '5', 'x%', '1.5%'])('%j is no percentage', (text) => {
  expect(scaledIntOrPercent(text, 10, true)).toHaveProperty('error')
  expect(scaledOrZero(text, 10, true)).toBe(0)
})

it('numbers are taken as they are', () => {
  expect(scaledIntOrPercent(-3, 10, true)).toEqual({ value: -3 })
  expect(scaledOrZero(undefined, 10, true)).toBe(0)
})

import { expect, it } from 'vitest'
import { naturalLogarithm } from '../../../../../runtime/scheduler/plugins/natural-logarithm.ts'

it('is the natural logarithm to the last digits', () => {
  for (let n = 1; n <= 6000; n += 1)
    expect(Math.abs(naturalLogarithm(n) - Math.log(n))).toBeLessThan(2e-15 * Math.max(1, Math.log(n)))
})

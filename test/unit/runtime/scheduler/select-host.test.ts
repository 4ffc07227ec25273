import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { selectHost } from '../../../../runtime/scheduler/select-host.ts'

describe('which of equally good nodes is taken', () => {
  it.each([
    [[7, 7, 7, 7], 0],
    [[1, 2, 2], 1],
    [[1, 0, 2, 2], 3],
    [[1, 1, 2, 2], 3],
    [[1, 2, 2, 2, 2], 1],
    [[5], 0],
  ])('%j → %i, as Go’s container/heap leaves it', (scores, index) => {
    expect(selectHost(Float64Array.from(scores))).toBe(index)
  })

  it('is always one of the best', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 40 }), (scores) => {
        expect(scores[selectHost(Float64Array.from(scores))]).toBe(Math.max(...scores))
      }),
    )
  })
})

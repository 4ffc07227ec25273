import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { microTimestamp, parseTimestamp, timestamp } from '../../../../runtime/client/timestamp.ts'

describe('timestamps', () => {
  it('are those of the calendar, in whole seconds', () => {
    const wall = fc.integer({ min: 0, max: 4_000_000_000_000 })
    fc.assert(
      fc.property(wall, (ms) => {
        const text = `${new Date(ms).toISOString().slice(0, 19)}Z`
        expect(timestamp(ms * 1000)).toBe(text)
        expect(parseTimestamp(text)).toBe(Math.floor(ms / 1000) * 1_000_000)
      }),
    )
  })

  it('keep microseconds where they are asked for', () => {
    expect(microTimestamp(1_735_689_600_000_042)).toBe('2025-01-01T00:00:00.000042Z')
    expect(parseTimestamp('2025-01-01T00:00:00.000042Z')).toBe(1_735_689_600_000_042)
    expect(parseTimestamp('yesterday')).toBeUndefined()
    expect(parseTimestamp(undefined)).toBeUndefined()
  })
})

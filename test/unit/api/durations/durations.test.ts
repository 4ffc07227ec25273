import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createBackoff } from '../../../../api/durations/backoff.ts'
import { goDurationText, parseGoDuration } from '../../../../api/durations/go-duration.ts'
import { humanDuration } from '../../../../api/durations/human-duration.ts'

it('durations are read back from their text', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(1n << 62n), max: 1n << 62n }), (nanos) => {
      expect(parseGoDuration(goDurationText(nanos))).toEqual({ nanos })
    }),
  )
})

it.each(['', 's', '1', '1d', '.s', '3000000h', '1 s', '1constructor'])('%j is no duration', (text) => {
  expect(parseGoDuration(text)).toHaveProperty('error')
})

it('humanDuration never shrinks to nothing', () => {
  fc.assert(
    fc.property(fc.nat(), (ms) => {
      expect(humanDuration(ms)).toMatch(/^\d+(s|m|h|d|y)(\d+[smhd])?$/)
    }),
  )
})

it('a back-off doubles to its maximum, expires, resets and is collected', () => {
  const backoff = createBackoff(10, 35)
  const delays = [0, 1, 2, 3].map((now) => {
    backoff.next('x', now, now)
    return backoff.get('x')
  })
  expect(delays).toEqual([10, 20, 35, 35])
  expect(backoff.isInBackOffSinceUpdate('x', 37)).toBe(true)
  expect(backoff.isInBackOffSinceUpdate('x', 38)).toBe(false)
  expect(backoff.isInBackOffSince('y', 0, 0)).toBe(false)
  backoff.gc(73)
  expect(backoff.get('x')).toBe(35)
  backoff.gc(74)
  expect(backoff.get('x')).toBe(0)
  backoff.next('x', 200, 200)
  backoff.reset('x')
  expect(backoff.get('x')).toBe(0)
})

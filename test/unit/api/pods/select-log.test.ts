import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { selectLog } from '../../../../api/pods/select-log.ts'

const all = { tailLines: undefined, limitBytes: undefined, since: undefined, timestamps: false }
const bytes = (text: string): number => new TextEncoder().encode(text).length

describe('what of a log is shown', () => {
  it('is the end of it, from a moment on, up to so many whole characters', () => {
    const line = fc.record({ at: fc.integer({ min: 0, max: 9 }), text: fc.string({ unit: 'binary', maxLength: 4 }) })
    const some = fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined })
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 8 }).map((lines) => lines.sort((a, b) => a.at - b.at)),
        fc.record({ tailLines: some, limitBytes: some, since: some, timestamps: fc.boolean() }),
        (lines, options) => {
          const shown = selectLog(lines, options, (at) => `t${at}`)
          const kept = lines
            .filter((_, index) => options.tailLines === undefined || index >= lines.length - options.tailLines)
            .filter(({ at }) => options.since === undefined || at >= options.since)
          const whole = kept.map(({ at, text }) => (options.timestamps ? `t${at} ${text}\n` : `${text}\n`)).join('')
          expect(whole.startsWith(shown)).toBe(true)
          if (options.limitBytes === undefined) expect(shown).toBe(whole)
          else {
            expect(bytes(shown)).toBeLessThanOrEqual(options.limitBytes)
            const next = [...whole.slice(shown.length)][0]
            if (next !== undefined) expect(bytes(shown + next)).toBeGreaterThan(options.limitBytes)
          }
        },
      ),
    )
  })

  it('is everything if nothing is said', () => {
    expect(
      selectLog(
        [
          { at: 1, text: 'a' },
          { at: 2, text: 'ü' },
        ],
        all,
        String,
      ),
    ).toBe('a\nü\n')
    expect(selectLog([], all, String)).toBe('')
  })
})

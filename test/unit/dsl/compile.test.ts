import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileText } from './support/compile-text.ts'
import { examples } from './support/examples.ts'

const library = { 'lib/base.kscn': examples[0]?.text ?? '' }

describe('compile', () => {
  test.each(examples.slice(1))(
    '$name: only what is not built yet, and files that are not there, are refused',
    ({ text }) => {
      const codes = new Set(compileText(text, library).diagnostics.map((one) => one.code))
      expect([...codes].filter((one) => !/^K4/.test(one) && one !== 'K125')).toEqual([])
    },
  )

  test('there is no plan exactly if there is an error', () => {
    for (const { text } of examples) {
      const { plan, diagnostics } = compileText(text, library)
      expect(plan === undefined).toBe(diagnostics.some((one) => one.severity === 'error'))
    }
  })

  test('the same text gives the same plan', () => {
    for (const { text } of examples) expect(compileText(text, library)).toEqual(compileText(text, library))
  })

  const swap = fc.record({
    at: fc.nat(),
    drop: fc.nat(12),
    put: fc.oneof(
      fc.constantFrom('', '}', '{', '```', '"', '${x}', ' is ', 'pod/', '5m', '[a]', '@*', '\n', '- ', ': '),
      fc.string({ maxLength: 4 }),
    ),
  })
  test('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.constantFrom(...examples), fc.array(swap, { minLength: 1, maxLength: 4 }), ({ text }, edits) => {
        let changed = text
        for (const { at, drop, put } of edits) {
          const from = at % (changed.length + 1)
          changed = changed.slice(0, from) + put + changed.slice(from + drop)
        }
        const { plan, diagnostics, sources } = compileText(changed, library)
        expect(plan === undefined).toBe(diagnostics.some((one) => one.severity === 'error'))
        for (const one of diagnostics) {
          const length = sources.get(one.span.file)?.text.length ?? 0
          expect(one.span.start).toBeGreaterThanOrEqual(0)
          expect(one.span.end).toBeGreaterThanOrEqual(one.span.start)
          expect(one.span.end).toBeLessThanOrEqual(length)
        }
      }),
      { numRuns: 400 },
    )
  })
})

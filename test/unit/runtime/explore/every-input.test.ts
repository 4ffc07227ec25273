import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { everyInput } from '../../../../runtime/explore/every-input.ts'
import { exampleText } from '../../../../runtime/explore/input-text.ts'
import { compileText } from '../../dsl/support/compile-text.ts'

const all = (...inputs: readonly string[]): readonly string[] => {
  const { plan, diagnostics } = compileText(
    `property "p" {\n${inputs.map((one) => `  forall ${one}\n`).join('')}  cluster { pool workers 1 { cpu 1 } }\n  settle\n}\n`,
  )
  if (plan === undefined) throw new Error(diagnostics.map((one) => one.message).join('\n'))
  const every = everyInput(plan.scenarios[0]!.property!)
  return Array.from({ length: every.size }, (_, index) => exampleText(every.at(index)).slice('example { '.length, -2))
}

describe('every input', () => {
  test.each([
    [['x in 1..3'], ['x = 1', 'x = 2', 'x = 3']],
    [['x in 1s..9s'], ['x = 1s', 'x = 9s']],
    [['x in quantity(100m..2)'], ['x = 100m', 'x = 2']],
    [['x in one-of(true, false)'], ['x = true', 'x = false']],
    [['x in subset(1, 2)'], ['x = []', 'x = [1]', 'x = [2]', 'x = [1, 2]']],
    [
      ['x in list(1..2, max: 2)'],
      ['x = []', 'x = [1]', 'x = [2]', 'x = [1, 1]', 'x = [2, 1]', 'x = [1, 2]', 'x = [2, 2]'],
    ],
    [
      ['x in 0..1', 'y in one-of("a", "b")'],
      ['x = 0, y = "a"', 'x = 1, y = "a"', 'x = 0, y = "b"', 'x = 1, y = "b"'],
    ],
    [
      ['x in plan(max: 1) { scale deployment/a to 1..2\n wait 1s }'],
      ['x = []', 'x = ["scale deployment/a to 1"]', 'x = ["scale deployment/a to 2"]', 'x = ["wait 1s"]'],
    ],
    [
      ['x in plan(max: 1, over: 10s) { wait 1s }'],
      ['x = []', 'x = ["at 0s wait 1s"]', 'x = ["at 5s wait 1s"]', 'x = ["at 10s wait 1s"]'],
    ],
  ])('%j', (inputs, expected) => {
    expect(all(...inputs)).toEqual(expected)
  })

  test('none twice, and as many as the factors say', () => {
    fc.assert(
      fc.property(fc.nat(3), fc.nat(2), fc.nat(3), (top, length, most) => {
        const found = all(`a in 0..${top}`, `b in list(0..${most}, max: ${length + 1})`)
        const lists = Array.from({ length: length + 2 }, (_, size) => (most + 1) ** size).reduce((a, b) => a + b)
        expect(new Set(found).size).toBe((top + 1) * lists)
        expect(found.length).toBe((top + 1) * lists)
      }),
      { numRuns: 30 },
    )
  })
})

import { globSync } from 'tinyglobby'
import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createSourceHost } from '../../../../cli/source-host.ts'
import { compile } from '../../../../dsl/compile.ts'
import type { SourceHost } from '../../../../dsl/source/source-file.ts'
import { parseFile } from '../../../../dsl/syntax/parse.ts'
import { canonicalDuration } from '../../../../dsl/format/canonical.ts'
import { canonicalKind } from '../../../../dsl/names/canonical-kind.ts'
import type { Cases, Fence, Measure, Noun, Step, StepClause } from '../../../../dsl/syntax/ast.ts'
import { blockText } from '../../../../dsl/yaml/block-text.ts'
import { format } from '../../../../dsl/format/format.ts'
import { examples } from '../support/examples.ts'

const scenarios = globSync('scenarios/**/*.kscn')
  .sort()
  .map((name) => ({ name, text: readFileSync(name, 'utf8') }))
const all = [...examples, ...scenarios]

/** A syntax tree without places, comments and the spellings that the formatter may change. */
const shape = (text: string): unknown => {
  const source = { path: 'a', text }
  return JSON.parse(
    JSON.stringify(parseFile(source).file, (key, value: unknown) => {
      if (/span$/i.test(key)) return undefined
      if (typeof value !== 'object' || value === null || !('type' in value)) return value
      if (value.type === 'fence') {
        const block = blockText({ ...(value as Fence), info: 'yaml raw' }, source)
        return { info: (value as Fence).info, text: block.text.trimEnd() }
      }
      if (value.type === 'noun') {
        const noun = value as Noun
        const kind = canonicalKind(noun)
        return { ...noun, type: 'NOUN', kind, text: kind + noun.text.slice(noun.kind.length) }
      }
      if (value.type === 'measure') return { duration: canonicalDuration((value as Measure).text) }
      if (value.type === 'step') {
        const { clauses } = value as Step
        const last = (clause: StepClause): number => Number(clause.kind === 'overlay')
        return { ...value, type: 'STEP', clauses: [...clauses].sort((a, b) => last(a) - last(b)) }
      }
      if (value.type === 'cases')
        return { cells: (value as Cases).rows.map((row) => row.map((cell) => cell.text.trim())) }
      return value
    }),
  )
}
const commentsOf = (text: string): readonly string[] =>
  parseFile({ path: 'a', text })
    .comments.map(({ start, end }) => text.slice(start, end).trim())
    .sort()

const formatted = (text: string): string => {
  const out = format(text, 'a')
  if (out === undefined) throw new Error('does not parse')
  return out
}

describe('format', () => {
  test.each(all)('$name: nothing is lost, and a second time changes nothing', ({ text }) => {
    const out = formatted(text)
    expect(formatted(out)).toBe(out)
    expect(shape(out)).toEqual(shape(text))
    expect(commentsOf(out)).toEqual(commentsOf(text))
  })

  test('white space in any place', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...all),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom(' ', '  ', '\n', ' # c\n')), { maxLength: 4 }),
        ({ text }, edits) => {
          let edited = text
          for (const [at, put] of edits) {
            const place = edited.indexOf(' ', at % edited.length)
            if (place !== -1) edited = edited.slice(0, place) + put + edited.slice(place)
          }
          const out = format(edited, 'a')
          if (out === undefined) return
          expect(formatted(out)).toBe(out)
          expect(commentsOf(out)).toEqual(commentsOf(edited))
        },
      ),
      { numRuns: 300 },
    )
  })

  test.each([
    [
      'kinds and units',
      'scenario "a" {\n  wait 90s\n  expect po/web exists within 60s\n}\n',
      'scenario "a" {\n  wait 1m30s\n  expect pod/web exists within 1m\n}\n',
    ],
    [
      'one statement a line',
      'scenario "a" { wait 1s\nbackground { wait 2s }\nparallel { wait 2s\nwait 1s } }',
      'scenario "a" {\n  wait 1s\n  background { wait 2s }\n  parallel {\n    wait 2s\n    wait 1s\n  }\n}\n',
    ],
    [
      'settings',
      'cluster   a {\n pool w 1 {\n  cpu 0.5\n  memory 4Gi\n }\n}\n',
      'cluster a { pool w 1 { cpu 500m, memory 4Gi } }\n',
    ],
    [
      'clauses before a block',
      'scenario "a" {\n  apply ```yaml\n      a: 1\n       \n      b:\n        - c\n    ``` fails Invalid\n}\n',
      'scenario "a" {\n  apply fails Invalid ```yaml\n    a: 1\n\n    b:\n      - c\n  ```\n}\n',
    ],
    [
      'comments in a column',
      'scenario "a" { # open\n  wait 1s # one\n  wait 10s   # ten\n\n\n\n  # alone\n  wait 1s\n}\n',
      'scenario "a" { # open\n  wait 1s      # one\n  wait 10s     # ten\n\n  # alone\n  wait 1s\n}\n',
    ],
    [
      'tables',
      'scenario "a" {\n  cases\n  | a|bbb |\n  |1 |2| # two\n  wait 1s\n}\n',
      'scenario "a" {\n  cases\n    | a | bbb |\n    | 1 | 2   | # two\n  wait 1s\n}\n',
    ],
    [
      'long statements',
      `scenario "a" {\n  expect pod/web is Ready within 1m because "${'x'.repeat(90)}"\n}\n`,
      `scenario "a" {\n  expect pod/web is Ready\n    within 1m\n    because "${'x'.repeat(90)}"\n}\n`,
    ],
  ])('%s', (_, text, wanted) => {
    expect(formatted(text)).toBe(wanted)
  })

  test('a text that does not parse is left alone', () => {
    expect(format('scenario "a" {\n  wiat 5s\n}\n', 'a')).toBeUndefined()
  })

  test.each(scenarios)('$name: the plan stays the same', ({ name }) => {
    const planOf = (change: (text: string) => string): unknown => {
      const disk = createSourceHost()
      const host: SourceHost = {
        read(path, from) {
          const file = disk.read(path, from)
          return 'error' in file || !file.path.endsWith('.kscn') ? file : { ...file, text: change(file.text) }
        },
        glob: (pattern, from) => disk.glob(pattern, from),
      }
      const { plan, diagnostics } = compile([name], host)
      expect(diagnostics.filter((one) => one.severity === 'error')).toEqual([])
      return JSON.parse(
        JSON.stringify(plan, (key, value: unknown) => (key === 'span' || key === 'text' ? undefined : value)),
      )
    }
    expect(planOf(formatted)).toEqual(planOf((text) => text))
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../../../dsl/diagnostics/diagnostic.ts'
import { createReporter } from '../../../../dsl/diagnostics/report.ts'
import { parseFile } from '../../../../dsl/syntax/parse.ts'
import { statementWords } from '../../../../dsl/syntax/statement-words.ts'
import { reportSyntax } from '../../../../dsl/syntax/syntax-errors.ts'
import { compileText } from '../support/compile-text.ts'
import { examples } from '../support/examples.ts'

const mistakes = (text: string): readonly Diagnostic[] => {
  const reporter = createReporter()
  reportSyntax(parseFile({ path: 'web.kscn', text }), reporter)
  return reporter.all()
}
const codes = (text: string): readonly string[] => mistakes(text).map((one) => one.code)

/** Stretches that are no code: fences, strings and comments. */
const opaque = (text: string): readonly (readonly [number, number])[] =>
  [...text.matchAll(/(`{3,})[^\n]*\n[\s\S]*?\n[ \t]*\1|"(?:\\.|[^"\\\n])*"|\$\{[^}]*\}|#[^\n]*/g)].map(
    (one) => [one.index, one.index + one[0].length] as const,
  )
const isCode = (text: string): ((at: number) => boolean) => {
  const hidden = opaque(text)
  return (at) => !hidden.some(([from, to]) => at >= from && at < to)
}

describe('the grammar', () => {
  test.each(examples)('reads $name', ({ text }) => {
    expect(mistakes(text)).toEqual([])
  })

  test('reads CRLF line ends', () => {
    for (const { text } of examples) expect(codes(text.replaceAll('\n', '\r\n'))).toEqual([])
  })

  test('gives every node its place, and children inside of their parents', () => {
    const visit = (node: unknown, from: number, to: number): void => {
      if (typeof node !== 'object' || node === null) return
      const span = (node as { readonly span?: { readonly start: number; readonly end: number } }).span
      if (span !== undefined) {
        expect(span.start).toBeGreaterThanOrEqual(from)
        expect(span.end).toBeLessThanOrEqual(to)
      }
      for (const [key, child] of Object.entries(node))
        if (key !== 'span') visit(child, span?.start ?? from, span?.end ?? to)
    }
    for (const { name, text } of examples) visit(parseFile({ path: name, text }).file, 0, text.length)
  })

  test('keeps comments', () => {
    const { comments, source } = parseFile({
      path: 'web.kscn',
      text: '# one\nscenario "a" { # two\n  settle # three\n}\n# four',
    })
    expect(comments.map((one) => source.text.slice(one.start, one.end))).toEqual([
      '# one',
      '# two',
      '# three',
      '# four',
    ])
  })
})

describe('recovery: one mistake, one diagnostic', () => {
  test.each(examples)('any closing brace of $name is deleted', ({ text }) => {
    const code = isCode(text)
    for (let at = 0; at < text.length; at++) {
      // A path's brace belongs to an expression: what remains of the line is another matter.
      if (text[at] !== '}' || !code(at)) continue
      expect(
        codes(text.slice(0, at) + text.slice(at + 1)),
        text.slice(text.lastIndexOf('\n', at) + 1, at + 1),
      ).toHaveLength(1)
    }
  })

  test.each(examples)('the first word of any statement of $name is misspelt', ({ text }) => {
    const code = isCode(text)
    for (const found of text.matchAll(/(^[ \t]+|[{] )([a-z-]+)(?= [^\n])/gm)) {
      const word = found[2] ?? ''
      const at = found.index + (found[1] ?? '').length
      const setting =
        /^(cluster|behavior|pool|webhook)\b/.test(text.slice(text.lastIndexOf('\n', at) + 1).trimStart()) &&
        word !== 'cluster' &&
        word !== 'behavior'
      if (!code(at) || !statementWords.has(word) || setting || inSettings(text, at)) continue
      const wrong = `${word}x`
      const all = mistakes(text.slice(0, at) + wrong + text.slice(at + word.length))
      expect(
        all.map((one) => `${one.code} ${one.span.start}`),
        `${wrong} at ${at}`,
      ).toEqual([`K001 ${at}`])
    }
  })

  test('six seeded mistakes', () => {
    const text = [
      'scenario "a" {',
      '  exepct pod/web is Ready',
      '  expect pods -l app=web are Ready',
      '  settle withn 5s',
      '  wait 5s 6s',
      '  expect pod/web is Ready within',
      '  create ```yaml',
      '    apiVersion: v1',
      '}',
    ].join('\n')
    expect(codes(text)).toEqual(['K001', 'K012', 'K002', 'K002', 'K002', 'K109'])
  })

  test('an unclosed body is reported at its brace, and the next declaration is read', () => {
    const text = 'scenario "first" {\n  settle\n\nscenario "second" {\n  exepct x\n}\n'
    const all = mistakes(text)
    expect(all.map((one) => one.code)).toEqual(['K108', 'K001'])
    expect(all[0]?.span.start).toBe(17)
    expect(all[0]?.help).toBe('expected `}` before line 4, where scenario "second" starts')
  })

  test.each([
    ['expect pods -l app=web -n prod are Ready', 'pods[app=web]@prod'],
    ['delete pod web -n prod', 'pod/web@prod'],
    ['expect deployment/web -n prod is RolledOut', 'deployment/web@prod'],
    ['expect pods -A are Ready', 'pods@*'],
    ['delete pods --selector=app=web', 'pods[app=web]'],
  ])('kubectl flags: %s', (statement, form) => {
    const [only, ...more] = compileText(`scenario "a" {\n  ${statement}\n}\n`).diagnostics
    expect(more).toEqual([])
    expect(only).toMatchObject({ code: 'K012', fix: { text: form } })
  })
})

const inSettings = (text: string, at: number): boolean => {
  let depth = 0
  for (let i = at - 1; i > 0; i--) {
    if (text[i] === '}') depth += 1
    else if (text[i] === '{') {
      if (depth === 0)
        return /(cluster|behavior|pool|webhook|storageclass|apiserver)[^\n{]*$/.test(
          text.slice(text.lastIndexOf('\n', i) + 1, i),
        )
      depth -= 1
    }
  }
  return false
}

describe('any text', () => {
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    '"',
    '`',
    '```',
    '```yaml\n',
    '\n',
    '\n```\n',
    '#',
    '|',
    '@',
    '${',
    'expect ',
    'scenario "x" {\n',
    'x in ',
    'not ',
    ' and ',
    '->',
    '\t',
    '\r\n',
    '🙂',
    '\u0000',
  ]
  const edit = fc.record({
    at: fc.nat(),
    drop: fc.nat(30),
    put: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 8 })),
  })

  test('is read without throwing, and every diagnostic lies inside of it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...examples), fc.array(edit, { minLength: 1, maxLength: 6 }), ({ text }, edits) => {
        let changed = text
        for (const { at, drop, put } of edits) {
          const from = at % (changed.length + 1)
          changed = changed.slice(0, from) + put + changed.slice(from + drop)
        }
        for (const one of mistakes(changed)) {
          expect(one.span.start).toBeGreaterThanOrEqual(0)
          expect(one.span.end).toBeLessThanOrEqual(changed.length)
          expect(one.span.start).toBeLessThanOrEqual(one.span.end)
        }
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    ['open braces', '{'],
    ['open parentheses', '('],
    ['negations', 'not '],
    ['comprehensions', '[x in '],
    ['calls', 'f(x in '],
    ['fences', '```yaml\n'],
    ['unclosed scenarios', 'scenario "x" {\n'],
    ['quantifiers', 'all x in y: '],
  ])('nested deeply: %s', (_name, piece) => {
    for (const times of [30, 3000]) {
      const start = performance.now()
      mistakes(`scenario "a" {\n  expect ${piece.repeat(times)}\n}\n`)
      expect(performance.now() - start).toBeLessThan(3000)
    }
  })

  test('takes time in proportion to its length', () => {
    const body =
      '  expect deployment/web{.status.availableReplicas} >= 9 within 30s\n  delete pod/web-0 fails NotFound saying "x"\n'
    const time = (times: number): number => {
      const text = `scenario "a" {\n${body.repeat(times)}}\n`
      const start = performance.now()
      mistakes(text)
      return performance.now() - start
    }
    time(500)
    expect(time(4000)).toBeLessThan(12 * Math.max(time(1000), 5))
  })
})

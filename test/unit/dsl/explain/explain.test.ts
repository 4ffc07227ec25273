import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { globSync } from 'tinyglobby'
import { describe, expect, test } from 'vitest'
import { explainLine } from '../../../../dsl/explain/explain.ts'
import type { Explanation } from '../../../../dsl/explain/explanation.ts'
import { renderExplanation } from '../../../../dsl/explain/render.ts'
import { file } from '../../../support/syntax/arbitrary-file.ts'
import { generatedFenceText } from '../../../support/syntax/arbitrary-statement.ts'
import { printFile } from '../../../support/syntax/print-file.ts'

const explain = (statement: string): Explanation => {
  const found = explainLine({ path: 'a.kscn', text: `scenario "a" {\n  ${statement}\n}\n` }, 2)
  if (found === undefined) throw new Error(`nothing explained: ${statement}`)
  return found
}

describe('claims and monitors', () => {
  test.each([
    ['expect pod/a is Ready', 'P'],
    ['expect pod/a is Ready within 5s', 'F[0,5s] P'],
    ['expect pod/a is Ready for 5s', 'G[0,5s) P'],
    ['expect pod/a is Ready within 5s for 1m', 'F[0,5s] G[0,1m) P'],
    ['expect pod/a is Ready for 1m within 5s', 'F[0,5s] G[0,1m) P'],
    ['expect pod/a is Ready until pod/b is Ready within 5s', 'P U[0,5s] Q'],
    ['expect pod/a is Ready eventually', 'F[0,settled] P'],
    ['expect pod/a is Ready before pod/b is Ready within 5s', '(¬Q) U[0,5s] (P ∧ ¬Q)'],
    ['expect pod/a is Ready then pod/b is Ready then pod/a is gone within 5s', 'F (P ∧ F (Q ∧ F (R))), all in [0,5s]'],
    ['expect pod/a goes Pending -> ... -> Ready within 5s', '⟨Pending⁺ ; any* ; Ready⁺⟩ by t0+5s'],
    ['expect not pod/a is Ready and (pod/b is Ready or pod/a is Ready)', '(¬P ∧ (Q ∨ R))'],
    ['expect all p in pods: p is Ready within 5s', 'F[0,5s] (∀ p ∈ pods: P)'],
    ['always pod/a is Ready', 'G P'],
    ['always pod/a is Ready within 5s', 'G F[0,5s] P'],
    ['never pod/a is Ready', 'G ¬P'],
    ['never pod/a is Ready for 5s', 'G ¬G[0,5s) P'],
    ['whenever pod/a is Ready then pod/b is Ready within 5s', 'G (↑P → F[0,5s] Q)'],
    ['whenever pod/a is Ready then pod/b is Ready for 5s', 'G (↑P → G[0,5s) Q)'],
    ['sometimes pod/a is Ready', '∃ run: F P'],
  ])('%s', (statement, formula) => {
    const one = explain(statement)
    expect(one.formula).toBe(formula)
    expect(one.drawing?.rows.length).toBeGreaterThan(0)
    expect(one.sentence).toBe(statement)
  })

  test('a plural means something else in each kind of sentence', () => {
    const meaning = (statement: string): string => explain(statement).english[0]!
    expect(meaning('expect pods[a=b] are Ready')).toContain('all, and at least one')
    expect(meaning('always pods[a=b] are Ready')).toContain('all, if there are any')
    expect(meaning('never pods[a=b] are Ready')).toContain('at least one')
    expect(meaning('never 3 pods[a=b] are Ready')).toContain('at least 3 of')
    expect(meaning('expect 3 pods[a=b] are Ready')).toContain('exactly 3 of')
  })
})

describe('what stands before and around a scenario', () => {
  const english = (line: string): string =>
    (explainLine({ path: 'a.kscn', text: `${line}\nscenario "a" {\n  wait 1s\n}\n` }, 1)?.english ?? []).join(' ')
  test.each([
    ['@slow', '--tag slow'],
    ['@skip("flaky, #7")', 'not run'],
    ['@limit(30m, 1M events)', '30m or 1M events'],
    ['@seed(42)', 'seed 42'],
    ['@fails("expect 2")', 'breaks'],
    ['@live(safe)', 'live cluster'],
    ['import "./checks.ts" as my', 'Only `run` and `replay` execute'],
    ['import "lib.kscn" as lib', 'lib.name'],
  ])('%s', (line, words) => {
    expect(english(line)).toContain(words)
  })
  test('all tags of a line, and none of another', () => {
    expect(english('@slow @only\n@seed(1)')).toMatch(/slow.*Only scenarios/)
    expect(english('@slow @only\n@seed(1)')).not.toContain('seed')
  })
  test('a table of one row is not many', () => {
    const rows = (count: number): string => explain(`cases\n    | a |\n${'    | 1 |\n'.repeat(count)}`).english[0] ?? ''
    expect([rows(1), rows(3)]).toEqual([
      expect.stringContaining('the one row'),
      expect.stringContaining('each of the 3 rows'),
    ])
  })
})

describe('the line', () => {
  const text = `@slow
scenario "a" {
  background {
    wait 5s

    settle
  }
  apply \`\`\`yaml
    kind: Pod
  \`\`\` fails Invalid
  # nothing
}
`
  test.each([
    [1, '@slow'],
    [2, 'scenario "a"'],
    [3, 'background'],
    [4, 'wait 5s'],
    [5, undefined],
    [6, 'settle'],
    [7, 'background'],
    [8, 'apply'],
    [9, 'apply'],
    [10, 'apply'],
    [11, undefined],
    [12, 'scenario "a"'],
    [99, undefined],
    [0, undefined],
  ])('%i', (line, sentence) => {
    expect(explainLine({ path: 'a.kscn', text }, line)?.sentence).toBe(sentence)
  })

  test('a file that cannot be read explains what can', () => {
    const broken = 'scenario "a" {\n  wiat 5s\n  wait 5s\n}\n'
    expect(explainLine({ path: 'a', text: broken }, 2)).toBeUndefined()
    expect(explainLine({ path: 'a', text: broken }, 3)?.sentence).toBe('wait 5s')
  })
})

const widest = (text: string): number => Math.max(...text.split('\n').map((line) => line.length))

describe('as text', () => {
  test('fits into 80 columns, and says the same without colour', () => {
    const one = explain(
      'whenever no pods[app=web] are Ready then event ReplicaSetUpdated on deployment/web saying "something long" within 5m',
    )
    const plain = renderExplanation(one, 'a.kscn:2:3', { color: false, width: 80 })
    expect(widest(plain)).toBeLessThanOrEqual(80)
    expect(plain).toMatchSnapshot()
    const colourless = renderExplanation(one, 'a.kscn:2:3', { color: true, width: 80 }).replaceAll(/\u001B\[\d+m/g, '')
    expect(colourless).toBe(plain)
  })

  const corpus = globSync(['scenarios/**/*.kscn', 'test/unit/dsl/fixtures/examples/**/*.kscn']).sort()
  test.each(corpus)('every sentence of %s', (path) => {
    const text = readFileSync(path, 'utf8')
    let count = 0
    for (const line of text.split('\n').keys()) {
      const one = explainLine({ path, text }, line + 1)
      if (one === undefined) continue
      count += 1
      expect(one.english.join(' '), one.sentence).not.toMatch(/undefined|\[object|^$/)
      renderExplanation(one, path, { color: false, width: 80 })
    }
    expect(count).toBeGreaterThan(0)
  })

  test('every form of sentence there is', () => {
    const forms = new Set<string>()
    fc.assert(
      fc.property(file, (tree) => {
        const text = printFile(tree, generatedFenceText)
        for (const line of text.split('\n').keys()) {
          const one = explainLine({ path: 'a', text }, line + 1)
          if (one === undefined) continue
          forms.add(/^@?[a-z-]*/.exec(one.sentence)?.[0] ?? '')
          expect(one.english.length, one.sentence).toBeGreaterThan(0)
          renderExplanation(one, 'a:1:1', { color: false, width: 80 })
        }
      }),
      { numRuns: 150 },
    )
    expect(forms.size).toBeGreaterThan(40)
  })
})

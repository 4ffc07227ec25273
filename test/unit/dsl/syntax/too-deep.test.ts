import { describe, expect, test } from 'vitest'
import { positionAt } from '../../../../dsl/source/line-map.ts'
import { parseFile } from '../../../../dsl/syntax/parse.ts'
import { deepestNesting, tooDeep } from '../../../../dsl/syntax/too-deep.ts'

const parsed = (body: string): ReturnType<typeof parseFile> =>
  parseFile({ path: 'a.kscn', text: `scenario "a" {\n${body}\n}\n` })

describe('nesting', () => {
  test.each([
    ['not', (n: number) => `expect ${'not '.repeat(n)}pod/a exists`],
    ['quantifiers', (n: number) => `expect ${'all x in y: '.repeat(n)}pod/a exists`],
    ['sums', (n: number) => `expect 1 == ${'1 + '.repeat(n)}1`],
    ['lists', (n: number) => `let a = ${'['.repeat(n)}1${']'.repeat(n)}`],
    ['blocks', (n: number) => `${'do {\n'.repeat(n)}${'}\n'.repeat(n)}`],
  ])('%s: a few are read, endless ones are told at their place', (_, body) => {
    expect(parsed(body(20)).file).toBeDefined()
    const deep = parsed(body(deepestNesting + 1))
    expect(deep.file).toBeUndefined()
    expect(positionAt(deep.source.text, deep.tooDeep!.start).line).toBeGreaterThan(1)
    // Beyond the stack of the parser there is no place to name any more.
    expect(parsed(body(20_000)).file).toBeUndefined()
  })

  test('what is long but flat is not deep', () => {
    expect(parsed(`expect ${'pod/a exists and '.repeat(5000)}pod/b exists`).file).toBeDefined()
    expect(parsed(`let a = [${'1, '.repeat(5000)}1]`).file).toBeDefined()
    expect(parsed('wait 1s\n'.repeat(5000)).file).toBeDefined()
  })

  test('the exact depth decides, wherever it lies', () => {
    const chain = (levels: number): object => {
      let node: object = { type: 'leaf', span: { file: 'a', start: levels, end: levels } }
      for (let at = levels - 1; at > 0; at -= 1)
        node = { type: 'node', span: { file: 'a', start: at, end: at }, of: [node] }
      return node
    }
    const long = 'x'.repeat(1000)
    const spans = 1
    expect(tooDeep(chain(deepestNesting - spans), long)).toBeUndefined()
    expect(tooDeep(chain(deepestNesting + 1), long)).toMatchObject({ file: 'a' })
  })
})

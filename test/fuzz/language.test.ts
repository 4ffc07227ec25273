import { describe, expect, test } from 'vitest'
import { compile } from '../../dsl/compile.ts'
import type { Fuzzer } from './fuzzer.ts'
import { judge } from './judge.ts'
import { createLanguageFuzzer, languageFuzzer, type Compile } from './language/fuzzer.ts'
import { createRandom } from './random.ts'
import { readCorpus } from './read-corpus.ts'
import { runShard } from './shard.ts'

const corpus = readCorpus()
const shard = (to: number) => ({ seed: 1, from: 0, to, step: 1 })
const quiet = (): void => undefined

describe('the language fuzz', () => {
  test('finds nothing in 500 inputs', () => {
    expect(runShard(createLanguageFuzzer(corpus, false), shard(500), quiet)).toEqual([])
  })

  const body = (text: string): string => `scenario "fuzz" {\n  ${text}\n}\n`
  test.each([
    ['unclosed blocks', body(`expect ${'background {\n'.repeat(24)}`)],
    ['more of them', body(`scale deployment/web to ${'background {\n'.repeat(3000)}`)],
    ['a mistake at a word that the bad line would have declared', 'scenario s{```\n```}'],
    ['a lone carriage return', '\r'],
    ['a line tabulation', '```\n```\n\u000B'],
    ['a byte order mark where a word is wanted', 'scenario "" {inject \uFEFF}'],
    ['one kind under two names', body('expect pod/web is Pending and po/web is Running within 5s')],
    ['a no-break space in a block', body('apply ```yaml\n    a: 1\n\u00A0\n  ```')],
  ])('what it found once stays mended: %s', (_, text) => {
    expect(judge(createLanguageFuzzer(corpus, false), text)).toBeUndefined()
  })

  test('finds a planted crash, and makes its input small', () => {
    const [found, ...more] = runShard(createLanguageFuzzer(corpus, true), shard(8000), quiet)
    expect(more).toEqual([])
    expect(found?.problem).toMatchObject({ kind: 'crash', detail: expect.stringContaining('planted') as string })
    expect(found?.input.length).toBeLessThan(80)
  })

  const wrong: readonly (readonly [kind: string, compile: Compile])[] = [
    [
      'pollution',
      (paths, host) => {
        Object.assign(Object.prototype, { polluted: 1 })
        return compile(paths, host)
      },
    ],
    [
      'span',
      (paths, host) => {
        const done = compile(paths, host)
        const span = { file: 'fuzz.kscn', start: 0, end: 1e6 }
        const one = { code: 'K001', severity: 'error' as const, span, message: 'x' }
        return {
          ...done,
          plan: undefined,
          diagnostics: [{ ...one, labels: [], notes: [], help: undefined, fix: undefined }],
        }
      },
    ],
    ['verdict', (paths, host) => ({ ...compile(paths, host), plan: undefined, diagnostics: [] })],
  ]
  test.each(wrong)('finds %s', (kind, planted) => {
    const [found] = runShard(languageFuzzer(corpus, planted), shard(20), quiet)
    expect(found?.problem.kind).toBe(kind)
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  test('finds a formatter that is not content with its own text, or changes the meaning', () => {
    let turn = 0
    const restless: Compile = (paths, host) => {
      const done = compile(paths, host)
      turn += 1
      const scenarios = (done.plan?.scenarios ?? []).map((one) => ({ ...one, title: `${one.title} ${turn}` }))
      return { ...done, plan: done.plan === undefined ? undefined : { ...done.plan, scenarios } }
    }
    const [found] = runShard(languageFuzzer(corpus, restless), shard(2000), quiet)
    expect(found?.problem.kind).toBe('fmt changes the plan')
  })

  test('finds what takes too long', () => {
    const slow: Fuzzer = {
      input: () => '',
      check: () => {
        for (const from = performance.now(); performance.now() - from < 12;);
        return undefined
      },
    }
    expect(judge(slow, '', 5)?.kind).toBe('slow')
  })

  test('the same number gives the same input', () => {
    const fuzzer = createLanguageFuzzer(corpus, false)
    const input = (seed: number, index: number): string => fuzzer.input(createRandom(seed, index))
    for (const index of [0, 1, 77]) expect(input(5, index)).toBe(input(5, index))
    expect(new Set([0, 1, 2, 3].map((seed) => input(seed, 0))).size).toBe(4)
  })
})

// Writes dsl/syntax/grammar.generated.js and .d.ts from dsl/syntax/kscn.peggy: npm run generate.
import { readFileSync, writeFileSync } from 'node:fs'
import peggy from 'peggy'

const startRules = ['File', 'Decl', 'Stmt', 'Temporal', 'Amount', 'PArg']

/** `'word'` outside of actions, strings, classes and comments is a keyword: it ends at a word boundary. */
const withKeywords = (text) => {
  const keywords = new Set()
  let out = ''
  let i = 0
  const take = (to) => {
    out += text.slice(i, to)
    i = to
  }
  /** End of a quoted stretch that starts at `from`. */
  const skip = (from, quote) => {
    let at = from + 1
    while (text[at] !== quote) at += text[at] === '\\' ? 2 : 1
    return at + 1
  }
  while (i < text.length) {
    const c = text[i]
    if (c === '/' && text[i + 1] === '/') take(text.indexOf('\n', i))
    else if (c === '"') take(skip(i, '"'))
    else if (c === '[') take(skip(i, ']'))
    else if (c === "'") {
      const end = skip(i, "'")
      const word = text.slice(i + 1, end - 1)
      keywords.add(word)
      out += `Keyword_${word.replaceAll('-', '_')}`
      i = end
    } else if (c === '{') {
      let depth = 0
      let at = i
      do {
        const d = text[at]
        if (d === '"' || d === "'" || d === '`') {
          at = skip(at, d)
          continue
        }
        if (d === '/' && text[at + 1] === '/') {
          at = text.indexOf('\n', at)
          continue
        }
        if (d === '{') depth += 1
        if (d === '}') depth -= 1
        at += 1
      } while (depth > 0)
      take(at)
    } else take(i + 1)
  }
  for (const word of [...keywords].sort()) out += `Keyword_${word.replaceAll('-', '_')} = @"${word}" ![A-Za-z0-9_-]\n`
  return out
}

const source = withKeywords(readFileSync('dsl/syntax/kscn.peggy', 'utf8'))
const parser = peggy.generate(source, {
  output: 'source',
  format: 'es',
  allowedStartRules: startRules,
  grammarSource: 'kscn.peggy',
})
const rules = startRules.map((rule) => `'${rule}'`).join(' | ')
writeFileSync('dsl/syntax/grammar.generated.js', parser)
writeFileSync(
  'dsl/syntax/grammar.generated.d.ts',
  `export interface Expected {
  readonly type: 'any' | 'class' | 'end' | 'literal' | 'not' | 'other'
  readonly text?: string
  readonly description?: string
  readonly parts?: readonly (string | readonly [string, string])[]
}
export interface Options {
  readonly startRule: ${rules}
  readonly file: string
  readonly base: number
  readonly comments: Map<number, { readonly file: string; readonly start: number; readonly end: number }>
}
export class SyntaxError extends Error {
  readonly expected: readonly Expected[]
  readonly found: string | null
  readonly location: { readonly start: { readonly offset: number }; readonly end: { readonly offset: number } }
}
export function parse(text: string, options: Options): unknown
`,
)

import { refuse, refused } from '../json/refusal.ts'
import { goQuote } from '../names/go-quote.ts'
import { isLabelKey } from '../names/label-names.ts'
import {
  aggregateText,
  requirementProblems,
  type LabelOperator,
  type LabelRequirement,
  type Problem,
} from './label-requirement.ts'
import { selectorOf, type LabelSelectorPredicate } from './label-selector.ts'

type TokenKind = 'identifier' | 'end' | LabelOperator | '(' | ')' | ','
interface Token {
  readonly kind: TokenKind
  readonly text: string
}

const symbols: ReadonlyMap<string, TokenKind> = new Map([
  [')', ')'],
  [',', ','],
  ['!', '!'],
  ['==', '=='],
  ['=', '='],
  ['>', 'gt'],
  ['<', 'lt'],
  ['!=', '!='],
  ['(', '('],
  ['in', 'in'],
  ['notin', 'notin'],
])

/** The Lexer of labels/selector.go. */
const scan = (text: string): Token[] => {
  const tokens: Token[] = []
  const pattern = /[ \t\r\n]*(==|!=|[=!(),<>]|[^=!(),<> \t\r\n]+)/y
  // A NUL ends the text, as it does upstream.
  const nul = text.indexOf('\0')
  const body = nul < 0 ? text : text.slice(0, nul)
  for (let match = pattern.exec(body); match !== null; match = pattern.exec(body)) {
    const literal = match[1] ?? ''
    const kind = symbols.get(literal) ?? 'identifier'
    tokens.push({ kind, text: literal })
  }
  tokens.push({ kind: 'end', text: '' })
  return tokens
}

const end: Token = { kind: 'end', text: '' }
const operators: ReadonlySet<TokenKind> = new Set(['in', 'notin', '=', '==', '!=', 'gt', 'lt'])

/** The Parser of labels/selector.go: recursive descent over the tokens. */
const parse = (text: string): LabelRequirement[] => {
  const tokens = scan(text)
  let position = 0
  const peek = (): Token => tokens[position] ?? end
  const next = (): Token => tokens[position++] ?? end
  /** In places where a value is read, the words `in` and `notin` are values. */
  const asValue = (token: Token): TokenKind =>
    token.kind === 'in' || token.kind === 'notin' ? 'identifier' : token.kind

  const identifiers = (): string[] => {
    const values: string[] = []
    for (;;) {
      const token = next()
      const kind = asValue(token)
      const after = asValue(peek())
      if (kind === 'identifier') {
        values.push(token.text)
        if (after === ')') return values
        if (after !== ',') throw refuse(`found '${peek().text}', expected: ',' or ')'`)
      } else if (kind === ',') {
        if (values.length === 0) values.push('')
        if (after === ')') return [...values, '']
        if (after === ',') values.push('')
      } else throw refuse(`found '${token.text}', expected: ',', or identifier`)
    }
  }
  const valueSet = (): string[] => {
    const open = next()
    if (open.kind !== '(') throw refuse(`found '${open.text}' expected: '('`)
    const first = peek()
    const kind = asValue(first)
    if (kind === 'identifier' || kind === ',') {
      const values = identifiers()
      if (next().kind !== ')') throw refuse(`found '${first.text}', expected: ')'`)
      return values
    }
    if (kind !== ')') throw refuse(`found '${first.text}', expected: ',', ')' or identifier`)
    next()
    return ['']
  }
  const exactValue = (): string[] => {
    const kind = asValue(peek())
    if (kind === 'end' || kind === ',') return ['']
    const token = next()
    if (kind !== 'identifier') throw refuse(`found '${token.text}', expected: identifier`)
    return [token.text]
  }
  const requirement = (): LabelRequirement => {
    let token = next()
    const negated = token.kind === '!'
    if (negated) token = next()
    if (asValue(token) !== 'identifier') throw refuse(`found '${token.text}', expected: identifier`)
    const key = token.text
    const keyErrors = isLabelKey(key)
    if (keyErrors.length > 0) {
      throw refuse(`<nil>: Invalid value: ${goQuote(key)}: ${keyErrors.join('; ')}`)
    }
    const after = asValue(peek())
    if (negated) return { key, operator: '!', values: [] }
    if (after === 'end' || after === ',') return { key, operator: 'exists', values: [] }
    const operator = next()
    if (!operators.has(operator.kind)) {
      throw refuse(`found '${operator.text}', expected: in, notin, =, ==, !=, gt, lt`)
    }
    const values = operator.kind === 'in' || operator.kind === 'notin' ? valueSet() : exactValue()
    return { key, operator: operator.kind as LabelOperator, values: [...new Set(values)].sort() }
  }
  const checked = (): LabelRequirement => {
    try {
      const parsed = requirement()
      const problems = requirementProblems(parsed)
      if (problems.length > 0) throw refuse(aggregateText(problems))
      return parsed
    } catch (thrown) {
      throw refuse(`unable to parse requirement: ${refused(thrown).message}`)
    }
  }

  const requirements: LabelRequirement[] = []
  for (;;) {
    const first = peek()
    const kind = asValue(first)
    if (kind === 'end') return requirements
    if (kind !== 'identifier' && kind !== '!') {
      throw refuse(`found '${first.text}', expected: !, identifier, or 'end of string'`)
    }
    requirements.push(checked())
    const token = next()
    if (token.kind === 'end') return requirements
    if (token.kind !== ',') throw refuse(`found '${token.text}', expected: ',' or 'end of string'`)
    const following = asValue(peek())
    if (following !== 'identifier' && following !== '!') {
      throw refuse(`found '${peek().text}', expected: identifier after ','`)
    }
  }
}

const remembered = new Map<string, LabelSelectorPredicate | Problem>()

/** labels.Parse: the text of a labelSelector parameter, or of `kubectl -l`. Remembered by text. */
export const parseLabelSelector = (text: string): LabelSelectorPredicate | Problem => {
  const known = remembered.get(text)
  if (known !== undefined) return known
  let result: LabelSelectorPredicate | Problem
  try {
    result = selectorOf(parse(text))
  } catch (thrown) {
    result = Object.freeze({ error: refused(thrown).message })
  }
  if (remembered.size >= 1000) remembered.clear()
  remembered.set(text, result)
  return result
}

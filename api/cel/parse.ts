import type { Entry, Expr, Issue } from './ast.ts'
import { lex, type Token } from './lex.ts'
import { expandMacro } from './macros.ts'
import { uint, type Value } from './values.ts'

export type Parsed = { readonly expr: Expr } | { readonly issues: readonly Issue[] }

const starters =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}"
/** Words that CEL keeps for itself. */
const reserved = new Set(
  'as break const continue else false for function if import in let loop namespace null package return true var void while'.split(
    ' ',
  ),
)
const relations = new Set(['<', '<=', '>=', '>', '==', '!=', 'in'])
const sums = new Set(['+', '-'])
const products = new Set(['*', '/', '%'])
const deepest = 250

interface Failed {
  readonly failed: Issue
}
const isFailed = (value: unknown): value is Failed => typeof value === 'object' && value !== null && 'failed' in value

const least = -9_223_372_036_854_775_808n
const greatest = 9_223_372_036_854_775_807n

/** A recursive descent over CEL's grammar (cel-go parser/gen/CEL.g4). The words of ANTLR's messages are kept where they are simple. */
export const parseExpression = (source: string): Parsed => {
  const { tokens, issues } = lex(source)
  if (issues.length > 0) return { issues }
  let index = 0
  let depth = 0
  const peek = (): Token => tokens[index]!
  const isOp = (text: string): boolean => peek().kind === 'op' && peek().text === text
  const take = (): Token => tokens[index++]!
  const failAt = (at: number, message: string): Failed => ({ failed: { at, message: `Syntax error: ${message}` } })
  const expect = (text: string): Token | Failed =>
    isOp(text) ? take() : failAt(peek().at, `mismatched input '${peek().text}' expecting '${text}'`)

  const constant = (at: number, value: Value): Expr => ({ kind: 'const', at, value })

  const integer = (token: Token, negative: boolean, at: number): Expr | Failed => {
    const value = BigInt(token.text) * (negative ? -1n : 1n)
    return value < least || value > greatest ? failAt(at, 'invalid int literal') : constant(at, value)
  }

  function expression(): Expr | Failed {
    depth += 1
    if (depth > deepest)
      return { failed: { at: peek().at, message: `expression recursion limit exceeded: ${deepest}` } }
    const condition = binary(0)
    if (isFailed(condition) || !isOp('?')) {
      depth -= 1
      return condition
    }
    const { at } = take()
    const then = binary(0)
    if (isFailed(then)) return then
    const colon = expect(':')
    if (isFailed(colon)) return colon
    const otherwise = expression()
    if (isFailed(otherwise)) return otherwise
    depth -= 1
    return { kind: 'call', at, name: '_?_:_', target: undefined, args: [condition, then, otherwise] }
  }

  const levels = [new Set(['||']), new Set(['&&']), relations, sums, products]
  function binary(level: number): Expr | Failed {
    if (level === levels.length) return unary()
    let left = binary(level + 1)
    while (!isFailed(left) && levels[level]!.has(peek().text) && (peek().kind === 'op' || peek().text === 'in')) {
      const operator = take()
      const right = binary(level + 1)
      if (isFailed(right)) return right
      const name = operator.text === 'in' ? '@in' : `_${operator.text}_`
      left = { kind: 'call', at: operator.at, name, target: undefined, args: [left, right] }
    }
    return left
  }

  function unary(): Expr | Failed {
    if (!isOp('!') && !isOp('-')) return member()
    const { text, at } = peek()
    let count = 0
    while (isOp(text)) {
      take()
      count += 1
    }
    if (text === '-' && count === 1 && (peek().kind === 'int' || peek().kind === 'float')) {
      const token = take()
      const literal = token.kind === 'int' ? integer(token, true, at) : constant(at, -Number(token.text))
      return isFailed(literal) ? literal : suffixes(literal)
    }
    const operand = member()
    if (isFailed(operand) || count % 2 === 0) return operand
    return { kind: 'call', at, name: text === '!' ? '!_' : '-_', target: undefined, args: [operand] }
  }

  function list(close: string): Expr[] | Failed {
    const out: Expr[] = []
    while (!isOp(close)) {
      const one = expression()
      if (isFailed(one)) return one
      out.push(one)
      if (!isOp(',')) break
      take()
      if (close === ')' && isOp(close)) return failAt(peek().at, `mismatched input '${close}' expecting ${starters}`)
    }
    return out
  }

  function call(name: string, target: Expr | undefined, open: Token): Expr | Failed {
    const args = list(')')
    if (isFailed(args)) return args
    const closed = isOp(')') ? take() : failAt(peek().at, `missing ')' at '${peek().text}'`)
    if (isFailed(closed)) return closed
    const expanded = expandMacro({ kind: 'call', at: open.at, name, target, args })
    return 'issue' in expanded ? { failed: expanded.issue } : expanded.expr
  }

  function member(): Expr | Failed {
    const start = primary()
    return isFailed(start) ? start : suffixes(start)
  }

  function suffixes(start: Expr): Expr | Failed {
    let left: Expr = start
    for (;;) {
      if (isOp('.')) {
        const dot = take()
        const optional = isOp('?')
        if (optional) take()
        const name = peek()
        if ((name.kind !== 'ident' || (reserved.has(name.text) && optional)) && name.kind !== 'quoted') {
          const wrong =
            name.kind === 'end' ? "mismatched input '<EOF>'" : `no viable alternative at input '.${name.text}'`
          return failAt(name.at, name.kind === 'end' ? `no viable alternative at input '.'` : wrong)
        }
        take()
        const field = name.kind === 'quoted' ? name.text.slice(1, -1) : name.text
        if (!optional && name.kind === 'ident' && isOp('(')) {
          const called: Expr | Failed = call(field, left, take())
          if (isFailed(called)) return called
          left = called
          continue
        }
        left = { kind: 'select', at: dot.at, operand: left, field, test: false, optional }
      } else if (isOp('[')) {
        const open = take()
        const optional = isOp('?')
        if (optional) take()
        const key = expression()
        if (isFailed(key)) return key
        const closed = expect(']')
        if (isFailed(closed)) return closed
        left = { kind: 'call', at: open.at, name: optional ? '_[?_]' : '_[_]', target: undefined, args: [left, key] }
      } else if (isOp('{')) {
        const type = typeNameOf(left)
        if (type === undefined) return left
        const made = struct(type, take())
        if (isFailed(made)) return made
        left = made
      } else return left
    }
  }

  const typeNameOf = (expr: Expr): string | undefined => {
    if (expr.kind === 'ident') return expr.name
    if (expr.kind !== 'select' || expr.test || expr.optional) return undefined
    const rest = typeNameOf(expr.operand)
    return rest === undefined ? undefined : `${rest}.${expr.field}`
  }

  function struct(type: string, open: Token): Expr | Failed {
    const fields: (Entry & { name: string; at: number })[] = []
    while (!isOp('}')) {
      const optional = isOp('?')
      if (optional) take()
      const name = peek()
      if (name.kind !== 'ident' && name.kind !== 'quoted')
        return failAt(name.at, `mismatched input '${name.text}' expecting {'}', ',', '\`', IDENTIFIER}`)
      take()
      const colon = expect(':')
      if (isFailed(colon)) return colon
      const value = expression()
      if (isFailed(value)) return value
      fields.push({ name: name.kind === 'quoted' ? name.text.slice(1, -1) : name.text, at: colon.at, value, optional })
      if (!isOp(',')) break
      take()
    }
    const closed = expect('}')
    return isFailed(closed) ? closed : { kind: 'struct', at: open.at, type, fields }
  }

  function mapLiteral(open: Token): Expr | Failed {
    const entries: (Entry & { key: Expr })[] = []
    while (!isOp('}')) {
      const optional = isOp('?')
      if (optional) take()
      const key = expression()
      if (isFailed(key)) return key
      const colon = expect(':')
      if (isFailed(colon)) return colon
      const value = expression()
      if (isFailed(value)) return value
      entries.push({ key, value, optional })
      if (!isOp(',')) break
      take()
    }
    const closed = expect('}')
    return isFailed(closed) ? closed : { kind: 'map', at: open.at, entries }
  }

  function listLiteral(open: Token): Expr | Failed {
    const items: Entry[] = []
    while (!isOp(']')) {
      const optional = isOp('?')
      if (optional) take()
      const value = expression()
      if (isFailed(value)) return value
      items.push({ value, optional })
      if (!isOp(',')) break
      take()
    }
    const closed = expect(']')
    return isFailed(closed) ? closed : { kind: 'list', at: open.at, items }
  }

  function primary(): Expr | Failed {
    const token = peek()
    switch (token.kind) {
      case 'int':
        return integer(take(), false, token.at)
      case 'uint': {
        const value = BigInt(take().text.slice(0, -1))
        return value > 18_446_744_073_709_551_615n
          ? failAt(token.at, 'invalid uint literal')
          : constant(token.at, uint(value))
      }
      case 'float':
        return constant(token.at, Number(take().text))
      case 'string':
        return constant(token.at, take().content!)
      case 'bytes': {
        const { content, text } = take()
        const escaped = /\\[xX0-3]/.test(text) && [...content!].every((one) => one.charCodeAt(0) < 256)
        const bytes = escaped
          ? Uint8Array.from(content!, (one) => one.charCodeAt(0))
          : new TextEncoder().encode(content)
        return constant(token.at, bytes)
      }
      case 'ident':
        return name(false)
      case 'op':
        break
      default:
        return failAt(token.at, `mismatched input '${token.text}' expecting ${starters}`)
    }
    switch (token.text) {
      case '(': {
        take()
        const inner = expression()
        if (isFailed(inner)) return inner
        const closed = isOp(')') ? take() : failAt(peek().at, `missing ')' at '${peek().text}'`)
        return isFailed(closed) ? closed : inner
      }
      case '[':
        return listLiteral(take())
      case '{':
        return mapLiteral(take())
      case '.':
        take()
        if (peek().kind === 'ident') return name(true)
        break
      default:
    }
    const wrong = peek()
    return failAt(
      wrong.at,
      `${wrong.text === ')' || wrong.text === ']' || wrong.text === '}' || wrong.kind === 'end' ? 'mismatched' : 'extraneous'} input '${wrong.text}' expecting ${starters}`,
    )
  }

  function name(absolute: boolean): Expr | Failed {
    const token = take()
    if (!absolute) {
      if (token.text === 'true' || token.text === 'false') return constant(token.at, token.text === 'true')
      if (token.text === 'null') return constant(token.at, null)
    }
    if (token.text === 'in') return failAt(token.at, `mismatched input 'in' expecting ${starters}`)
    if (isOp('(')) return call(absolute ? `.${token.text}` : token.text, undefined, take())
    if (reserved.has(token.text)) return failAt(token.at, `reserved identifier: ${token.text}`)
    return { kind: 'ident', at: token.at, name: token.text }
  }

  const expr = expression()
  if (isFailed(expr)) return { issues: [expr.failed] }
  const rest = peek()
  if (rest.kind === 'end') return { expr }
  const only = tokens[index + 1]!.kind === 'end'
  return {
    issues: [
      {
        at: rest.at,
        message: `Syntax error: ${only ? 'extraneous' : 'mismatched'} input '${rest.text}' expecting <EOF>`,
      },
    ],
  }
}

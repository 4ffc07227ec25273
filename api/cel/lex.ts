import type { Issue } from './ast.ts'

export type TokenKind = 'int' | 'uint' | 'float' | 'string' | 'bytes' | 'ident' | 'quoted' | 'op' | 'end'

export interface Token {
  readonly kind: TokenKind
  readonly text: string
  readonly at: number
  /** Of a string or bytes: its content, escapes resolved. */
  readonly content?: string
}

const operators = [
  '&&',
  '||',
  '==',
  '!=',
  '<=',
  '>=',
  '[',
  ']',
  '{',
  '}',
  '(',
  ')',
  '.',
  ',',
  '?',
  ':',
  '<',
  '>',
  '+',
  '-',
  '*',
  '/',
  '%',
  '!',
]

const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '`': '`',
  '?': '?',
}

/** Escapes of a literal. In bytes, `\x` and octal escapes are single bytes, kept as characters below 256. */
const unescape = (body: string): string | undefined => {
  let out = ''
  for (let index = 0; index < body.length; index += 1) {
    const letter = body[index]!
    if (letter !== '\\') {
      out += letter
      continue
    }
    index += 1
    const next = body[index] ?? ''
    const known = simpleEscapes[next]
    if (known !== undefined) {
      out += known
      continue
    }
    const digits = next === 'x' || next === 'X' ? 2 : next === 'u' ? 4 : next === 'U' ? 8 : 0
    if (digits > 0) {
      const hex = body.slice(index + 1, index + 1 + digits)
      if (!new RegExp(`^[0-9a-fA-F]{${digits}}$`).test(hex)) return undefined
      const code = Number.parseInt(hex, 16)
      if (code > 0x10ffff) return undefined
      out += String.fromCodePoint(code)
      index += digits
      continue
    }
    const octal = /^[0-3][0-7]{2}/.exec(body.slice(index))
    if (octal === null) return undefined
    out += String.fromCharCode(Number.parseInt(octal[0], 8))
    index += 2
  }
  return out
}

const literal = /^([rR]?[bB]?|[bB][rR])("""|'''|"|')/

/** A string or bytes literal at an offset; undefined where there is none or it does not end. */
const lexLiteral = (source: string, at: number): Token | undefined => {
  const found = literal.exec(source.slice(at, at + 6))
  if (found === null) return undefined
  const prefix = found[1]!.toLowerCase()
  const quote = found[2]!
  const raw = prefix.includes('r')
  const from = at + found[0].length
  for (let index = from; index < source.length; index += 1) {
    if (source[index] === '\\' && !raw) index += 1
    else if (quote.length === 1 && source[index] === '\n') return undefined
    else if (source.startsWith(quote, index)) {
      const body = source.slice(from, index).replaceAll('\r\n', '\n')
      const content = raw ? body : unescape(body)
      if (content === undefined) return undefined
      return {
        kind: prefix.includes('b') ? 'bytes' : 'string',
        text: source.slice(at, index + quote.length),
        at,
        content,
      }
    }
  }
  return undefined
}

const numbers: readonly (readonly [TokenKind, RegExp])[] = [
  ['uint', /^(?:0[xX][0-9a-fA-F]+|\d+)[uU]/],
  ['float', /^(?:\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)/],
  ['int', /^(?:0[xX][0-9a-fA-F]+|\d+)/],
]

export const lex = (source: string): { readonly tokens: readonly Token[]; readonly issues: readonly Issue[] } => {
  const tokens: Token[] = []
  const issues: Issue[] = []
  let at = 0
  const push = (kind: TokenKind, text: string): void => {
    tokens.push({ kind, text, at })
    at += text.length
  }
  next: while (at < source.length) {
    const rest = source.slice(at)
    const space = /^(?:[\t \r\n\f]+|\/\/[^\n]*)/.exec(rest)
    if (space !== null) {
      at += space[0].length
      continue
    }
    const string = lexLiteral(source, at)
    if (string !== undefined) {
      tokens.push(string)
      at += string.text.length
      continue
    }
    for (const [kind, pattern] of numbers) {
      const found = pattern.exec(rest)
      if (found !== null) {
        push(kind, found[0])
        continue next
      }
    }
    const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(rest)
    if (name !== null) {
      push('ident', name[0])
      continue
    }
    const quoted = /^`[A-Za-z0-9_./ -]+`/.exec(rest)
    if (quoted !== null) {
      push('quoted', quoted[0])
      continue
    }
    const operator = operators.find((one) => rest.startsWith(one))
    if (operator !== undefined) {
      push('op', operator)
      continue
    }
    const wrong = /^["']/.test(rest) ? rest.split('\n')[0]! : String.fromCodePoint(rest.codePointAt(0)!)
    issues.push({ at, message: `Syntax error: token recognition error at: '${wrong}'` })
    at += wrong.length
  }
  tokens.push({ kind: 'end', text: '<EOF>', at })
  return { tokens, issues }
}

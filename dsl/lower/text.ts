import type { Expression } from '../plan/expression.ts'
import type { Span } from '../source/span.ts'
import { parseSlice } from '../syntax/parse.ts'
import type { Env } from './env.ts'
import { lowerExpression } from './expression.ts'
import { constantOf } from './constant.ts'

export type Parts = readonly (string | Expression)[]

/** Where `${` … `}` ends; one pair of braces may nest, for paths. */
export const interpolationEnd = (text: string, from: number): number => {
  let depth = 0
  for (let at = from + 1; at < text.length; at++) {
    const c = text[at]
    if (c === '{') depth += 1
    else if (c === '}') {
      depth -= 1
      if (depth === 0) return at + 1
    } else if (c === '\n') break
  }
  return -1
}

/** One `${…}`: a value that is known already as text, or an expression for the run. */
export const lowerInterpolation = (
  inner: string,
  at: { readonly file: string; readonly start: number },
  env: Env,
): string | Expression => {
  const span: Span = { file: at.file, start: at.start, end: at.start + inner.length }
  const parsed = parseSlice('Temporal', inner.trim(), {
    file: at.file,
    start: at.start + (inner.length - inner.trimStart().length),
  })
  if (!parsed.ok) {
    env.reporter.report('K105', span, `\`${inner}\` is no expression in interpolation`, literalAdvice(inner))
    return ''
  }
  const node = parsed.node
  const constant = constantOf(node, env)
  if (constant !== undefined) return constant.text
  if (node.type === 'noun' && node.form === 'bare' && !isKnown(node.text, env)) {
    env.reporter.report('K105', node.span, `unknown name \`${node.text}\` in interpolation`, literalAdvice(inner))
    return ''
  }
  return lowerExpression(node, env).expression
}

const literalAdvice = (inner: string): { readonly help: string } => ({
  help: `literal text: $\${${inner}}; or open the block with \`\`\`yaml raw`,
})

const isKnown = (name: string, env: Env): boolean => {
  for (let at: Env['scope'] | undefined = env.scope; at !== undefined; at = at.parent)
    if (at.names.has(name)) return true
  return env.module.lets.has(name) || name.includes('.')
}

/** Text with `${…}` in it; `start` is where it begins in the file. Neighbouring texts are joined. */
export const interpolate = (text: string, at: { readonly file: string; readonly start: number }, env: Env): Parts => {
  if (!text.includes('${')) return [text]
  const parts: (string | Expression)[] = []
  const add = (part: string | Expression): void => {
    const last = parts.at(-1)
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part
    else if (part !== '') parts.push(part)
  }
  let from = 0
  for (;;) {
    const open = text.indexOf('${', from)
    if (open === -1) break
    if (open > 0 && text[open - 1] === '$') {
      add(`${text.slice(from, open - 1)}\${`)
      from = open + 2
      continue
    }
    const end = interpolationEnd(text, open)
    if (end === -1) {
      env.reporter.report(
        'K105',
        { file: at.file, start: at.start + open, end: at.start + text.length },
        'this interpolation is never closed',
        {
          help: 'write ${name}, or $${ for the text itself',
        },
      )
      break
    }
    add(text.slice(from, open))
    add(lowerInterpolation(text.slice(open + 2, end - 1), { file: at.file, start: at.start + open + 2 }, env))
    from = end
  }
  add(text.slice(from))
  return parts.length === 0 ? [''] : parts
}

/** Parts of a string literal, quotes and JSON escapes taken off. */
export const stringParts = (raw: string, at: { readonly file: string; readonly start: number }, env: Env): Parts =>
  interpolate(unescape(raw.slice(1, -1)), { file: at.file, start: at.start + 1 }, env)

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }

/** Escapes outside of interpolations. A backslash before anything else stands for that character. */
const unescape = (text: string): string => {
  if (!text.includes('\\')) return text
  let out = ''
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '$' && text[at + 1] === '{') {
      const end = interpolationEnd(text, at)
      if (end !== -1) {
        out += text.slice(at, end)
        at = end - 1
        continue
      }
    }
    if (text[at] !== '\\') {
      out += text[at] ?? ''
      continue
    }
    at += 1
    const c = text[at] ?? ''
    const code = c === 'u' ? /^[0-9a-fA-F]{4}/.exec(text.slice(at + 1))?.[0] : undefined
    if (code !== undefined) {
      out += String.fromCharCode(Number.parseInt(code, 16))
      at += 4
    } else out += escapes[c] ?? c
  }
  return out
}

/** The text, if nothing of it is left to the run. */
export const plainText = (parts: Parts): string | undefined => {
  if (parts.length === 0) return ''
  return parts.length === 1 && typeof parts[0] === 'string' ? parts[0] : undefined
}

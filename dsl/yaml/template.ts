import type { Hole, Template } from '../plan/document.ts'
import type { Expression } from '../plan/expression.ts'
import { constantOf } from '../lower/constant.ts'
import type { Env } from '../lower/env.ts'
import { lowerInterpolation } from '../lower/text.ts'
import { parseSlice } from '../syntax/parse.ts'
import { hasPlaceholder, placeholder, placeholderIndex, type Interpolation } from './block-text.ts'
import type { YamlSource } from './document-source.ts'
import type { YamlNode } from './node.ts'

/** What the special scalars of a matching fence stand for. */
const specials: ReadonlySet<string> = new Set(['present', 'absent', 'any'])

interface Context {
  readonly env: Env
  readonly source: YamlSource
  /** `expect … matches`: the special scalars mean something. */
  readonly matching: boolean
  readonly fileName: string
}

/** A document's value: known interpolations filled in, the others as holes. */
export const templateOf = (node: YamlNode, source: YamlSource, env: Env, matching = false): Template =>
  convert(node, { env, source, matching, fileName: env.module.source.path })

const convert = (node: YamlNode, context: Context): Template => {
  switch (node.kind) {
    case 'list':
      return node.items.map((one) => convert(one, context))
    case 'map': {
      const out: Record<string, Template> = {}
      for (const entry of node.entries) put(out, keyText(entry.key, context), convert(entry.value, context))
      return out
    }
    case 'scalar':
      return typeof node.value === 'string' && hasPlaceholder(node.value)
        ? fill(node.value, node.quoted, context)
        : node.value
  }
}

const put = (out: Record<string, Template>, key: string, value: Template): void => {
  if (key === '__proto__')
    Object.defineProperty(out, key, { value, enumerable: true, writable: true, configurable: true })
  else out[key] = value
}

const split = (text: string, context: Context): readonly (string | Interpolation)[] => {
  const parts: (string | Interpolation)[] = []
  let from = 0
  placeholder.lastIndex = 0
  for (let found = placeholder.exec(text); found !== null; found = placeholder.exec(text)) {
    if (found.index > from) parts.push(text.slice(from, found.index))
    const interpolation = context.source.block?.interpolations[placeholderIndex(found[1] ?? '')]
    if (interpolation !== undefined) parts.push(interpolation.literal ? interpolation.inner : interpolation)
    from = found.index + found[0].length
  }
  if (from < text.length) parts.push(text.slice(from))
  return parts
}

const fill = (text: string, quoted: boolean, context: Context): Template => {
  const pieces = split(text, context)
  const only = pieces[0]
  if (pieces.length === 1 && typeof only === 'object' && !quoted) return fillOne(only, context)
  const parts: (string | Expression)[] = []
  for (const piece of pieces) {
    const part =
      typeof piece === 'string'
        ? piece
        : lowerInterpolation(piece.inner, { file: context.fileName, start: piece.start }, context.env)
    const last = parts.at(-1)
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part
    else parts.push(part)
  }
  if (parts.length === 1 && typeof parts[0] === 'string') return parts[0]
  return hole('text', parts)
}

const fillOne = (interpolation: Interpolation, context: Context): Template => {
  const inner = interpolation.inner.trim()
  if (context.matching && specials.has(inner)) return hole(inner as Hole['$hole'], [])
  const at = { file: context.fileName, start: interpolation.start }
  const parsed = parseSlice('Temporal', interpolation.inner, at)
  if (parsed.ok) {
    const constant = constantOf(parsed.node, context.env)
    if (constant?.kind === 'literal') {
      const { literal } = constant
      return literal.type === 'int' || literal.type === 'number' || literal.type === 'boolean'
        ? literal.value
        : constant.text
    }
    if (constant !== undefined) return constant.text
  }
  const value = lowerInterpolation(interpolation.inner, at, context.env)
  return typeof value === 'string' ? value : hole('value', [value])
}

const hole = (kind: Hole['$hole'], parts: Hole['parts']): Template => ({ $hole: kind, parts })

/** A key must be known before the run. */
const keyText = (key: string, context: Context): string => {
  if (!hasPlaceholder(key)) return key
  return split(key, context)
    .map((piece) => {
      if (typeof piece === 'string') return piece
      const value = lowerInterpolation(piece.inner, { file: context.fileName, start: piece.start }, context.env)
      if (typeof value === 'string') return value
      context.env.reporter.report('K408', value.span, 'a YAML key that is only known during the run is not built yet')
      return ''
    })
    .join('')
}

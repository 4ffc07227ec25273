import type { Module } from '../names/module.ts'
import type { Noun } from '../plan/expression.ts'
import type { Span } from '../source/span.ts'

/** Where a name or a value stands in a noun as it is written; the whole noun if it came from elsewhere. */
export const partOf = (noun: Noun, part: string, module: Module): Span => {
  const { span } = noun
  if (span.file !== module.source.path) return span
  const written = module.source.text.slice(span.start, span.end)
  const at = Math.max(written.lastIndexOf(`/${part}`), written.lastIndexOf(`=${part}`))
  return at === -1 ? span : { ...span, start: span.start + at + 1, end: span.start + at + 1 + part.length }
}

import type { Span } from '../dsl/source/span.ts'
import { visibleText } from './visible-text.ts'

/** Line and column of a span's start, both from 1; 1:1 where the text is not known. */
export const positionOf = (
  span: Span,
  sources: ReadonlyMap<string, string>,
): { readonly line: number; readonly column: number } => {
  const text = sources.get(span.file)
  if (text === undefined) return { line: 1, column: 1 }
  const before = text.slice(0, span.start)
  const line = before.split('\n').length
  return { line, column: span.start - (before.lastIndexOf('\n') + 1) + 1 }
}

/** `web.kscn:14:3`, as terminals make it clickable. */
export const printPosition = (span: Span, sources: ReadonlyMap<string, string>): string => {
  const { line, column } = positionOf(span, sources)
  return `${visibleText(span.file)}:${line}:${column}`
}

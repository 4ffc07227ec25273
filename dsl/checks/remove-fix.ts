import type { Fix } from '../diagnostics/diagnostic.ts'
import type { Span } from '../source/span.ts'

/** Takes a statement or declaration out, with its line if nothing else stands there. */
export const removeFix = (text: string, span: Span): Fix => {
  const lineStart = text.lastIndexOf('\n', span.start - 1) + 1
  const before = text.slice(lineStart, span.start)
  const lineEnd = text.indexOf('\n', span.end)
  const after = text.slice(span.end, lineEnd === -1 ? text.length : lineEnd)
  if (before.trim() !== '' || !/^\s*(#.*)?$/.test(after)) return { span, text: '' }
  return { span: { ...span, start: lineStart, end: lineEnd === -1 ? text.length : lineEnd + 1 }, text: '' }
}

/** Takes a clause out, with the white space before it. */
export const removeClauseFix = (text: string, span: Span): Fix => {
  let { start } = span
  while (start > 0 && /\s/.test(text[start - 1] ?? '')) start--
  return { span: { ...span, start }, text: '' }
}

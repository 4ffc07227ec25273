import type { Span } from '../source/span.ts'

/** A node's text as written, on one line and without comments. */
export type TextOf = (node: { readonly span: Span }) => string

export const createTextOf =
  (text: string): TextOf =>
  ({ span }) =>
    text
      .slice(span.start, span.end)
      .split('\n')
      .map((line) => line.replace(/(^|\s)#[^"]*$/, '').trim())
      .filter((line) => line !== '')
      .join(' ')

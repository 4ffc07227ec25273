import type { Json } from '../../api/object.ts'
import type { Span } from '../source/span.ts'
import type { Expression } from './expression.ts'

/**
 * One YAML document, parsed when the plan was made. Without interpolations `value` is plain JSON. An interpolated scalar is a
 * Hole; overlays are merged in already.
 */
export interface Document {
  readonly value: Template
  readonly span: Span
  /** Path of the manifest, if it came from a file. */
  readonly file: string | undefined
}

export type Template = Json | Hole | readonly Template[] | { readonly [field: string]: Template }

/**
 * `${expr}` in a scalar. `parts` of one expression, unquoted: its value with its type; quoted, or several parts: text.
 * Matching fences also know the special scalars.
 */
export interface Hole {
  readonly $hole: 'value' | 'text' | 'present' | 'absent' | 'any'
  readonly parts: readonly (string | Expression)[]
}

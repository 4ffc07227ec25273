import type { Literal } from '../plan/expression.ts'
import type { Span } from '../source/span.ts'
import type { ValueInfo } from './value-info.ts'

/** A value that is known before the run. `text` is how it reads inside other text. */
export type Constant =
  | { readonly kind: 'literal'; readonly literal: Literal; readonly text: string }
  /** `5m`: what it is depends on where it is used. */
  | { readonly kind: 'measure'; readonly text: string }

export type Binding =
  | { readonly kind: 'constant'; readonly value: Constant; readonly span: Span }
  | { readonly kind: 'value'; readonly info: ValueInfo; readonly span: Span }

/** Names of one block; inner blocks see the outer ones, a macro's body does not. */
export interface Scope {
  readonly parent: Scope | undefined
  readonly names: Map<string, Binding>
  /** What the scope may shadow silently: parameters and loop variables of the language itself. */
  readonly marks: Map<string, Span>
}

export const innerScope = (parent: Scope | undefined): Scope => ({ parent, names: new Map(), marks: new Map() })

export const lookUp = (scope: Scope, name: string): Binding | undefined => {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const found = at.names.get(name)
    if (found !== undefined) return found
  }
  return undefined
}

export const hasMark = (scope: Scope, name: string): boolean => {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) if (at.marks.has(name)) return true
  return false
}

export const visibleNames = (scope: Scope): readonly string[] => {
  const names: string[] = []
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) names.push(...at.names.keys())
  return names
}

export const visibleMarks = (scope: Scope): readonly string[] => {
  const names: string[] = []
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) names.push(...at.marks.keys())
  return names
}

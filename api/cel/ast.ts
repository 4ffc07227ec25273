import type { Value } from './values.ts'

/** An expression. `at` is the offset to which messages about it point. */
export type Expr =
  | { readonly kind: 'const'; readonly at: number; readonly value: Value }
  | { readonly kind: 'ident'; readonly at: number; readonly name: string }
  | {
      readonly kind: 'select'
      readonly at: number
      readonly operand: Expr
      readonly field: string
      /** `has(a.b)` */
      readonly test: boolean
      /** `a.?b` */
      readonly optional: boolean
    }
  | {
      readonly kind: 'call'
      readonly at: number
      /** `_+_`, `_[_]`, `size`, `contains` */
      readonly name: string
      readonly target: Expr | undefined
      readonly args: readonly Expr[]
    }
  | { readonly kind: 'list'; readonly at: number; readonly items: readonly Entry[] }
  | { readonly kind: 'map'; readonly at: number; readonly entries: readonly (Entry & { readonly key: Expr })[] }
  | {
      readonly kind: 'struct'
      readonly at: number
      readonly type: string
      readonly fields: readonly (Entry & { readonly name: string; readonly at: number })[]
    }
  | Fold
  | {
      /** optMap, optFlatMap, cel.bind: `body` with `name` bound to `init` */
      readonly kind: 'bind'
      readonly at: number
      readonly name: string
      readonly init: Expr
      readonly body: Expr
      /** The value of the optional `init`; empty stays empty. */
      readonly optional: 'map' | 'flatMap'
    }

export interface Entry {
  readonly value: Expr
  /** `[?a]`, `{?k: v}`: left out when empty */
  readonly optional: boolean
}

/** A macro over a list or a map. */
export interface Fold {
  readonly kind: 'fold'
  readonly at: number
  readonly macro:
    | 'all'
    | 'exists'
    | 'existsOne'
    | 'map'
    | 'filter'
    | 'transformList'
    | 'transformMap'
    | 'transformMapEntry'
    | 'sortBy'
  readonly range: Expr
  readonly first: string
  readonly second: string | undefined
  readonly filter: Expr | undefined
  readonly body: Expr
}

/** A fault in an expression's text or types. */
export interface Issue {
  readonly at: number
  readonly message: string
}

/** `ERROR: <input>:1:24: …` with the line and a caret under the place (cel-go common.Error.ToDisplayString). */
export const issueText = (source: string, { at, message }: Issue): string => {
  const before = source.slice(0, at)
  const line = before.split('\n').length
  const column = [...before.slice(before.lastIndexOf('\n') + 1)].length
  const text = source.split('\n')[line - 1] ?? ''
  return `ERROR: <input>:${line}:${column + 1}: ${message}\n | ${text}\n | ${'.'.repeat(column)}^`
}

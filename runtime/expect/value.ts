import type { Json } from '../../api/object.ts'
import type { Micros } from '../../dsl/plan/micros.ts'
import type { Subject } from './subject.ts'

/**
 * What an expression is worth. Amounts keep their type, so that `250m` of a resource and `0.25` compare by value. `moves` is
 * how a duration or time changes with the clock: 1 of an age, 0 of a fixed one.
 */
export type Value =
  | { readonly kind: 'absent'; readonly what: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'quantity'; readonly text: string }
  | { readonly kind: 'percent'; readonly value: number }
  | { readonly kind: 'duration'; readonly micros: Micros; readonly moves: number }
  /** An instant of virtual time. */
  | { readonly kind: 'time'; readonly micros: Micros; readonly moves: number }
  | { readonly kind: 'regex'; readonly regex: RegExp }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  /** A map or anything else that is only compared whole. */
  | { readonly kind: 'json'; readonly json: Json }
  | { readonly kind: 'subject'; readonly subject: Subject }

export const booleanValue = (value: boolean): Value => (value ? yes : no)
export const numberValue = (value: number): Value => ({ kind: 'number', value })
export const stringValue = (value: string): Value => ({ kind: 'string', value })
export const durationValue = (micros: Micros, moves = 0): Value => ({ kind: 'duration', micros, moves })
export const listValue = (items: readonly Value[]): Value => ({ kind: 'list', items })
export const absentValue = (what: string): Value => ({ kind: 'absent', what })
export const subjectValue = (subject: Subject): Value => ({ kind: 'subject', subject })

const yes: Value = { kind: 'boolean', value: true }
const no: Value = { kind: 'boolean', value: false }

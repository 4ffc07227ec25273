import type { Field } from './field-types.ts'

/** What is known about a value before the run. */
export interface ValueInfo {
  readonly type: ValueType
  /** Of a list. */
  readonly item?: ValueInfo
  /** Of an object: `pods`, `deployments.apps`. */
  readonly resource?: string
  /** Its schema, if it is part of an object. */
  readonly field?: Field
}

export type ValueType =
  | 'int'
  | 'number'
  | 'string'
  | 'boolean'
  | 'duration'
  | 'quantity'
  | 'percent'
  | 'list'
  | 'object'
  | 'predicate'
  | 'regex'
  | 'unknown'

export const unknown: ValueInfo = { type: 'unknown' }
export const predicate: ValueInfo = { type: 'predicate' }
export const objectOf = (resource: string): ValueInfo => ({ type: 'object', resource })
export const listOf = (item: ValueInfo): ValueInfo => ({ type: 'list', item })

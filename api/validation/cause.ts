import { goQuote } from '../names/go-quote.ts'
import { internalJson } from './internal-json.ts'

/** One complaint about a field: a StatusCause as the server sends it. */
export interface Cause {
  readonly reason: CauseReason
  readonly message: string
  readonly field: string
}

export type CauseReason =
  | 'FieldValueNotFound'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueTooFew'
  | 'FieldValueTypeInvalid'
  | 'InternalError'

const withDetail = (head: string, detail: string): string => (detail === '' ? head : `${head}: ${detail}`)

/** A Go struct that is printed with its internal field names: the value and its type in types.json. */
export interface TypedValue {
  readonly typed: unknown
  readonly type: string
}

/** field.Error.ErrorBody's way to print a bad value. `{typed, type}` prints as the internal Go struct. */
const shown = (value: unknown): string => {
  switch (typeof value) {
    case 'string':
      return goQuote(value)
    case 'number':
    case 'boolean':
      return String(value)
    default:
      if (value === undefined || value === null) return 'null'
      if (typeof value === 'object' && 'typed' in value && 'type' in value) {
        return internalJson((value as TypedValue).typed, (value as TypedValue).type)
      }
      return goJson(value)
  }
}

/** encoding/json.Marshal escapes what would be markup in HTML. */
const goJson = (value: unknown): string =>
  (JSON.stringify(value) ?? 'null').replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

export const invalid = (field: string, value: unknown, detail: string): Cause => ({
  reason: 'FieldValueInvalid',
  message: withDetail(`Invalid value: ${shown(value)}`, detail),
  field,
})

/** field.Invalid with the value left out (OmitValueType). */
export const invalidUnshown = (field: string, detail: string): Cause => ({
  reason: 'FieldValueInvalid',
  message: withDetail('Invalid value', detail),
  field,
})

export const required = (field: string, detail = ''): Cause => ({
  reason: 'FieldValueRequired',
  message: withDetail('Required value', detail),
  field,
})

export const forbidden = (field: string, detail: string): Cause => ({
  reason: 'FieldValueForbidden',
  message: withDetail('Forbidden', detail),
  field,
})

export const duplicate = (field: string, value: unknown): Cause => ({
  reason: 'FieldValueDuplicate',
  message: `Duplicate value: ${shown(value)}`,
  field,
})

export const notFound = (field: string, value: unknown, detail = ''): Cause => ({
  reason: 'FieldValueNotFound',
  message: withDetail(`Not found: ${shown(value)}`, detail),
  field,
})

/** The values are listed as given: upstream sorts them in most places, not in all. */
export const notSupported = (field: string, value: unknown, supported: readonly string[]): Cause => ({
  reason: 'FieldValueNotSupported',
  message: withDetail(
    `Unsupported value: ${shown(value)}`,
    supported.length === 0 ? '' : `supported values: ${supported.map(goQuote).join(', ')}`,
  ),
  field,
})

export const tooLong = (field: string, max: number): Cause => ({
  reason: 'FieldValueTooLong',
  message:
    max < 0 ? 'Too long: value is too long' : `Too long: may not be more than ${max} ${max === 1 ? 'byte' : 'bytes'}`,
  field,
})

export const tooMany = (field: string, actual: number, max: number): Cause => ({
  reason: 'FieldValueTooMany',
  message: `Too many: ${actual}: must have at most ${max} ${max === 1 ? 'item' : 'items'}`,
  field,
})

export const internalError = (field: string, detail: string): Cause => ({
  reason: 'InternalError',
  message: `Internal error: ${detail}`,
  field,
})

/** A list of messages about one value. */
export const invalids = (field: string, value: unknown, messages: readonly string[]): Cause[] =>
  messages.map((message) => invalid(field, value, message))

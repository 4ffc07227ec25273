import { canonicalBase64 } from './base64.ts'
import { canonicalQuantityText, quantityFormatWrong } from './quantity-text.ts'
import { noteFatal, noteFatalTypeError, noteTypeError, type DecodeState } from './decode-state.ts'
import { canonicalTime } from './time-text.ts'
import type { ScalarShape } from './shape.ts'

/** How encoding/json calls a JSON value in a type error. */
export const jsonTypeName = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  const type = typeof value
  return type === 'boolean' ? 'bool' : type
}

const int = (value: unknown, shape: ScalarShape, state: DecodeState): number => {
  if (typeof value !== 'number') noteTypeError(state, jsonTypeName(value), shape.go)
  else if (!Number.isInteger(value) || (shape.kind === 'int32' && (value > 2147483647 || value < -2147483648))) {
    noteTypeError(state, `number ${String(value)}`, shape.go)
  } else return value === 0 ? 0 : value
  return 0
}

const intOrString = (value: unknown, state: DecodeState): number | string => {
  if (typeof value === 'string') return value
  if (typeof value !== 'number') noteFatalTypeError(state, jsonTypeName(value), 'int32')
  else if (!Number.isInteger(value) || value > 2147483647 || value < -2147483648) {
    noteFatalTypeError(state, `number ${String(value)}`, 'int32')
  } else return value
  return 0
}

/** Texts in the form in which the server itself writes times: nothing to parse but the ranges, which a look at the digits gives. */
const written = /^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/

/** metav1.Time unmarshals itself through a string: its type errors carry no field. */
const time = (value: unknown, micro: boolean, state: DecodeState): string | null => {
  if (typeof value !== 'string') {
    noteFatal(state, `json: cannot unmarshal ${jsonTypeName(value)} into Go value of type string`)
    return null
  }
  if (!micro && written.test(value)) return value
  const parsed = canonicalTime(value, micro)
  if (parsed.ok) return parsed.text
  noteFatal(state, parsed.message)
  return null
}

const quantity = (value: unknown, state: DecodeState): string => {
  if (typeof value === 'string' || typeof value === 'number') {
    const parsed = canonicalQuantityText(String(value))
    if (parsed.ok) return parsed.text
    noteFatal(state, parsed.message)
  } else {
    noteFatal(state, quantityFormatWrong)
  }
  return '0'
}

const bytes = (value: unknown, shape: ScalarShape, state: DecodeState): string => {
  if (typeof value !== 'string') {
    noteTypeError(state, jsonTypeName(value), shape.go)
    return ''
  }
  const parsed = canonicalBase64(value)
  if (parsed.ok) return parsed.text
  // encoding/json saves a base64 error and goes on, like a type error.
  state.saved ??= parsed.message
  return ''
}

/** A scalar that is not null, in the form in which the server writes it back. */
export const decodeScalar = (shape: ScalarShape, value: unknown, state: DecodeState): unknown => {
  switch (shape.kind) {
    case 'string':
      if (typeof value === 'string') return value
      noteTypeError(state, jsonTypeName(value), shape.go)
      return ''
    case 'bool':
      if (typeof value === 'boolean') return value
      noteTypeError(state, jsonTypeName(value), shape.go)
      return false
    case 'float':
      if (typeof value === 'number') return value
      noteTypeError(state, jsonTypeName(value), shape.go)
      return 0
    case 'int32':
    case 'int64':
      return int(value, shape, state)
    case 'intOrString':
      return intOrString(value, state)
    case 'time':
      return time(value, false, state)
    case 'microTime':
      return time(value, true, state)
    case 'quantity':
      return quantity(value, state)
    case 'bytes':
      return bytes(value, shape, state)
    case 'any':
      return value
  }
}

import { compileGoRegex } from '../cel/go-regex.ts'
import { invalid, type Cause } from '../validation/cause.ts'
import type { JSONSchemaProps } from '../types/apiextensions-v1.generated.ts'
import { hasFormat } from './formats.ts'
import { baseOf, fieldOf, type ValuePlace, type ValueResult } from './value-result.ts'

export const typeOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

const wrongType = (place: ValuePlace, types: string, shown: string): Cause => ({
  reason: 'FieldValueTypeInvalid',
  message: `Invalid value: ${JSON.stringify(shown)}: ${place.path} in body must be of type ${types}: ${JSON.stringify(shown)}`,
  field: fieldOf(place),
})

const length = (text: string): number => {
  let count = 0
  for (const _ of text) count += 1
  return count
}

const patterns = new Map<string, RegExp | string>()

/** undefined: the pattern is no regular expression, and nothing matches it. */
export const patternOf = (pattern: string): RegExp | undefined => {
  let made = patterns.get(pattern)
  if (made === undefined) patterns.set(pattern, (made = compileGoRegex(pattern)))
  return typeof made === 'string' ? undefined : made
}

/** The type of a value and its nullability (typeValidator). */
export const checkType = (schema: JSONSchemaProps, value: unknown, place: ValuePlace, result: ValueResult): boolean => {
  const types = schema['x-kubernetes-int-or-string'] === true ? ['integer', 'string'] : [schema.type ?? '']
  if (types[0] === '') return true
  result.checks += 1
  const type = typeOf(value)
  if (type === 'null') {
    if (schema.nullable === true) return true
    result.causes.push(wrongType(place, types.join(','), 'null'))
    return false
  }
  const fits = types.includes(type) || (type === 'integer' && types.includes('number'))
  if (!fits) result.causes.push(wrongType(place, types.join(','), type))
  return fits
}

const text = (schema: JSONSchemaProps, value: string, place: ValuePlace): Cause | undefined => {
  const { maxLength, minLength, pattern } = schema
  if (maxLength !== undefined && length(value) > maxLength) {
    const bytes = maxLength === 1 ? 'byte' : 'bytes'
    return {
      reason: 'FieldValueTooLong',
      message: `Too long: may not be more than ${maxLength} ${bytes}`,
      field: fieldOf(place),
    }
  }
  if (minLength !== undefined && length(value) < minLength) {
    return invalid(fieldOf(place), value, `${place.path} in body should be at least ${minLength} chars long`)
  }
  if (pattern !== undefined && pattern !== '' && patternOf(pattern)?.test(value) !== true) {
    return invalid(fieldOf(place), value, `${place.path} in body should match '${pattern}'`)
  }
  return undefined
}

export const checkText = (schema: JSONSchemaProps, value: string, place: ValuePlace, result: ValueResult): void => {
  result.checks += 1
  const cause = text(schema, value, place)
  if (cause !== undefined) result.causes.push(cause)
  const { format } = schema
  const looked = schema.type === undefined || schema.type === 'string'
  if (format === undefined || format === '' || !looked) return
  const has = hasFormat(format, value)
  if (has === undefined) return
  result.checks += 1
  if (!has) result.causes.push(wrongType(place, format, value))
}

const multiple = (value: number, factor: number, place: ValuePlace): Cause | undefined => {
  const whole = Number.isInteger(value)
  // Integers are divided as integers: a factor below one is none.
  const by = whole ? Math.trunc(factor) : factor
  if (by <= 0) {
    return invalid(fieldOf(place), by, `factor MultipleOf declared for ${place.path} must be positive: ${by}`)
  }
  const fits = whole ? value % by === 0 : Number.isInteger(by < 1 ? (1 / by) * value : value / by)
  return fits ? undefined : invalid(fieldOf(place), value, `${place.path} in body should be a multiple of ${factor}`)
}

const inRange = (schema: JSONSchemaProps, value: number): string | undefined => {
  const isInt32 = schema.format === 'int32'
  if (schema.type !== 'integer') return undefined
  const whole = Number.isInteger(value)
  const fits = whole && (!isInt32 || (value >= -2147483648 && value <= 2147483647))
  if (fits) return undefined
  return isInt32 ? 'integer with format int32' : 'integer (default format)'
}

/** numberValidator: that a number fits its type is told of the whole object, not of the field. */
export const checkNumber = (schema: JSONSchemaProps, value: number, place: ValuePlace, result: ValueResult): void => {
  result.checks += 1
  const misfit = inRange(schema, value)
  if (misfit !== undefined) {
    result.causes.push(invalid(baseOf(place), '', `Checked value must be of type ${misfit} in ${place.path}`))
  }
  const { multipleOf, maximum, minimum } = schema
  if (multipleOf !== undefined) {
    const cause = multiple(value, multipleOf, place)
    if (cause !== undefined) result.causes.push(cause)
  }
  if (maximum !== undefined && (schema.exclusiveMaximum === true ? value >= maximum : value > maximum)) {
    const than = schema.exclusiveMaximum === true ? 'less than' : 'less than or equal to'
    result.causes.push(invalid(fieldOf(place), value, `${place.path} in body should be ${than} ${maximum}`))
  }
  if (minimum !== undefined && (schema.exclusiveMinimum === true ? value <= minimum : value < minimum)) {
    const than = schema.exclusiveMinimum === true ? 'greater than' : 'greater than or equal to'
    result.causes.push(invalid(fieldOf(place), value, `${place.path} in body should be ${than} ${minimum}`))
  }
}

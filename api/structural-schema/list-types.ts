import { canonicalJson } from '../json/canonical-json.ts'
import { duplicate, invalid, type Cause } from '../validation/cause.ts'
import type { Structural } from './structural.ts'

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Of equal values, the place of the second one. */
const repeated = (values: readonly unknown[]): readonly number[] => {
  const seen = new Map<string, number>()
  const found: number[] = []
  values.forEach((value, index) => {
    const text = canonicalJson(value)
    const times = seen.get(text) ?? 0
    if (times === 1) found.push(index)
    seen.set(text, times + 1)
  })
  return found
}

const keysOf = (item: unknown, keys: readonly string[]): Fields =>
  isObject(item)
    ? Object.fromEntries(keys.filter((key) => Object.hasOwn(item, key)).map((key) => [key, item[key]]))
    : {}

const listCauses = (path: string, schema: Structural, value: readonly unknown[]): Cause[] => {
  const causes: Cause[] = []
  if (schema.listType === 'set') {
    for (const index of repeated(value)) causes.push(duplicate(`${path}[${index}]`, value[index]))
  } else if (schema.listType === 'map') {
    const odd = value.findIndex((item) => item !== null && !isObject(item))
    if (odd !== -1) {
      causes.push(invalid(`${path}[${odd}]`, value[odd], 'must be an object for an array of list-type map'))
    } else {
      const keys = value.map((item) => keysOf(item, schema.listMapKeys))
      for (const index of repeated(keys)) causes.push(duplicate(`${path}[${index}]`, keys[index]))
    }
  }
  const { items } = schema
  if (items !== undefined)
    value.forEach((item, index) => causes.push(...listTypeCauses(items, item, `${path}[${index}]`)))
  return causes
}

/** listtype.ValidateListSetsAndMaps: sets and keyed lists hold each element once. */
export const listTypeCauses = (schema: Structural, value: unknown, path = ''): Cause[] => {
  if (Array.isArray(value)) return listCauses(path, schema, value)
  if (!isObject(value)) return []
  const { additionalProperties } = schema
  return Object.keys(value).flatMap((key) => {
    const own = schema.properties.get(key)
    if (own !== undefined) return listTypeCauses(own, value[key], path === '' ? key : `${path}.${key}`)
    return typeof additionalProperties === 'object'
      ? listTypeCauses(additionalProperties, value[key], `${path}[${key}]`)
      : []
  })
}

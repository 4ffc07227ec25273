import { structuralEqual } from '../json/structural-equal.ts'
import type { JSONSchemaProps } from '../types/apiextensions-v1.generated.ts'
import { invalid, notSupported, required, tooMany, type Cause } from '../validation/cause.ts'
import { checkNumber, checkText, checkType } from './validate-scalar.ts'
import { baseOf, fieldOf, type ValuePlace, type ValueResult } from './value-result.ts'

// kube-openapi's validator (pkg/validation/validate), with the ratcheting of CRDs: what was wrong and has not changed stays.

type Fields = Readonly<Record<string, unknown>>

/** What stood in a value's place before; undefined: nothing that could be told to be the same value. */
interface Before {
  readonly value: unknown
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const oldField = (schema: JSONSchemaProps, before: Before | undefined, key: string): Before | undefined => {
  if (before === undefined || schema['x-kubernetes-map-type'] === 'atomic') return undefined
  return isObject(before.value) && Object.hasOwn(before.value, key) ? { value: before.value[key] } : undefined
}

/** Items of lists are the same by their key, or where the whole list has not changed. */
const oldItem = (
  schema: JSONSchemaProps,
  before: Before | undefined,
  list: readonly unknown[],
  index: number,
): Before | undefined => {
  if (before === undefined || !Array.isArray(before.value)) return undefined
  const old = before.value as readonly unknown[]
  if (schema['x-kubernetes-list-type'] !== 'map') {
    return structuralEqual(old, list) ? { value: old[index] } : undefined
  }
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  const item = list[index]
  const found = old.find(
    (one) => isObject(one) && isObject(item) && keys.every((key) => structuralEqual(one[key], item[key])),
  )
  return found === undefined ? undefined : { value: found }
}

const merge = (into: ValueResult, from: ValueResult): void => {
  into.causes.push(...from.causes)
  into.checks += from.checks
}

const junctor = (place: ValuePlace, what: string): Cause =>
  invalid(baseOf(place), '', `${JSON.stringify(place.path)} ${what}`)

const further = (best: ValueResult | undefined, one: ValueResult): ValueResult =>
  best === undefined || one.checks > best.checks ? one : best

const anyOf = (schemas: readonly JSONSchemaProps[], value: unknown, place: ValuePlace, result: ValueResult): void => {
  let best: ValueResult | undefined
  for (const schema of schemas) {
    const one = check(schema, value, place, undefined)
    if (one.causes.length === 0) {
      merge(result, one)
      return
    }
    best = further(best, one)
  }
  result.causes.push(junctor(place, 'must validate at least one schema (anyOf)'))
  if (best !== undefined) merge(result, best)
}

const oneOf = (schemas: readonly JSONSchemaProps[], value: unknown, place: ValuePlace, result: ValueResult): void => {
  const results = schemas.map((schema) => check(schema, value, place, undefined))
  const valid = results.filter((one) => one.causes.length === 0)
  if (valid.length === 1) {
    merge(result, valid[0]!)
    return
  }
  const found = valid.length === 0 ? 'Found none valid' : `Found ${valid.length} valid alternatives`
  result.causes.push(junctor(place, `must validate one and only one schema (oneOf). ${found}`))
  if (valid.length > 0) return
  const best = results.reduce<ValueResult | undefined>(further, undefined)
  if (best !== undefined) merge(result, best)
}

const allOf = (schemas: readonly JSONSchemaProps[], value: unknown, place: ValuePlace, result: ValueResult): void => {
  const results = schemas.map((schema) => check(schema, value, place, undefined))
  for (const one of results) merge(result, one)
  const valid = results.filter((one) => one.causes.length === 0).length
  if (valid === schemas.length) return
  result.causes.push(junctor(place, `must validate all the schemas (allOf)${valid === 0 ? '. None validated' : ''}`))
}

const junctors = (schema: JSONSchemaProps, value: unknown, place: ValuePlace, result: ValueResult): void => {
  const list = (one: unknown): readonly JSONSchemaProps[] => (one ?? []) as readonly JSONSchemaProps[]
  if (list(schema.anyOf).length > 0) anyOf(list(schema.anyOf), value, place, result)
  if (list(schema.oneOf).length > 0) oneOf(list(schema.oneOf), value, place, result)
  if (list(schema.allOf).length > 0) allOf(list(schema.allOf), value, place, result)
  const not = schema.not
  if (not !== undefined && check(not, value, place, undefined).causes.length === 0) {
    result.causes.push(junctor(place, 'must not validate the schema (not)'))
  }
  result.checks += 1
}

const checkList = (
  schema: JSONSchemaProps,
  value: readonly unknown[],
  place: ValuePlace,
  ...[result, before]: readonly [ValueResult, Before | undefined]
): void => {
  result.checks += 1
  const items = schema.items as JSONSchemaProps | undefined
  if (items !== undefined && !Array.isArray(items)) {
    value.forEach((item, index) => {
      const at = { ...place, path: `${place.path}[${index}]` }
      merge(result, check(items, item, at, oldItem(schema, before, value, index)))
    })
  }
  const { minItems, maxItems } = schema
  if (minItems !== undefined && value.length < minItems) {
    result.causes.push(
      invalid(fieldOf(place), value.length, `${place.path} in body should have at least ${minItems} items`),
    )
  }
  if (maxItems !== undefined && value.length > maxItems) {
    result.causes.push(tooMany(fieldOf(place), value.length, maxItems))
  }
}

const checkMap = (
  schema: JSONSchemaProps,
  value: Fields,
  place: ValuePlace,
  ...[result, before]: readonly [ValueResult, Before | undefined]
): void => {
  result.checks += 1
  const { minProperties, maxProperties } = schema
  const keys = Object.keys(value)
  if (minProperties !== undefined && keys.length < minProperties) {
    result.causes.push(
      invalid(fieldOf(place), keys.length, `${place.path} in body should have at least ${minProperties} properties`),
    )
  }
  if (maxProperties !== undefined && keys.length > maxProperties) {
    result.causes.push(tooMany(fieldOf(place), keys.length, maxProperties))
  }
  const properties = schema.properties ?? {}
  const additional = schema.additionalProperties as JSONSchemaProps | boolean | undefined
  for (const key of keys) {
    const own = Object.hasOwn(properties, key) ? properties[key] : undefined
    const next = own ?? (typeof additional === 'object' ? additional : undefined)
    if (next === undefined) {
      if (additional === false) {
        result.causes.push(
          invalid(fieldOf({ ...place, path: key }), '', `${place.path}.${key} in body is a forbidden property`),
        )
      }
      continue
    }
    const path = own !== undefined && place.path === '' ? key : `${place.path}.${key}`
    // The version of an object is not its writer's: it is never told to be unchanged.
    const unseen = place.path === '' && place.base === '' && (key === 'kind' || key === 'apiVersion')
    merge(result, check(next, value[key], { ...place, path }, unseen ? undefined : oldField(schema, before, key)))
  }
  for (const key of schema.required ?? []) {
    if (!Object.hasOwn(value, key)) result.causes.push(required(fieldOf({ ...place, path: `${place.path}.${key}` })))
  }
}

const checkEnum = (schema: JSONSchemaProps, value: unknown, place: ValuePlace, result: ValueResult): void => {
  result.checks += 1
  const values = schema.enum
  if (values === undefined || values.length === 0 || values.some((one) => structuralEqual(one, value))) return
  const shown = values.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
  result.causes.push(notSupported(fieldOf(place), value, shown))
}

const check = (schema: JSONSchemaProps, value: unknown, place: ValuePlace, before: Before | undefined): ValueResult => {
  const result: ValueResult = { causes: [], checks: 0 }
  checkType(schema, value, place, result)
  if (value === null || value === undefined) {
    if (schema.nullable !== true || schema.enum !== undefined) checkEnum(schema, value ?? null, place, result)
  } else {
    junctors(schema, value, place, result)
    if (typeof value === 'string') checkText(schema, value, place, result)
    else if (typeof value === 'number') checkNumber(schema, value, place, result)
    else if (Array.isArray(value)) checkList(schema, value, place, result, before)
    checkEnum(schema, value, place, result)
    if (isObject(value)) checkMap(schema, value, place, result, before)
  }
  const kept = result.causes.length > 0 && before !== undefined && structuralEqual(value, before.value)
  return kept ? { causes: [], checks: result.checks } : result
}

export interface ValueContext {
  /** The old value, where there is one and it may stay wrong if it has not changed. */
  readonly before?: { readonly value: unknown }
  /** Path of the value within its object: `status`, or empty. */
  readonly base?: string
}

/** ValidateCustomResource, ValidateCustomResourceUpdate: what a schema has against a value. */
export const validateValue = (schema: JSONSchemaProps, value: unknown, context: ValueContext = {}): readonly Cause[] =>
  check(schema, value, { path: '', base: context.base ?? '' }, context.before).causes

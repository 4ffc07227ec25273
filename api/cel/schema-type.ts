import type { JSONSchemaProps } from '../types/apiextensions-v1.generated.ts'
import { escapeName } from './escape.ts'
import {
  boolType,
  bytesType,
  doubleType,
  durationType,
  dynType,
  intType,
  listType,
  mapType,
  objectType,
  stringType,
  timestampType,
  type CelField,
  type CelType,
} from './types.ts'

/** MaxRequestSizeBytes of k8s.io/apiserver/pkg/apis/cel/config.go */
export const maxRequestSize = 3_145_728
const maxDuration = 32
const dateSize = 12
const [minTime, maxTime] = [22, 37]

/** Least bytes of a value in JSON (k8s.io/apiserver/pkg/cel/limits.go). */
const minSize = (type: CelType): number => type.minSerialized ?? 1

const text = { type: 'string' } satisfies JSONSchemaProps
const resourceProperties: Readonly<Record<string, JSONSchemaProps>> = {
  apiVersion: text,
  kind: text,
  metadata: { type: 'object', properties: { name: text, generateName: text } },
}

const longest = (schema: JSONSchemaProps): number => {
  if (schema.maxLength !== undefined) return Math.max(0, schema.maxLength) * 4
  const texts = (schema.enum ?? []).filter((one) => typeof one === 'string')
  return texts.length > 0 ? Math.max(...texts.map((one) => one.length)) : maxRequestSize - 2
}

const stringOf = (schema: JSONSchemaProps): CelType => {
  switch (schema.format) {
    case 'byte':
      return { ...bytesType, max: schema.maxLength ?? maxRequestSize - 2, minSerialized: 2 }
    case 'duration':
      return { ...durationType, max: maxDuration, minSerialized: 4 }
    case 'date':
      return { ...timestampType, max: dateSize, minSerialized: dateSize }
    case 'date-time':
      return { ...timestampType, max: maxTime, minSerialized: minTime }
    default:
      return { ...stringType, max: longest(schema), minSerialized: 2 }
  }
}

const arrayOf = (schema: JSONSchemaProps): CelType | undefined => {
  const { items } = schema
  const element = typeof items === 'object' && items !== null && !Array.isArray(items) ? schemaType(items) : undefined
  if (element === undefined) return undefined
  const kind = schema['x-kubernetes-list-type']
  return listType(element, {
    max:
      schema.maxItems === undefined
        ? Math.floor((maxRequestSize - 2) / (minSize(element) + 1))
        : Math.max(0, schema.maxItems),
    minSerialized: 2,
    ...(kind === 'set' || kind === 'map' ? { listType: kind } : {}),
    ...(kind === 'map' ? { listKeys: schema['x-kubernetes-list-map-keys'] ?? [] } : {}),
  })
}

const objectOf = (schema: JSONSchemaProps, isResource: boolean): CelType | undefined => {
  const extra = schema.additionalProperties
  if (typeof extra === 'object' && extra !== null) {
    const value = schemaType(extra)
    if (value === undefined) return undefined
    const max =
      schema.maxProperties === undefined
        ? Math.floor((maxRequestSize - 2) / (minSize(value) + 6))
        : Math.max(0, schema.maxProperties)
    return mapType(stringType, value, { max, minSerialized: 2 })
  }
  const properties: Readonly<Record<string, JSONSchemaProps>> = {
    ...schema.properties,
    ...(isResource ? resourceProperties : {}),
  }
  const fields = new Map<string, CelField>()
  let size = 2
  for (const property of Object.keys(properties)) {
    const type = schemaType(properties[property]!)
    if (type === undefined) continue
    const name = escapeName(property)
    const required = schema.required?.includes(property) === true
    if (name !== undefined) fields.set(name, { type, property, required })
    if (required && properties[property]!.default === undefined) size += property.length + minSize(type) + 4
  }
  return objectType('object', fields, { minSerialized: size })
}

/** SchemaDeclType of k8s.io/apiserver/pkg/cel/common/schemas.go: undefined where expressions cannot see it. */
export const schemaType = (
  schema: JSONSchemaProps,
  isResource: boolean = schema['x-kubernetes-embedded-resource'] === true,
): CelType | undefined => {
  if (schema['x-kubernetes-int-or-string'] === true)
    return {
      ...dynType,
      max: schema.maxLength === undefined ? maxRequestSize - 2 : Math.max(0, schema.maxLength) * 4,
      minSerialized: 1,
    }
  switch (isResource ? 'object' : schema.type) {
    case 'array':
      return arrayOf(schema)
    case 'object':
      return objectOf(schema, isResource)
    case 'string':
      return stringOf(schema)
    case 'boolean':
      return { ...boolType, minSerialized: 4 }
    case 'number':
      return { ...doubleType, minSerialized: 1 }
    case 'integer':
      return { ...intType, minSerialized: 1 }
    default:
      return undefined
  }
}

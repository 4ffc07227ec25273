import type { JSONSchemaProps, ValidationRule } from '../types/apiextensions-v1.generated.ts'
import { forbidden, invalid, notSupported, required, type Cause } from '../validation/cause.ts'

// ValidateCustomResourceDefinitionOpenAPISchema (apiextensions pkg/apis/apiextensions/validation/validation.go), but for CEL.

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string']
const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired']

interface Where {
  readonly root: boolean
  /** Inside apiVersion, kind or metadata. */
  readonly meta: boolean
  /** Why no default may stand here. */
  readonly noDefaults: string | undefined
}

const schemas = (value: unknown): readonly JSONSchemaProps[] => (value ?? []) as readonly JSONSchemaProps[]
const entries = (value: unknown): readonly (readonly [string, JSONSchemaProps])[] =>
  Object.entries((value ?? {}) as Readonly<Record<string, JSONSchemaProps>>)
const isEmpty = (value: unknown): boolean => value === undefined || Object.keys(value as object).length === 0

/** specStandardValidatorV3.validate */
const standard = (schema: JSONSchemaProps, where: Where, path: string): Cause[] => {
  const causes: Cause[] = []
  const type = schema.type ?? ''
  if (type !== '' && !types.includes(type)) causes.push(notSupported(`${path}.type`, type, types))
  if (schema.default !== undefined && schema.default !== null && where.noDefaults !== undefined) {
    causes.push(forbidden(`${path}.default`, `must not be set ${where.noDefaults}`))
  }
  if ((schema.id ?? '') !== '') causes.push(forbidden(`${path}.id`, 'id is not supported'))
  for (const key of ['additionalItems', 'patternProperties', 'definitions', 'dependencies'] as const) {
    const value = schema[key]
    const given = key === 'additionalItems' || key === 'dependencies' ? value !== undefined : !isEmpty(value)
    if (given) causes.push(forbidden(`${path}.${key}`, `${key} is not supported`))
  }
  if (schema.$ref !== undefined) causes.push(forbidden(`${path}.$ref`, '$ref is not supported'))
  if (type === 'null') {
    causes.push(forbidden(`${path}.type`, 'type cannot be set to null, use nullable as an alternative'))
  }
  if (Array.isArray(schema.items)) {
    causes.push(forbidden(`${path}.items`, 'items must be a schema object and not an array'))
  }
  if (where.meta && schema['x-kubernetes-embedded-resource'] === true) {
    causes.push(forbidden(`${path}.x-kubernetes-embedded-resource`, 'must not be used inside of resource meta'))
  }
  return causes
}

/** A field that is to have a type: missing is another complaint than wrong. */
const typed = (path: string, type: string | undefined, wanted: string, why: string): Cause[] => {
  if (type === wanted) return []
  return type === undefined || type === '' ? [required(`${path}.type`, why)] : [invalid(`${path}.type`, type, why)]
}

const mapTypeCauses = (schema: JSONSchemaProps, path: string): Cause[] => {
  const mapType = schema['x-kubernetes-map-type']
  if (mapType === undefined) return []
  const known = mapType === 'atomic' || mapType === 'granular'
  return [
    ...typed(path, schema.type, 'object', 'must be object if x-kubernetes-map-type is specified'),
    ...(known ? [] : [notSupported(`${path}.x-kubernetes-map-type`, mapType, ['atomic', 'granular'])]),
  ]
}

const setItems = (item: JSONSchemaProps, path: string): Cause[] => {
  const why = 'must be atomic as item of a list with x-kubernetes-list-type=set'
  const listType = item['x-kubernetes-list-type']
  if (item.type === 'array' && listType !== undefined && listType !== 'atomic') {
    return [invalid(`${path}.items.x-kubernetes-list-type`, listType, why)]
  }
  if (item.type === 'object' && item['x-kubernetes-map-type'] !== 'atomic') {
    return [invalid(`${path}.items.x-kubernetes-map-type`, listType, why)]
  }
  return []
}

const listMapCauses = (schema: JSONSchemaProps, item: JSONSchemaProps | undefined, path: string): Cause[] => {
  const causes: Cause[] = []
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  const at = `${path}.x-kubernetes-list-map-keys`
  if (keys.length === 0) causes.push(required(at, 'must not be empty if x-kubernetes-list-type is map'))
  if (schema.items === undefined) {
    causes.push(required(`${path}.items`, 'must have a schema if x-kubernetes-list-type is map'))
  }
  if (item === undefined) return causes
  if (item.type !== 'object') {
    const why = "must be object if parent array's x-kubernetes-list-type is map"
    return [...causes, invalid(`${path}.items.type`, item.type ?? '', why)]
  }
  const seen = new Set<string>()
  const properties = new Map(entries(item.properties))
  for (const key of keys) {
    const property = properties.get(key)
    if (property === undefined) causes.push(invalid(at, keys, 'entries must all be names of item properties'))
    else if (property.type === 'array' || property.type === 'object') {
      const why = "must be a scalar type if parent array's x-kubernetes-list-type is map"
      causes.push(invalid(`${path}.items.properties[${key}].type`, item.type, why))
    }
    if (seen.has(key)) causes.push(invalid(at, keys, 'must not contain duplicate entries'))
    seen.add(key)
  }
  return causes
}

/** validateMapListKeysMapSet */
const keyedItems = (schema: JSONSchemaProps, item: JSONSchemaProps | undefined, path: string): Cause[] => {
  const listType = schema['x-kubernetes-list-type']
  if (item === undefined || (listType !== 'set' && listType !== 'map')) return []
  const causes: Cause[] = []
  if (item.nullable === true) {
    causes.push(forbidden(`${path}.items.nullable`, `cannot be nullable when x-kubernetes-list-type is ${listType}`))
  }
  if (listType === 'set') return causes
  const properties = new Map(entries(item.properties))
  for (const key of schema['x-kubernetes-list-map-keys'] ?? []) {
    const property = properties.get(key)
    if (property === undefined) continue
    const at = `${path}.items.properties[${key}]`
    const why = 'this property is in x-kubernetes-list-map-keys, so it'
    if (item.required?.includes(key) !== true && (property.default ?? undefined) === undefined) {
      causes.push(required(`${at}.default`, `${why} must have a default or be a required property`))
    }
    if (property.nullable === true) causes.push(forbidden(`${at}.nullable`, `${why} cannot be nullable`))
  }
  return causes
}

const listTypeCauses = (schema: JSONSchemaProps, path: string): Cause[] => {
  const listType = schema['x-kubernetes-list-type']
  const item = Array.isArray(schema.items) ? undefined : (schema.items as JSONSchemaProps | undefined)
  const at = `${path}.x-kubernetes-list-type`
  const causes: Cause[] = []
  if (listType !== undefined) {
    const wrong = typed(path, schema.type, 'array', 'must be array if x-kubernetes-list-type is specified')
    causes.push(...wrong)
    if (wrong.length === 0 && listType === 'set' && item !== undefined) causes.push(...setItems(item, path))
    if (!['atomic', 'set', 'map'].includes(listType)) causes.push(notSupported(at, listType, ['atomic', 'set', 'map']))
  }
  if ((schema['x-kubernetes-list-map-keys'] ?? []).length > 0 && listType !== 'map') {
    const why = 'must be map if x-kubernetes-list-map-keys is non-empty'
    causes.push(listType === undefined ? required(at, why) : invalid(at, listType, why))
  }
  if (listType === 'map') causes.push(...listMapCauses(schema, item, path))
  return [...causes, ...keyedItems(schema, item, path)]
}

const ruleCauses = (rule: ValidationRule, path: string): Cause[] => {
  const causes: Cause[] = []
  const text = rule.rule.trim()
  const message = rule.message ?? ''
  if (text === '') causes.push(required(`${path}.rule`, 'rule is not specified'))
  else if (message !== '' && message.trim() === '') {
    causes.push(invalid(`${path}.message`, message, 'must be non-empty if specified'))
  } else if (message.trim().includes('\n')) {
    causes.push(invalid(`${path}.message`, message, 'must not contain line breaks'))
  } else if (text.includes('\n') && message.trim() === '') {
    causes.push(required(`${path}.message`, 'message must be specified if rule contains line breaks'))
  }
  if ((rule.messageExpression ?? '') !== '' && rule.messageExpression!.trim() === '') {
    causes.push(required(`${path}.messageExpression`, 'messageExpression must be non-empty if specified'))
  }
  if (rule.reason !== undefined && !reasons.includes(rule.reason)) {
    causes.push(notSupported(`${path}.reason`, rule.reason, reasons))
  }
  const fieldPath = rule.fieldPath ?? ''
  if (fieldPath !== '' && fieldPath.trim() === '') {
    causes.push(invalid(`${path}.fieldPath`, fieldPath, 'must be non-empty if specified'))
  }
  if (fieldPath.includes('\n')) causes.push(invalid(`${path}.fieldPath`, fieldPath, 'must not contain line breaks'))
  return causes
}

const identity = ['metadata', 'kind', 'apiVersion']

const below = (schema: JSONSchemaProps, where: Where, path: string): Cause[] => {
  const causes: Cause[] = []
  const inner: Where = { ...where, root: false }
  const additional = schema.additionalProperties as JSONSchemaProps | boolean | undefined
  if (additional !== undefined) {
    if (!isEmpty(schema.properties) && additional !== true) {
      causes.push(forbidden(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'))
    }
    if (typeof additional === 'object') {
      const noDefaults = where.meta ? 'inside additionalProperties applying to object metadata' : where.noDefaults
      causes.push(...schemaCauses(additional, `${path}.additionalProperties`, { ...inner, noDefaults }))
    }
  }
  const resource = where.root || schema['x-kubernetes-embedded-resource'] === true
  for (const [key, one] of entries(schema.properties)) {
    const meta = resource && identity.includes(key)
    const next: Where = {
      root: false,
      meta: where.meta || meta,
      noDefaults: meta && where.root ? `in top-level ${key}` : where.noDefaults,
    }
    causes.push(...schemaCauses(one, `${path}.properties[${key}]`, next))
  }
  if (schema.not !== undefined) causes.push(...schemaCauses(schema.not, `${path}.not`, inner))
  for (const key of ['allOf', 'oneOf', 'anyOf'] as const) {
    schemas(schema[key]).forEach((one, i) => causes.push(...schemaCauses(one, `${path}.${key}[${i}]`, inner)))
  }
  if (Array.isArray(schema.items)) {
    schemas(schema.items).forEach((one, i) => causes.push(...schemaCauses(one, `${path}.items[${i}]`, inner)))
  } else if (schema.items !== undefined) {
    causes.push(...schemaCauses(schema.items as JSONSchemaProps, `${path}.items`, inner))
  }
  return causes
}

const root: Where = { root: true, meta: false, noDefaults: undefined }

export const schemaCauses = (schema: JSONSchemaProps, path: string, where: Where = root): Cause[] => [
  ...standard(schema, where, path),
  ...(schema.uniqueItems === true
    ? [
        forbidden(
          `${path}.uniqueItems`,
          'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
        ),
      ]
    : []),
  ...below(schema, where, path),
  ...(schema['x-kubernetes-preserve-unknown-fields'] === false
    ? [invalid(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined')]
    : []),
  ...mapTypeCauses(schema, path),
  ...listTypeCauses(schema, path),
  ...(schema['x-kubernetes-validations'] ?? []).flatMap((rule, i) =>
    ruleCauses(rule, `${path}.x-kubernetes-validations[${i}]`),
  ),
]

import { compileGoRegex } from '../cel/go-regex.ts'
import { structuralEqual } from '../json/structural-equal.ts'
import type { JSONSchemaProps } from '../types/apiextensions-v1.generated.ts'
import { forbidden, invalid, required, type Cause } from '../validation/cause.ts'
import type { Structural } from './structural.ts'

// apiextensions-apiserver pkg/apiserver/schema/validation.go: what keeps a schema from being structural.

type Level = 'root' | 'item' | 'field'

const intOrString = [{ type: 'integer' }, { type: 'string' }]
const schemas = (value: unknown): readonly JSONSchemaProps[] => (value ?? []) as readonly JSONSchemaProps[]
const schemaMap = (value: unknown): readonly (readonly [string, JSONSchemaProps])[] =>
  Object.entries((value ?? {}) as Readonly<Record<string, JSONSchemaProps>>)

const patternCauses = (pattern: string | undefined, path: string): Cause[] => {
  if (pattern === undefined || pattern === '') return []
  const made = compileGoRegex(pattern)
  return typeof made === 'string'
    ? [invalid(`${path}.pattern`, pattern, `must be a valid regular expression, but isn't: ${made}`)]
    : []
}

interface Skips {
  readonly anyOf: boolean
  readonly firstAllOf: boolean
}
const noSkips: Skips = { anyOf: false, firstAllOf: false }

/** validateValueValidation: junctors and the pattern. */
const junctorCauses = (props: JSONSchemaProps, skips: Skips, path: string): Cause[] => [
  ...(skips.anyOf ? [] : schemas(props.anyOf).flatMap((one, i) => nested(one, noSkips, `${path}.anyOf[${i}]`))),
  ...schemas(props.allOf).flatMap((one, i) =>
    nested(one, { anyOf: skips.firstAllOf && i === 0, firstAllOf: false }, `${path}.allOf[${i}]`),
  ),
  ...schemas(props.oneOf).flatMap((one, i) => nested(one, noSkips, `${path}.oneOf[${i}]`)),
  ...(props.not === undefined ? [] : nested(props.not, noSkips, `${path}.not`)),
  ...patternCauses(props.pattern, path),
]

/** What a schema below a junctor may not say, and how the complaint calls that. */
const unstructural: readonly (readonly [keyof JSONSchemaProps, string])[] = [
  ['type', 'must be empty to be structural'],
  ['default', 'must be undefined to be structural'],
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'],
  ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
  ['x-kubernetes-validations', 'must be empty to be structural'],
]

const isSet = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  value !== '' &&
  value !== false &&
  !(Array.isArray(value) && value.length === 0)

const nested = (props: JSONSchemaProps, skips: Skips, path: string): Cause[] => {
  const causes = junctorCauses(props, skips, path)
  if (props.items !== undefined) causes.push(...nested(props.items as JSONSchemaProps, noSkips, `${path}.items`))
  for (const [key, one] of schemaMap(props.properties))
    causes.push(...nested(one, noSkips, `${path}.properties[${key}]`))
  for (const [key, what] of unstructural) if (isSet(props[key])) causes.push(forbidden(`${path}.${key}`, what))
  if (props.additionalProperties !== undefined) {
    causes.push(forbidden(`${path}.additionalProperties`, 'must be undefined to be structural'))
  }
  if (schemaMap(props.properties).some(([key]) => key === 'metadata')) {
    causes.push(forbidden(`${path}.properties[metadata]`, 'must not be specified in a nested context'))
  }
  return causes
}

const emptyType: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
}

const metadataCauses = (schema: Structural, checked: boolean, level: Level, path: string): Cause[] => {
  const causes: Cause[] = []
  if (checked && schema.type !== 'object') causes.push(invalid(`${path}.type`, schema.type, 'must be object'))
  if (level !== 'root') return causes
  const { type: _, default: __, properties, ...rest } = schema.props
  const names = Object.keys(properties ?? {})
  const plain = names.length <= 2 && names.every((name) => name === 'name' || name === 'generateName')
  if (!plain || Object.values(rest).some(isSet)) {
    causes.push(
      forbidden(
        path,
        'must not specify anything other than name and generateName, but metadata is implicitly specified',
      ),
    )
  }
  return causes
}

const identityCauses = (schema: Structural, path: string): Cause[] =>
  ['kind', 'apiVersion'].flatMap((key) => {
    const one = schema.properties.get(key)
    return one === undefined || one.type === 'string'
      ? []
      : [invalid(`${path}.properties[${key}].type`, one.type, 'must be string')]
  })

const typeCauses = (schema: Structural, level: Level, path: string): Cause[] => {
  const embedded = 'must be object if x-kubernetes-embedded-resource is true'
  if (schema.embeddedResource && schema.type !== 'object') {
    return schema.type === '' ? [required(`${path}.type`, embedded)] : [invalid(`${path}.type`, schema.type, embedded)]
  }
  if (schema.type === '' && !schema.intOrString && !schema.preserveUnknownFields) {
    return [required(`${path}.type`, emptyType[level])]
  }
  return []
}

const invariants = (schema: Structural, level: Level, path: string): Cause[] => {
  const { props, additionalProperties, items } = schema
  const causes: Cause[] = []
  if (schema.type === 'array' && items === undefined) causes.push(required(`${path}.items`, 'must be specified'))
  if (items !== undefined) causes.push(...invariants(items, 'item', `${path}.items`))
  for (const [key, one] of schema.properties) causes.push(...invariants(one, 'field', `${path}.properties[${key}]`))
  if (additionalProperties !== undefined) {
    if (level === 'root') causes.push(forbidden(`${path}.additionalProperties`, 'must not be used at the root'))
    if (typeof additionalProperties === 'object') {
      causes.push(...invariants(additionalProperties, 'field', `${path}.additionalProperties`))
    }
  }
  const exclusive = 'must be false if x-kubernetes-int-or-string is true'
  if (schema.intOrString && schema.preserveUnknownFields) {
    causes.push(invalid(`${path}.x-kubernetes-preserve-unknown-fields`, true, exclusive))
  }
  if (schema.intOrString && schema.embeddedResource) {
    causes.push(invalid(`${path}.x-kubernetes-embedded-resource`, true, exclusive))
  }
  const skips: Skips = {
    anyOf: structuralEqual(props.anyOf, intOrString),
    firstAllOf: structuralEqual(schemas(props.allOf)[0]?.anyOf, intOrString),
  }
  causes.push(...junctorCauses(props, skips, path))
  const checked = level === 'root' || schema.embeddedResource
  causes.push(...typeCauses(schema, level, path))
  if (schema.embeddedResource && additionalProperties !== undefined) {
    causes.push(forbidden(`${path}.additionalProperties`, 'must not be used if x-kubernetes-embedded-resource is set'))
  }
  if (level === 'root' && schema.type !== '' && schema.type !== 'object') {
    causes.push(invalid(`${path}.type`, schema.type, 'must be object at the root'))
  }
  if (checked) causes.push(...identityCauses(schema, path))
  const metadata = schema.properties.get('metadata')
  if (metadata !== undefined) causes.push(...metadataCauses(metadata, checked, level, `${path}.properties[metadata]`))
  if (schema.embeddedResource && !schema.preserveUnknownFields && schema.properties.size === 0) {
    const why =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields'
    causes.push(required(`${path}.properties`, why))
  }
  return causes
}

/** Every field and item that a junctor of the root speaks of must be specified outside of it (validateStructuralCompleteness). */
const completeness = (props: JSONSchemaProps, schema: Structural | undefined, path: string, outer: string): Cause[] => {
  if (schema === undefined) return [required(outer, `because it is defined in ${path}`)]
  const causes: Cause[] = []
  const junctors: readonly (readonly [string, JSONSchemaProps])[] = [
    ...(['anyOf', 'allOf', 'oneOf'] as const).flatMap((key) =>
      schemas(props[key]).map((one, i) => [`${path}.${key}[${i}]`, one] as const),
    ),
    ...(props.not === undefined ? [] : [[`${path}.not`, props.not] as const]),
  ]
  for (const [at, one] of junctors) causes.push(...nestedCompleteness(one, schema, at, outer))
  return causes
}

const nestedCompleteness = (props: JSONSchemaProps, schema: Structural, path: string, outer: string): Cause[] => {
  const causes = completeness(props, schema, path, outer)
  if (props.items !== undefined) {
    if (schema.items === undefined) causes.push(required(`${outer}.items`, `because it is defined in ${path}.items`))
    else
      causes.push(
        ...nestedCompleteness(props.items as JSONSchemaProps, schema.items, `${path}.items`, `${outer}.items`),
      )
  }
  for (const [key, one] of schemaMap(props.properties)) {
    const own = schema.properties.get(key)
    const at = `properties[${key}]`
    if (own === undefined) causes.push(required(`${outer}.${at}`, `because it is defined in ${path}.${at}`))
    else causes.push(...nestedCompleteness(one, own, `${path}.${at}`, `${outer}.${at}`))
  }
  return causes
}

/** ValidateStructural, sorted as upstream's by field and message. */
export const structuralCauses = (schema: Structural, path: string): readonly Cause[] => {
  const line = ({ field, message }: Cause): string => `${field}: ${message}`
  return [...invariants(schema, 'root', path), ...completeness(schema.props, schema, path, path)].sort((a, b) =>
    line(a) < line(b) ? -1 : line(a) > line(b) ? 1 : 0,
  )
}

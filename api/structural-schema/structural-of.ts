import type { JSONSchemaProps } from '../types/apiextensions-v1.generated.ts'
import type { Structural } from './structural.ts'

const made = new WeakMap<object, Structural>()
const noProperties: ReadonlyMap<string, Structural> = new Map()
const nothing: readonly never[] = Object.freeze([])

/** NewStructural. A schema that is not structural is still read: validation of the definition tells what is wrong with it. */
export const structuralOf = (props: JSONSchemaProps): Structural => {
  const known = made.get(props)
  if (known !== undefined) return known
  const { properties, additionalProperties, items } = props
  const has = 'default' in props && props.default !== undefined
  const structural: Structural = {
    type: props.type ?? '',
    nullable: props.nullable === true,
    preserveUnknownFields: props['x-kubernetes-preserve-unknown-fields'] === true,
    embeddedResource: props['x-kubernetes-embedded-resource'] === true,
    intOrString: props['x-kubernetes-int-or-string'] === true,
    default: has ? { value: props.default } : undefined,
    properties:
      properties === undefined
        ? noProperties
        : new Map(Object.entries(properties).map(([name, one]) => [name, structuralOf(one)])),
    additionalProperties:
      typeof additionalProperties === 'object' && additionalProperties !== null
        ? structuralOf(additionalProperties)
        : (additionalProperties as boolean | undefined),
    items: typeof items === 'object' && items !== null && !Array.isArray(items) ? structuralOf(items) : undefined,
    listType: props['x-kubernetes-list-type'],
    listMapKeys: props['x-kubernetes-list-map-keys'] ?? nothing,
    mapType: props['x-kubernetes-map-type'],
    rules: props['x-kubernetes-validations'] ?? nothing,
    props,
  }
  if (Object.isFrozen(props)) made.set(props, structural)
  return structural
}

const unknownToStructure = [
  'id',
  '$ref',
  'additionalItems',
  'patternProperties',
  'definitions',
  'dependencies',
] as const

/** Whether a schema, and all below it, uses nothing that a structural schema cannot hold at all (where NewStructural gives up). */
export const fitsStructure = (props: JSONSchemaProps): boolean => {
  if (unknownToStructure.some((key) => props[key] !== undefined) || Array.isArray(props.items)) return false
  const one = (value: unknown): boolean => typeof value !== 'object' || value === null || fitsStructure(value)
  const each = (value: unknown): boolean => Object.values(value ?? {}).every(one)
  return (
    [props.items, props.not, props.additionalProperties].every(one) &&
    [props.properties, props.allOf, props.anyOf, props.oneOf].every(each)
  )
}

/** Of an object whose definition has no schema: everything is kept. */
export const anything: Structural = Object.freeze(
  structuralOf(Object.freeze({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true })),
)

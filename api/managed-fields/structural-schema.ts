import { typeAtom } from './type-schema.ts'
import { untypedAtomic, untypedDeduced, type Atom, type AtomRef, type FieldAtom } from './value-schema.ts'

/** The parts of a CustomResourceDefinition's openAPIV3Schema that decide about ownership. */
export interface StructuralSchema {
  readonly type?: string
  readonly properties?: { readonly [name: string]: StructuralSchema }
  readonly additionalProperties?: StructuralSchema | boolean
  readonly items?: StructuralSchema
  readonly default?: unknown
  readonly 'x-kubernetes-list-type'?: string
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-map-type'?: string
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
  readonly 'x-kubernetes-int-or-string'?: boolean
  readonly 'x-kubernetes-embedded-resource'?: boolean
}

const atoms = new WeakMap<StructuralSchema, Atom>()

const refOf =
  (schema: StructuralSchema): AtomRef =>
  () =>
    schemaAtom(schema)

const metadataAtom: AtomRef = () => typeAtom('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta')
const textAtom: AtomRef = () => ({ scalar: 'string' })

const objectAtom = (schema: StructuralSchema, isResource: boolean): Atom => {
  const fields = new Map<string, FieldAtom>()
  for (const name of Object.keys(schema.properties ?? {})) {
    const property = schema.properties?.[name]
    if (property !== undefined) fields.set(name, { atom: refOf(property), default: property.default })
  }
  if (isResource) {
    fields.set('apiVersion', { atom: textAtom })
    fields.set('kind', { atom: textAtom })
    fields.set('metadata', { atom: metadataAtom })
  }
  const { additionalProperties } = schema
  let element: AtomRef | undefined
  if (typeof additionalProperties === 'object') element = refOf(additionalProperties)
  else if (additionalProperties === true || schema['x-kubernetes-preserve-unknown-fields'] === true) {
    element = () => untypedDeduced
  }
  return { map: { fields, element, atomic: schema['x-kubernetes-map-type'] === 'atomic' } }
}

const compute = (schema: StructuralSchema, isResource: boolean): Atom => {
  if (schema['x-kubernetes-int-or-string'] === true) return { scalar: 'untyped' }
  switch (schema.type) {
    case 'object':
      return objectAtom(schema, isResource || schema['x-kubernetes-embedded-resource'] === true)
    case 'array': {
      const listType = schema['x-kubernetes-list-type']
      const kind = listType === 'map' || listType === 'set' ? listType : 'atomic'
      const element = schema.items === undefined ? () => untypedAtomic : refOf(schema.items)
      return { list: { element, kind, keys: schema['x-kubernetes-list-map-keys'] ?? [] } }
    }
    case 'string':
      return { scalar: 'string' }
    case 'integer':
    case 'number':
      return { scalar: 'numeric' }
    case 'boolean':
      return { scalar: 'boolean' }
    default:
      return schema['x-kubernetes-preserve-unknown-fields'] === true ? untypedDeduced : untypedAtomic
  }
}

const schemaAtom = (schema: StructuralSchema): Atom => {
  const known = atoms.get(schema)
  if (known !== undefined) return known
  const atom = compute(schema, false)
  atoms.set(schema, atom)
  return atom
}

const resources = new WeakMap<StructuralSchema, Atom>()

/** The atom of a custom resource: its schema with apiVersion, kind and metadata; without a schema everything is deduced. */
export const customResourceAtom = (schema: StructuralSchema | undefined): Atom => {
  if (schema === undefined) return untypedDeduced
  const known = resources.get(schema)
  if (known !== undefined) return known
  const atom = schema.type === undefined ? untypedDeduced : compute(schema, true)
  resources.set(schema, atom)
  return atom
}

import typesJson from '../../api/schema/data/types.json' with { type: 'json' }
import type { ValueType } from './value-info.ts'

/** A field as types.json (v1.36.3) or a CustomResourceDefinition describes it. */
export interface Field {
  readonly ref?: string
  readonly type?: string
  readonly format?: string
  readonly items?: Field
  /** Of a map. */
  readonly values?: Field
  /** Of a custom resource: its own fields; unknown ones are kept if `open`. */
  readonly fields?: Readonly<Record<string, Field>>
  readonly open?: boolean
  readonly keys?: readonly string[]
  readonly list?: string
  readonly mergeKey?: string
}

interface TypeEntry {
  readonly fields?: Readonly<Record<string, Field>>
}

const types = typesJson as Readonly<Record<string, TypeEntry>>

const special: Readonly<Record<string, ValueType>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'quantity',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': 'string',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 'string',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'unknown',
}

/** The fields of a struct; undefined: anything may stand there, or it is none. */
export const fieldsOf = (field: Field): Readonly<Record<string, Field>> | undefined =>
  field.fields ?? (field.ref === undefined ? undefined : types[field.ref]?.fields)

/** The field behind a name; undefined: there is none; 'any': nothing is known. */
export const fieldNamed = (field: Field, name: string): Field | 'any' | undefined => {
  const fields = fieldsOf(field)
  if (fields !== undefined) return Object.hasOwn(fields, name) ? fields[name] : field.open === true ? 'any' : undefined
  if (field.values !== undefined) return field.values
  return field.type === 'object' || field.type === undefined ? 'any' : undefined
}

/** What a field holds. */
export const valueTypeOf = (field: Field): ValueType => {
  if (field.ref !== undefined) return special[field.ref] ?? 'unknown'
  switch (field.type) {
    case 'string':
      return 'string'
    case 'integer':
      return 'int'
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'array':
      return 'list'
    default:
      return 'unknown'
  }
}

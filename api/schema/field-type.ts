import typesJson from './data/types.json' with { type: 'json' }

/** A field of the API as its schema states it (api/schema/data/types.json). */
export interface FieldType {
  readonly ref?: string
  readonly type?: string
  readonly format?: string
  readonly items?: FieldType
  readonly values?: FieldType
  readonly list?: 'atomic' | 'set' | 'map'
  readonly keys?: readonly string[]
  readonly patch?: string
  readonly mergeKey?: string
}

interface ObjectType {
  readonly fields?: Readonly<Record<string, FieldType>>
}

const types = typesJson as Readonly<Record<string, ObjectType>>
const quantityType = 'io.k8s.apimachinery.pkg.api.resource.Quantity'
const intOrStringType = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString'
const timeTypes = ['io.k8s.apimachinery.pkg.apis.meta.v1.Time', 'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime']

/** The type of a field of a type; undefined where the schema does not say. */
export const fieldOf = (type: FieldType | undefined, name: string): FieldType | undefined =>
  type === undefined
    ? undefined
    : (type.values ?? (type.ref === undefined ? undefined : types[type.ref]?.fields?.[name]))

/** How a leaf is compared: by what amount it means rather than by its text. */
export type Leaf = 'quantity' | 'int-or-string' | 'time' | 'integer' | 'number' | 'boolean' | 'other'

export const leafOf = (type: FieldType | undefined): Leaf => {
  if (type?.ref === quantityType) return 'quantity'
  if (type?.ref === intOrStringType) return 'int-or-string'
  if (type?.ref !== undefined && timeTypes.includes(type.ref)) return 'time'
  if (type?.type === 'integer' || type?.type === 'boolean' || type?.type === 'number') return type.type
  return 'other'
}

/** How items of a list are told apart, if not by their place: the keys of server-side apply, or those of a strategic merge patch. */
export const keysOfList = (type: FieldType | undefined): readonly string[] | undefined => {
  if (type?.list === 'map' && type.keys !== undefined) return type.keys
  return type?.mergeKey !== undefined && type.patch?.includes('merge') === true ? [type.mergeKey] : undefined
}

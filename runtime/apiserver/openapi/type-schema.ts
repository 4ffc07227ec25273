import typesJson from '../../../api/schema/data/types.json' with { type: 'json' }

/** type → field → text; the field '' is the type itself (api/schema/data/descriptions.json). */
export type Descriptions = Readonly<Record<string, Readonly<Record<string, string>>>>

export type OpenApiSchema = Readonly<Record<string, unknown>>

interface TypeField {
  readonly ref?: string
  readonly type?: string
  readonly format?: string
  readonly items?: TypeField
  readonly values?: TypeField
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly list?: string
  readonly keys?: readonly string[]
  readonly map?: string
  readonly patch?: string
  readonly mergeKey?: string
}

interface TypeEntry {
  readonly kinds?: readonly string[]
  readonly type?: string
  readonly format?: string
  readonly oneOf?: readonly unknown[]
  readonly required?: readonly string[]
  readonly fields?: Readonly<Record<string, TypeField>>
  readonly map?: string
  readonly unions?: unknown
}

const types = typesJson as Readonly<Record<string, TypeEntry>>

export const refTo = (name: string): OpenApiSchema => ({ $ref: `#/components/schemas/${name}` })

/** A reference may have no siblings in OpenAPI 3.0: with a text or a default it is wrapped. */
const fieldSchema = (field: TypeField, description: string | undefined): OpenApiSchema => {
  const extra: Record<string, unknown> = {
    ...(description === undefined ? {} : { description }),
    ...(field.default === undefined ? {} : { default: field.default }),
    ...(field.map === undefined ? {} : { 'x-kubernetes-map-type': field.map }),
    ...(field.list === undefined ? {} : { 'x-kubernetes-list-type': field.list }),
    ...(field.keys === undefined ? {} : { 'x-kubernetes-list-map-keys': field.keys }),
    ...(field.patch === undefined ? {} : { 'x-kubernetes-patch-strategy': field.patch }),
    ...(field.mergeKey === undefined ? {} : { 'x-kubernetes-patch-merge-key': field.mergeKey }),
  }
  if (field.ref !== undefined) {
    return Object.keys(extra).length === 0 ? refTo(field.ref) : { ...extra, allOf: [refTo(field.ref)] }
  }
  return {
    ...extra,
    ...(field.values === undefined ? { type: field.type } : { type: 'object' }),
    ...(field.format === undefined ? {} : { format: field.format }),
    ...(field.enum === undefined ? {} : { enum: field.enum }),
    ...(field.items === undefined ? {} : { items: fieldSchema(field.items, undefined) }),
    ...(field.values === undefined ? {} : { additionalProperties: fieldSchema(field.values, undefined) }),
  }
}

const kindOf = (text: string): object => {
  const parts = text.split('/')
  const kind = parts.pop()!
  const version = parts.pop()!
  return { group: parts.pop() ?? '', kind, version }
}

/** The OpenAPI 3.0 schema of a built-in type; undefined for an unknown name. */
export const typeSchema = (name: string, descriptions: Descriptions): OpenApiSchema | undefined => {
  const entry = types[name]
  if (entry === undefined) return undefined
  const texts = descriptions[name]
  const own = texts?.['']
  const properties = Object.fromEntries(
    Object.entries(entry.fields ?? {}).map(([field, one]) => [field, fieldSchema(one, texts?.[field])]),
  )
  return {
    ...(own === undefined ? {} : { description: own }),
    ...(entry.oneOf === undefined ? { type: entry.type ?? 'object' } : { oneOf: entry.oneOf }),
    ...(entry.format === undefined ? {} : { format: entry.format }),
    ...(entry.required === undefined ? {} : { required: entry.required }),
    ...(entry.fields === undefined ? {} : { properties }),
    ...(entry.map === undefined ? {} : { 'x-kubernetes-map-type': entry.map }),
    ...(entry.unions === undefined ? {} : { 'x-kubernetes-unions': entry.unions }),
    ...(entry.kinds === undefined ? {} : { 'x-kubernetes-group-version-kind': entry.kinds.map(kindOf) }),
  }
}

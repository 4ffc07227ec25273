import { goQuote } from '../names/go-quote.ts'
import typesJson from '../schema/data/types.json' with { type: 'json' }

/** How a field is patched: what types.json says of it. */
export interface TypeField {
  readonly ref?: string
  readonly type?: string
  readonly items?: TypeField
  readonly values?: TypeField
  readonly list?: 'atomic' | 'set' | 'map'
  readonly keys?: readonly string[]
  readonly map?: 'atomic' | 'granular'
  readonly patch?: string
  readonly mergeKey?: string
}
export interface TypeEntry {
  readonly map?: 'atomic' | 'granular'
  readonly fields?: { readonly [field: string]: TypeField }
}

export const typeEntries = typesJson as Readonly<Record<string, TypeEntry>>

/** Where a strategic merge patch is in the types: a named type, or a field that is a map or a list of something. */
export type PatchSchema = { readonly type: string } | { readonly field: TypeField }

export interface PatchMeta {
  readonly schema: PatchSchema
  /** '', 'merge' or 'replace'. */
  readonly strategy: string
  readonly mergeKey: string
  /** Patches of it name the fields that stay. */
  readonly retainKeys: boolean
}

const schemaOf = (field: TypeField): PatchSchema => (field.ref === undefined ? { field } : { type: field.ref })

/** LookupPatchMetadataForStruct: a complaint where the type has no such field. */
export const lookupField = (schema: PatchSchema, name: string): PatchMeta | { readonly error: string } => {
  if ('field' in schema) {
    const { values } = schema.field
    return {
      schema: values === undefined ? { field: {} } : schemaOf(values),
      strategy: '',
      mergeKey: '',
      retainKeys: false,
    }
  }
  const fields = typeEntries[schema.type]?.fields
  const field = fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined
  if (field === undefined) {
    const type = schema.type.slice(schema.type.lastIndexOf('.') + 1)
    return { error: `unable to find api field in struct ${type} for the json field ${goQuote(name)}` }
  }
  const strategy = (field.patch ?? '').split(',').find((one) => one !== '' && one !== 'retainKeys') ?? ''
  return {
    schema: schemaOf(field),
    strategy,
    mergeKey: field.mergeKey ?? '',
    retainKeys: (field.patch ?? '').split(',').includes('retainKeys'),
  }
}

/** LookupPatchMetadataForSlice: the schema is that of the items. */
export const lookupList = (schema: PatchSchema, name: string): PatchMeta | { readonly error: string } => {
  const meta = lookupField(schema, name)
  if ('error' in meta || 'type' in meta.schema) return meta
  const { items } = meta.schema.field
  return { ...meta, schema: items === undefined ? { field: {} } : schemaOf(items) }
}

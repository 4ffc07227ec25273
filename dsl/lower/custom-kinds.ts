import type { Field } from '../names/field-types.ts'
import type { CustomKind } from '../names/kinds.ts'
import type { Template } from '../plan/document.ts'

type Map_ = { readonly [key: string]: Template }
const map = (value: Template | undefined): Map_ =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Map_) : {}
const list = (value: Template | undefined): readonly Template[] =>
  Array.isArray(value) ? (value as readonly Template[]) : []
const text = (value: Template | undefined): string => (typeof value === 'string' ? value : '')

/** The kinds that a CustomResourceDefinition adds, one for each served version. */
export const customKindOf = (definition: Template): readonly CustomKind[] => {
  const spec = map(map(definition).spec)
  const names = map(spec.names)
  const group = text(spec.group)
  const kind = text(names.kind)
  const plural = text(names.plural)
  if (group === '' || kind === '' || plural === '') return []
  const served = list(spec.versions)
    .map(map)
    .filter((one) => one.served !== false && text(one.name) !== '')
  return served.map((version): CustomKind => {
    const apiVersion = `${group}/${text(version.name)}`
    const schema = map(version.schema).openAPIV3Schema
    return {
      resource: {
        group,
        version: text(version.name),
        kind,
        plural,
        singular: text(names.singular) || kind.toLowerCase(),
        shortNames: list(names.shortNames).map(text),
        categories: list(names.categories).map(text),
        namespaced: spec.scope !== 'Cluster',
        verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
        type: undefined,
        etcdPrefix: `/registry/${group}/${plural}`,
        generation: true,
        unconditionalUpdate: false,
        createOnUpdate: false,
        fieldSelectors: ['metadata.name', 'metadata.namespace'],
        subresources: Object.keys(map(version.subresources)),
        id: `${apiVersion}/${kind}`,
        apiVersion,
      },
      schema: schema === undefined ? undefined : whole(fieldOf(map(schema))),
    }
  })
}

/** Every object has these besides what its schema names. */
const whole = (field: Field): Field => ({
  ...field,
  open: field.fields === undefined || field.open === true,
  fields: {
    ...field.fields,
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { ref: 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' },
  },
})

/** A structural schema, as far as names and types of fields go. */
const fieldOf = (schema: Map_): Field => {
  const type = text(schema.type)
  const additional = schema.additionalProperties
  const properties = map(schema.properties)
  const open =
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    (Object.keys(properties).length === 0 && additional === undefined)
  if (schema['x-kubernetes-embedded-resource'] === true) return { type: 'object' }
  if (type === 'array') return { type, items: fieldOf(map(schema.items)) }
  if (type === 'object' && typeof additional === 'object' && additional !== null)
    return { type, values: fieldOf(map(additional)) }
  if (type === 'object' || Object.keys(properties).length > 0) {
    if (open && Object.keys(properties).length === 0) return { type: 'object' }
    return {
      type: 'object',
      open: open || additional === true,
      fields: Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, fieldOf(map(one))])),
    }
  }
  return type === '' ? {} : { type }
}

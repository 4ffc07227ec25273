import typesJson from '../../../api/schema/data/types.json' with { type: 'json' }
import type { JSONSchemaProps } from '../../../api/types/apiextensions-v1.generated.ts'
import type { Resource } from '../../../api/protocol/resource.ts'
import type { CatalogVersion } from '../discovery/catalog.ts'
import { resourcePaths, tagOf, type EntryTypes, type PathItem } from './resource-paths.ts'
import { refTo, typeSchema, type Descriptions, type OpenApiSchema } from './type-schema.ts'

interface KindsEntry {
  readonly kinds?: readonly string[]
}

let byKind: Map<string, string> | undefined
/** Name of the type of a kind; a kind that has no type of its own (PodExecOptions) is a string to its callers. */
const typeOfKind = (kind: { readonly group: string; readonly version: string; readonly kind: string }): string => {
  if (byKind === undefined) {
    byKind = new Map()
    for (const [name, { kinds }] of Object.entries(typesJson as Readonly<Record<string, KindsEntry>>)) {
      for (const one of kinds ?? []) byKind.set(one, name)
    }
  }
  return byKind.get(`${kind.group === '' ? '' : `${kind.group}/`}${kind.version}/${kind.kind}`) ?? 'string'
}

const reversed = (group: string): string => group.split('.').reverse().join('.')

const typesOf = (resource: Resource): EntryTypes => {
  if (resource.type !== undefined) return { object: resource.type, list: `${resource.type}List`, of: typeOfKind }
  const object = `${reversed(resource.group)}.${resource.version}.${resource.kind}`
  return {
    object,
    list: `${reversed(resource.group)}.${resource.version}.${resource.custom?.listKind ?? `${resource.kind}List`}`,
    of: (kind) => (kind.kind === resource.kind ? object : typeOfKind(kind)),
  }
}

const objectMeta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'
const listMeta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta'

/** Schemas of a custom resource and its list (apiextensions-apiserver pkg/controller/openapi/builder). */
const customSchemas = (
  resource: Resource,
  descriptions: Descriptions,
): readonly (readonly [string, OpenApiSchema])[] => {
  const { object, list } = typesOf(resource)
  const texts = descriptions[objectMeta.replace('ObjectMeta', 'Status')] ?? {}
  const text = (field: string): object => (texts[field] === undefined ? {} : { description: texts[field] })
  const typeMeta = {
    apiVersion: { ...text('apiVersion'), type: 'string' },
    kind: { ...text('kind'), type: 'string' },
  }
  const versions = (
    resource.custom?.definition as
      | {
          readonly spec?: {
            readonly versions?: readonly {
              readonly name: string
              readonly schema?: { readonly openAPIV3Schema?: JSONSchemaProps }
            }[]
          }
        }
      | undefined
  )?.spec?.versions
  const own = versions?.find((one) => one.name === resource.version)?.schema?.openAPIV3Schema
  const kind = (name: string): object => ({ group: resource.group, kind: name, version: resource.version })
  return [
    [
      object,
      {
        type: 'object',
        ...own,
        properties: { ...own?.properties, ...typeMeta, metadata: { allOf: [refTo(objectMeta)] } },
        'x-kubernetes-group-version-kind': [kind(resource.kind)],
      },
    ],
    [
      list,
      {
        description: `${resource.kind}List is a list of ${resource.kind}`,
        type: 'object',
        required: ['items'],
        properties: {
          ...typeMeta,
          metadata: { allOf: [refTo(listMeta)] },
          items: { type: 'array', items: refTo(object) },
        },
        'x-kubernetes-group-version-kind': [kind(resource.custom?.listKind ?? `${resource.kind}List`)],
      },
    ],
  ]
}

const refs = (value: unknown, found: Set<string>): void => {
  if (typeof value !== 'object' || value === null) return
  for (const [key, one] of Object.entries(value)) {
    if (key === '$ref' && typeof one === 'string') found.add(one.slice('#/components/schemas/'.length))
    else refs(one, found)
  }
}

/** The OpenAPI 3.0 document of a group version: its paths, and every type that they reach. */
export const groupVersionDocument = (
  group: string,
  { version, entries }: CatalogVersion,
  descriptions: Descriptions,
): object => {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  const schemas = new Map<string, OpenApiSchema>()
  const paths: Record<string, PathItem> = {
    [`${root}/`]: {
      get: {
        description: 'get available resources',
        operationId: `get${tagOf(group, version)
          .replace(/^./, (first) => first.toUpperCase())
          .replace(/_./, (next) => next.slice(1).toUpperCase())}APIResources`,
        responses: {
          '200': {
            content: { 'application/json': { schema: refTo('io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList') } },
            description: 'OK',
          },
          '401': { description: 'Unauthorized' },
        },
        tags: [tagOf(group, version)],
      },
    },
  }
  for (const entry of entries) {
    for (const [path, item] of resourcePaths(root, entry, typesOf(entry.resource))) paths[path] = item
    if (entry.resource.type === undefined) {
      for (const [name, schema] of customSchemas(entry.resource, descriptions)) schemas.set(name, schema)
    }
  }
  const wanted = new Set<string>()
  refs(paths, wanted)
  for (const schema of schemas.values()) refs(schema, wanted)
  // A Set hands out what is added while it is walked.
  for (const name of wanted) {
    if (schemas.has(name)) continue
    const schema = typeSchema(name, descriptions)
    if (schema === undefined) continue
    schemas.set(name, schema)
    refs(schema, wanted)
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.36.3' },
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1))),
    components: {
      schemas: Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        BearerToken: {
          type: 'apiKey',
          description: 'Bearer Token authentication',
          name: 'authorization',
          in: 'header',
        },
      },
    },
  }
}

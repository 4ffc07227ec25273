import type { CatalogEntry, SubresourceEntry } from '../discovery/catalog.ts'
import {
  deleteCollectionParameters,
  deleteParameters,
  listParameters,
  patchParameters,
  pathParameter,
  pretty,
  writeParameters,
  type Parameter,
} from './parameters.ts'
import { refTo, type OpenApiSchema } from './type-schema.ts'

export type PathItem = Readonly<Record<string, unknown>>

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1.'

/** `apps/v1` → AppsV1, as it stands in operation ids; rbac.authorization.k8s.io → RbacAuthorization. */
export const groupName = (group: string): string => {
  if (group === '') return 'Core'
  const parts = group.replace(/\.k8s\.io$/, '').split(/[.-]/)
  return parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('')
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

export const tagOf = (group: string, version: string): string => {
  const name = groupName(group)
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}_${version}`
}

const medias = (custom: boolean): readonly string[] =>
  custom
    ? ['application/json', 'application/yaml']
    : ['application/cbor', 'application/json', 'application/vnd.kubernetes.protobuf', 'application/yaml']

interface Operation {
  readonly id: string
  readonly action: string
  readonly description: string
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string }
  /** Name of the type that comes back. */
  readonly answer: string
  readonly codes?: readonly (readonly [code: string, text: string])[]
  readonly parameters?: readonly Parameter[]
  readonly body?: string
  readonly bodyMedia?: readonly string[]
}

/** What the operations of one group version have in common. */
interface Around {
  readonly tag: string
  readonly custom: boolean
}

const content = (types: readonly string[], schema: OpenApiSchema): object =>
  Object.fromEntries(types.map((type) => [type, { schema }]))

const ok: readonly (readonly [string, string])[] = [['200', 'OK']]

const operation = ({ tag, custom }: Around, one: Operation): PathItem => ({
  description: one.description,
  operationId: one.id,
  ...(one.parameters === undefined ? {} : { parameters: one.parameters }),
  ...(one.body === undefined
    ? {}
    : {
        requestBody: {
          content: content(one.bodyMedia ?? ['*/*'], refTo(one.body)),
          // A delete needs no options.
          ...(one.body === `${meta}DeleteOptions` ? {} : { required: true }),
        },
      }),
  responses: Object.fromEntries([
    ...(one.codes ?? ok).map(([code, description]) => [
      code,
      { content: content(one.answer === 'string' ? ['*/*'] : medias(custom), answerSchema(one.answer)), description },
    ]),
    ['401', { description: 'Unauthorized' }],
  ]) as object,
  tags: [tag],
  'x-kubernetes-action': one.action,
  'x-kubernetes-group-version-kind': { group: one.kind.group, kind: one.kind.kind, version: one.kind.version },
})

const answerSchema = (name: string): OpenApiSchema => (name === 'string' ? { type: 'string' } : refTo(name))

const patchMedia = (custom: boolean): readonly string[] => [
  ...(custom ? [] : ['application/apply-patch+cbor']),
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  ...(custom ? [] : ['application/strategic-merge-patch+json']),
]

const created: Operation['codes'] = [...ok, ['201', 'Created']]
const accepted: Operation['codes'] = [...ok, ['202', 'Accepted']]

/** Names of the types that an entry's operations speak of. */
export interface EntryTypes {
  readonly object: string
  readonly list: string
  /** Type of a kind that a subresource takes and gives. */
  readonly of: (kind: { readonly group: string; readonly version: string; readonly kind: string }) => string
}

const subresourceItem = (around: Around, entry: CatalogEntry, one: SubresourceEntry, types: EntryTypes): PathItem => {
  const { resource } = entry
  const of = resource.kind
  const scope = `${groupName(resource.group)}${capital(resource.version)}${resource.namespaced ? 'Namespaced' : ''}${of}${capital(one.name)}`
  if (/Options$/.test(one.kind)) {
    const methods = { get: 'Get', create: 'Post', update: 'Put', patch: 'Patch', delete: 'Delete' } as const
    const items = one.verbs.map((verb) => {
      const method = methods[verb as keyof typeof methods]
      const scoped = scope.replace(groupName(resource.group) + capital(resource.version), '')
      return [
        method.toLowerCase(),
        operation(around, {
          id: `connect${groupName(resource.group)}${capital(resource.version)}${method}${scoped}`,
          action: 'connect',
          description: `connect ${method.toUpperCase()} requests to ${one.name} of ${of}`,
          kind: one,
          answer: 'string',
        }),
      ]
    })
    return Object.fromEntries(items) as PathItem
  }
  const type = types.of(one)
  const base = { kind: one, answer: type }
  const item: Record<string, unknown> = {}
  if (one.verbs.includes('create')) {
    item['post'] = operation(around, {
      ...base,
      id: `create${scope}`,
      action: 'post',
      description: `create ${one.name} of a ${of}`,
      parameters: writeParameters,
      body: type,
      codes: [...created, ['202', 'Accepted']],
    })
  }
  if (one.verbs.includes('get')) {
    item['get'] = operation(around, {
      ...base,
      id: `read${scope}`,
      action: 'get',
      description: `read ${one.name} of the specified ${of}`,
      ...(one.kind === 'Pod' && one.name === 'log' ? { answer: 'string' } : {}),
    })
  }
  if (one.verbs.includes('update')) {
    item['put'] = operation(around, {
      ...base,
      id: `replace${scope}`,
      action: 'put',
      description: `replace ${one.name} of the specified ${of}`,
      parameters: writeParameters,
      body: type,
      codes: created,
    })
  }
  if (one.verbs.includes('patch')) {
    item['patch'] = operation(around, {
      ...base,
      id: `patch${scope}`,
      action: 'patch',
      description: `partially update ${one.name} of the specified ${of}`,
      parameters: patchParameters,
      body: `${meta}Patch`,
      bodyMedia: patchMedia(around.custom),
      codes: created,
    })
  }
  return item
}

/** Paths of a resource and its subresources (endpoints/installer.go), below `/api/v1` or `/apis/<group>/<version>`. */
export const resourcePaths = (
  root: string,
  entry: CatalogEntry,
  types: EntryTypes,
): readonly (readonly [string, PathItem])[] => {
  const { resource } = entry
  const { kind, plural, verbs } = resource
  const around: Around = { tag: tagOf(resource.group, resource.version), custom: resource.type === undefined }
  const prefix = `${groupName(resource.group)}${capital(resource.version)}`
  const scope = `${prefix}${resource.namespaced ? 'Namespaced' : ''}${kind}`
  const own = { kind: resource, answer: types.object }
  const can = (verb: string): boolean => verbs.includes(verb)
  const namespace = pathParameter('namespace', 'object name and auth scope, such as for teams and projects')
  const below = resource.namespaced ? [namespace] : []
  const collectionPath = resource.namespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`
  const collection: Record<string, unknown> = {}
  const list = can('watch') ? `list or watch objects of kind ${kind}` : `list objects of kind ${kind}`
  if (can('list')) {
    collection['get'] = operation(around, {
      ...own,
      id: `list${scope}`,
      action: 'list',
      description: list,
      answer: types.list,
      parameters: listParameters,
    })
  }
  if (can('create')) {
    collection['post'] = operation(around, {
      ...own,
      id: `create${scope}`,
      action: 'post',
      description: `create a ${kind}`,
      parameters: writeParameters,
      body: types.object,
      codes: [...created, ['202', 'Accepted']],
    })
  }
  if (can('deletecollection')) {
    collection['delete'] = operation(around, {
      ...own,
      id: `delete${prefix}Collection${resource.namespaced ? 'Namespaced' : ''}${kind}`,
      action: 'deletecollection',
      description: `delete collection of ${kind}`,
      answer: `${meta}Status`,
      parameters: deleteCollectionParameters,
      body: `${meta}DeleteOptions`,
    })
  }
  const single: Record<string, unknown> = {}
  if (can('get')) {
    single['get'] = operation(around, {
      ...own,
      id: `read${scope}`,
      action: 'get',
      description: `read the specified ${kind}`,
    })
  }
  if (can('update')) {
    single['put'] = operation(around, {
      ...own,
      id: `replace${scope}`,
      action: 'put',
      description: `replace the specified ${kind}`,
      parameters: writeParameters,
      body: types.object,
      codes: created,
    })
  }
  if (can('patch')) {
    single['patch'] = operation(around, {
      ...own,
      id: `patch${scope}`,
      action: 'patch',
      description: `partially update the specified ${kind}`,
      parameters: patchParameters,
      body: `${meta}Patch`,
      bodyMedia: patchMedia(around.custom),
      codes: created,
    })
  }
  if (can('delete')) {
    single['delete'] = operation(around, {
      ...own,
      id: `delete${scope}`,
      action: 'delete',
      description: `delete a ${kind}`,
      answer: `${meta}Status`,
      parameters: deleteParameters,
      body: `${meta}DeleteOptions`,
      codes: accepted,
    })
  }
  const name = pathParameter('name', `name of the ${kind}`)
  const found: (readonly [string, PathItem])[] = [
    [collectionPath, { ...collection, parameters: [...below, ...pretty] }],
  ]
  if (resource.namespaced && can('list')) {
    const everywhere = operation(around, {
      ...own,
      id: `list${prefix}${kind}ForAllNamespaces`,
      action: 'list',
      description: list,
      answer: types.list,
    })
    found.push([`${root}/${plural}`, { get: everywhere, parameters: [...listParameters, ...pretty] }])
  }
  if (Object.keys(single).length > 0) {
    found.push([`${collectionPath}/{name}`, { ...single, parameters: [name, ...below, ...pretty] }])
  }
  for (const one of entry.subresources) {
    const item = subresourceItem(around, entry, one, types)
    found.push([`${collectionPath}/{name}/${one.name}`, { ...item, parameters: [name, ...below, ...pretty] }])
  }
  return found
}

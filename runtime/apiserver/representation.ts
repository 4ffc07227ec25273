import type { View } from '../../api/validation/view.ts'
import type { KubeObject } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { ListBody } from '../../api/protocol/response.ts'
import { columnsOf, rowOf, rowOrderOf } from './table/table.ts'
import { canonicalMetadata } from '../../api/decode/decode.ts'
import { wireObject, type ManagersOf } from './wire.ts'

/** What a client takes in place of the object itself (handlers/response.go, negotiation). */
export type Representation = 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList'
export type IncludeObject = 'None' | 'Metadata' | 'Object'

const known: readonly string[] = ['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList']
const served = new Set(['application/json', 'application/yaml', '*/*', 'application/*'])

export interface Wanted {
  /** undefined: the object itself */
  readonly as: Representation | undefined
  /** No clause of the header can be met. */
  readonly nothing: boolean
}

/** The first clause of an Accept header that can be met. */
export const wantedOf = (accept: string | undefined): Wanted => {
  if (accept === undefined || accept.trim() === '') return { as: undefined, nothing: false }
  for (const clause of accept.split(',')) {
    const [type, ...parameters] = clause.split(';').map((part) => part.trim())
    if (!served.has(type!)) continue
    const given = new Map(parameters.map((one) => one.split('=') as [string, string]))
    const as = given.get('as')
    if (as === undefined) return { as: undefined, nothing: false }
    if (given.get('g') === 'meta.k8s.io' && given.get('v') === 'v1' && known.includes(as)) {
      return { as: as as Representation, nothing: false }
    }
  }
  return { as: undefined, nothing: true }
}

export interface ShowContext {
  readonly resource: Resource
  readonly managersOf: ManagersOf
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly include: IncludeObject
}

const templateGeneration = 'deprecated.daemonset.template.generation'

/** The metadata of the internal object, which has no annotation where a field stands for it. */
const internalMetadata = (resource: Resource, metadata: KubeObject['metadata']): object => {
  if (resource.id !== 'apps/v1/DaemonSet' || metadata.annotations?.[templateGeneration] === undefined) return metadata
  const { [templateGeneration]: _, ...annotations } = metadata.annotations
  const { annotations: _old, ...rest } = metadata
  return Object.keys(annotations).length === 0 ? rest : { ...metadata, annotations }
}

/** A custom resource's metadata is a map; here it becomes an ObjectMeta again. */
const typedMetadata = (resource: Resource, metadata: KubeObject['metadata']): KubeObject['metadata'] =>
  resource.type === undefined ? canonicalMetadata(metadata) : metadata

const partial = ({ resource, managersOf }: ShowContext, object: KubeObject): unknown => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata: internalMetadata(resource, typedMetadata(resource, wireObject(resource, object, managersOf).metadata)),
})

const rowObject = (context: ShowContext, object: KubeObject): unknown => {
  switch (context.include) {
    case 'None':
      return null
    case 'Object':
      return wireObject(context.resource, object, context.managersOf)
    case 'Metadata':
      return partial(context, object)
  }
}

const table = (context: ShowContext, metadata: unknown, objects: readonly KubeObject[], headed: boolean): unknown => ({
  kind: 'Table',
  apiVersion: 'meta.k8s.io/v1',
  metadata,
  columnDefinitions: headed ? columnsOf(context.resource) : null,
  rows: objects.map((object) => ({
    ...rowOf(context.resource, object, context),
    object: rowObject(context, object),
  })),
})

const inRowOrder = (resource: Resource, items: readonly KubeObject[]): readonly KubeObject[] => {
  const order = rowOrderOf(resource)
  return order === undefined ? items : items.slice().sort((a, b) => order(a as unknown as View, b as unknown as View))
}

/** One object, in the form asked for. A watch sends the columns with its first event only. */
export const showOne = (context: ShowContext, as: Representation, object: KubeObject, headed = true): unknown =>
  as === 'Table'
    ? table(context, { resourceVersion: object.metadata.resourceVersion }, [object], headed)
    : partial(context, object)

export const showList = (context: ShowContext, as: Representation, body: ListBody): unknown =>
  as === 'Table'
    ? table(context, body.metadata, inRowOrder(context.resource, body.items), true)
    : {
        kind: 'PartialObjectMetadataList',
        apiVersion: 'meta.k8s.io/v1',
        metadata: body.metadata,
        items: body.items.length === 0 ? null : body.items.map((item) => partial(context, item)),
      }

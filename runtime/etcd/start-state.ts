import { deepFreeze } from '../../api/json/deep-freeze.ts'
import type { KubeObject } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import { InvariantError } from '../kernel/invariant-error.ts'
import type { Row } from './etcd.ts'
import { createOrderedTable, type OrderedTable } from './ordered-table.ts'

/** What etcd holds before a run begins. Shared by all runs that start from it: each opens it by cloning its tables' roots. */
export interface StartState {
  readonly revision: number
  /** By etcd prefix. */
  readonly tables: ReadonlyMap<string, { readonly resource: Resource; readonly rows: OrderedTable<Row> }>
}

export interface StartObject {
  readonly resource: Resource
  readonly object: KubeObject
}

/** `namespace/name`, or `name`. */
export const objectKey = (resource: Resource, namespace: string | undefined, name: string): string =>
  resource.namespaced ? `${namespace ?? ''}/${name}` : name

/** Objects in the order of their revisions, the first at revision 2 (revision 1 is the empty store). */
export const createStartState = (objects: readonly StartObject[]): StartState => {
  const tables = new Map<string, { resource: Resource; rows: OrderedTable<Row> }>()
  let revision = 1
  for (const { resource, object } of objects) {
    revision += 1
    const key = objectKey(resource, object.metadata.namespace, object.metadata.name)
    let table = tables.get(resource.etcdPrefix)
    if (table === undefined) {
      table = { resource, rows: createOrderedTable<Row>() }
      tables.set(resource.etcdPrefix, table)
    }
    if (table.rows.get(key) !== undefined)
      throw new InvariantError('etcd', 'an object stands twice in a start state', { key, kind: object.kind })
    const value = deepFreeze({ ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } })
    table.rows.set(key, { key, value, createRevision: revision, modRevision: revision, version: 1, lease: 0 })
  }
  return Object.freeze({ revision, tables })
}

import type { Resource } from '../../api/protocol/resource.ts'
import type { Etcd, Row } from '../etcd/etcd.ts'
import type { OrderedTable } from '../etcd/ordered-table.ts'

/** A resource's rows as of a revision: now's, with the commits since undone. undefined: compacted. */
export const snapshotAt = (etcd: Etcd, resource: Resource, revision: number): OrderedTable<Row> | undefined => {
  const events = etcd.history(resource, revision)
  if (events === undefined) return undefined
  if (events.length === 0) return etcd.table(resource)
  const rows = etcd.table(resource).clone()
  for (let index = events.length - 1; index >= 0; index -= 1) {
    const { key, before } = events[index]!
    if (before === undefined) rows.delete(key)
    else {
      const modRevision = Number(before.metadata.resourceVersion)
      rows.set(key, { key, value: before, createRevision: 0, modRevision, version: 0, lease: 0 })
    }
  }
  return rows
}

import type { Resource } from '../../api/protocol/resource.ts'
import type { LocalEtcd } from './create-etcd.ts'
import type { Row } from './etcd.ts'
import type { OrderedTable } from './ordered-table.ts'

/** What a member holds that is behind: every table as of the last revision that it has applied. */
export interface StaleTables {
  readonly revision: number
  table(resource: Resource): OrderedTable<Row>
  /** Applies what was committed up to a revision. A member that is too far behind takes over a snapshot: everything at once. */
  advance(to: number): void
}

export const createStaleTables = (store: LocalEtcd): StaleTables => {
  let { revision } = store
  const tables = new Map<string, { readonly resource: Resource; rows: OrderedTable<Row> }>()
  for (const resource of store.resources())
    tables.set(resource.etcdPrefix, { resource, rows: store.table(resource).clone() })

  const open = (resource: Resource): { readonly resource: Resource; rows: OrderedTable<Row> } => {
    let known = tables.get(resource.etcdPrefix)
    if (known === undefined) {
      // Nobody had opened it when the member fell behind: nothing had been written to it.
      known = { resource, rows: store.initial(resource) }
      tables.set(resource.etcdPrefix, known)
    }
    return known
  }

  const apply = (resource: Resource, to: number): void => {
    const table = open(resource)
    const events = store.history(resource, revision)
    if (events === undefined) {
      table.rows = store.table(resource).clone()
      return
    }
    for (const event of events) {
      if (event.revision > to) break
      const current = table.rows.get(event.key)
      if (event.value === undefined) table.rows.delete(event.key)
      else {
        table.rows.set(event.key, {
          key: event.key,
          value: event.value,
          createRevision: current?.createRevision ?? event.revision,
          modRevision: event.revision,
          version: (current?.version ?? 0) + 1,
          lease: 0,
        })
      }
    }
  }

  return {
    get revision() {
      return revision
    },
    table: (resource) => open(resource).rows,
    advance(to) {
      if (to <= revision) return
      const target = revision < store.compacted ? store.revision : to
      for (const resource of store.resources()) apply(resource, target)
      revision = target
    },
  }
}

import { structuralEqual } from '../../api/json/structural-equal.ts'
import type { KubeObject } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { LedgerNote } from './managed-fields-ledger.ts'
import { atRevision } from './object-meta.ts'
import { commit, type ServerContext, type Step } from './server-context.ts'
import type { Row, TxnResult } from '../etcd/etcd.ts'

/** In whose name the server writes, where managedFields tell. */
export interface Writer {
  readonly manager: string
  readonly subresource: string
}

/** Puts what the server itself made of an object: no admission, no validation, managers as they were. */
export function* writeOver(
  context: ServerContext,
  resource: Resource,
  row: Row,
  ...[next, by]: readonly [KubeObject, Writer?]
): Step<TxnResult> {
  if (structuralEqual(next, row.value)) return { ok: true, revision: row.modRevision, values: [row.value], entry: -1 }
  const note: LedgerNote = {
    before: row.value,
    manager: by?.manager ?? '',
    operation: by === undefined ? 'Server' : 'Update',
    apiVersion: resource.apiVersion,
    subresource: by?.subresource ?? '',
    time: context.clock.timestamp(),
  }
  const value = (revision: number): KubeObject => {
    context.ledger.commit(revision, note)
    return atRevision(next, revision)
  }
  return yield* commit({
    compare: [{ resource, key: row.key, modRevision: row.modRevision }],
    ops: [{ type: 'put', resource, key: row.key, lease: row.lease, value }],
  })
}

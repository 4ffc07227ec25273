import { structuralEqual } from '../../api/json/structural-equal.ts'
import type { KubeObject } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import { commit, type ServerContext, type Step } from './server-context.ts'
import type { Row, TxnResult } from '../etcd/etcd.ts'

/** Puts what the server itself made of an object: no admission, no validation, managers as they were. */
export function* writeOver(context: ServerContext, resource: Resource, row: Row, next: KubeObject): Step<TxnResult> {
  if (structuralEqual(next, row.value)) return { ok: true, revision: row.modRevision, values: [row.value], entry: -1 }
  const answer = yield* commit({
    compare: [{ resource, key: row.key, modRevision: row.modRevision }],
    ops: [
      {
        type: 'put',
        resource,
        key: row.key,
        lease: row.lease,
        value: (revision) => ({ ...next, metadata: { ...next.metadata, resourceVersion: String(revision) } }),
      },
    ],
  })
  if (answer.ok) {
    context.ledger.note(answer.values[0]!, {
      before: row.value,
      manager: '',
      operation: 'Server',
      apiVersion: resource.apiVersion,
      subresource: '',
      time: '',
    })
  }
  return answer
}

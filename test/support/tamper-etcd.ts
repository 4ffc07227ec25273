import type { Etcd, Op, Row, Txn, TxnResult } from '../../runtime/etcd/etcd.ts'

/** Mistakes between API servers and etcd. */
export interface TamperEtcd {
  /** What is committed instead of an operation; `lost`: nothing is, and the API server is told that it was. */
  readonly commit?: (op: Op, before: Row | undefined) => Op | 'lost'
  /** What an API server reads instead of what there is. */
  readonly read?: (row: Row, resource: string) => Row
}

export const tamperedEtcd = (below: Etcd, { commit, read }: TamperEtcd): Etcd =>
  Object.defineProperties(Object.create(below) as Etcd, {
    get: {
      value: ((resource, key) => {
        const row = below.get(resource, key)
        return row === undefined || read === undefined ? row : read(row, resource.plural)
      }) satisfies Etcd['get'],
    },
    txn: {
      value: (txn: Txn, reply: (result: TxnResult) => void): void => {
        const ops = txn.ops.map((op) => commit?.(op, below.get(op.resource, op.key)) ?? op)
        const kept = ops.filter((op) => op !== 'lost')
        if (kept.length === ops.length) {
          below.txn({ ...txn, ops: kept }, reply)
          return
        }
        const { revision } = below
        const values = txn.ops.map((op) => (op.type === 'put' ? op.value(revision) : undefined))
        below.barrier(() => reply({ ok: true, revision, values, entry: -1 }))
      },
    },
  })

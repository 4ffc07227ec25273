import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../../../api/object.ts'
import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'
import { createEtcd } from '../../../../runtime/etcd/create-etcd.ts'
import type { Etcd, TxnResult } from '../../../../runtime/etcd/etcd.ts'
import { createStartState } from '../../../../runtime/etcd/start-state.ts'
import { createKernel, type Kernel } from '../../../../runtime/kernel/kernel.ts'
import type { Revision } from '../../../../runtime/record/revision.ts'
import { snapshotAt } from '../../../../runtime/apiserver/snapshot-at.ts'

const resource = builtinScheme().byKind('v1/ConfigMap')!
const object = (name: string, revision: number, value = ''): KubeObject =>
  ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default', resourceVersion: String(revision) },
    data: { value },
  }) as unknown as KubeObject

interface World {
  readonly kernel: Kernel
  readonly etcd: Etcd
  readonly revisions: Revision[]
  readonly txn: (name: string, modRevision: number, value: string | undefined) => TxnResult
}

const createWorld = (fsync = 0): World => {
  const kernel = createKernel({ seed: '1' })
  const revisions: Revision[] = []
  const start = createStartState([{ resource, object: object('base', 0) }])
  const etcd = createEtcd({
    kernel,
    trace: { append: (...[, , , , data]) => revisions.push(data as Revision) - 1 },
    name: 'etcd/0',
    fsync,
    start,
  })
  return {
    kernel,
    etcd,
    revisions,
    txn(name, modRevision, value) {
      const key = `default/${name}`
      let result: TxnResult | undefined
      etcd.txn(
        {
          compare: [{ resource, key, modRevision }],
          ops: [
            value === undefined
              ? { type: 'delete', resource, key }
              : { type: 'put', resource, key, value: (revision) => object(name, revision, value) },
          ],
        },
        (answer) => (result = answer),
      )
      while (result === undefined && kernel.step(Number.MAX_SAFE_INTEGER));
      return result!
    },
  }
}

describe('createEtcd', () => {
  it('opens a start state that other runs share', () => {
    const { etcd, txn } = createWorld()
    const other = createWorld()
    expect(etcd.get(resource, 'default/base')?.modRevision).toBe(2)
    txn('base', 2, undefined)
    expect(etcd.get(resource, 'default/base')).toBeUndefined()
    expect(other.etcd.get(resource, 'default/base')).toBeDefined()
  })

  it('refuses a transaction whose comparison does not hold, and writes nothing', () => {
    const { etcd, txn, revisions } = createWorld()
    expect(txn('base', 7, 'x')).toEqual({ ok: false, error: undefined })
    expect(etcd.revision).toBe(2)
    expect(revisions).toEqual([])
  })

  it('commits in the order of the proposals, each after its fsync', () => {
    const { etcd, txn, kernel } = createWorld(500)
    txn('a', 0, '1')
    expect(kernel.now).toBe(500)
    expect(etcd.get(resource, 'default/a')?.value.metadata.resourceVersion).toBe('3')
    expect(Object.isFrozen(etcd.get(resource, 'default/a')?.value)).toBe(true)
  })

  it('loses proposals under way when it stops, keeps what it has committed', () => {
    const { etcd, kernel } = createWorld(500)
    const answers: TxnResult[] = []
    etcd.txn({ compare: [], ops: [{ type: 'delete', resource, key: 'default/base' }] }, (one) => answers.push(one))
    etcd.stop('crash')
    while (kernel.step(Number.MAX_SAFE_INTEGER));
    expect(answers).toEqual([{ ok: false, error: 'etcdserver: request timed out' }])
    etcd.start()
    expect(etcd.get(resource, 'default/base')).toBeDefined()
  })

  it('ends a lease with its keys', () => {
    const { etcd, kernel } = createWorld()
    const lease = etcd.grant(1_000_000)
    etcd.txn(
      {
        compare: [],
        ops: [{ type: 'put', resource, key: 'default/e', lease, value: (revision) => object('e', revision) }],
      },
      () => undefined,
    )
    while (kernel.step(Number.MAX_SAFE_INTEGER));
    expect(kernel.now).toBe(1_000_000)
    expect(etcd.get(resource, 'default/e')).toBeUndefined()
  })

  it('forgets history at a compaction', () => {
    const { etcd, txn } = createWorld()
    txn('a', 0, '1')
    txn('a', 3, '2')
    etcd.compact(3)
    expect(etcd.history(resource, 2)).toBeUndefined()
    expect(etcd.history(resource, 3)).toHaveLength(1)
  })

  it('agrees with a plain map at every revision, whatever is written', () => {
    const command = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'base'),
      value: fc.option(fc.constantFrom('1', '2'), { nil: undefined }),
      stale: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
        const { etcd, txn } = createWorld()
        const told: string[] = []
        etcd.watch(resource, (events) => told.push(...events.map((event) => `${event.revision} ${event.key}`)))
        const model = new Map<string, number>([['base', 2]])
        const history: [number, string[]][] = [[etcd.revision, [...model.keys()].sort()]]
        for (const { name, value, stale } of commands) {
          const known = model.get(name) ?? 0
          const result = txn(name, stale ? known + 100 : known, value)
          expect(result.ok).toBe(!stale)
          if (!result.ok) continue
          if (value === undefined) model.delete(name)
          else model.set(name, result.revision)
          history.push([etcd.revision, [...model.keys()].sort()])
        }
        for (const [revision, names] of history) {
          const found: string[] = []
          snapshotAt(etcd, resource, revision)!.scan('', '', (row) => {
            found.push(row.value.metadata.name)
          })
          expect(found).toEqual(names)
        }
        expect(told).toHaveLength(etcd.revision - 2)
      }),
    )
  })
})

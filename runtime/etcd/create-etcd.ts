import { resourceName } from '../../api/object-key.ts'
import { deepFreeze } from '../../api/json/deep-freeze.ts'
import type { KubeObject } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'
import type { Trace } from '../kernel/trace.ts'
import type { Revision } from '../record/revision.ts'
import type { Etcd, EtcdEvent, Op, Row, Txn, TxnResult } from './etcd.ts'
import { createOrderedTable, type OrderedTable } from './ordered-table.ts'
import type { StartState } from './start-state.ts'

export interface EtcdOptions {
  readonly kernel: Kernel
  readonly trace: Trace
  readonly name: string
  /** Time from a proposal to its commit. */
  readonly fsync: Micros
  readonly start?: StartState
}

/** A store, with what members of a cluster need of it. */
export interface LocalEtcd extends Etcd {
  /** Resources of which a table is open. */
  resources(): readonly Resource[]
  /** A resource's keys as the store was opened. */
  initial(resource: Resource): OrderedTable<Row>
  /** Commits take so much longer. Returns how to heal it. */
  slow(by: Micros): () => void
}

interface Table {
  readonly resource: Resource
  readonly subjectPrefix: string
  rows: OrderedTable<Row>
  /** Events since the last compaction, oldest first. */
  log: EtcdEvent[]
  readonly listeners: Set<(events: readonly EtcdEvent[]) => void>
}

interface Proposal {
  readonly txn: Txn
  readonly reply: (result: TxnResult) => void
}

const conflict: TxnResult = Object.freeze({ ok: false, error: undefined })
const unavailable = (error: string): TxnResult => ({ ok: false, error })
/** etcdserver's answer when a proposal gets no commit in time (etcd server/etcdserver/errors). */
const requestTimedOut = 'etcdserver: request timed out'

/** An etcd of one member: what it has committed survives a crash, proposals under way do not. */
export const createEtcd = (options: EtcdOptions): LocalEtcd => {
  const { kernel, trace } = options
  let { fsync } = options
  const actor = kernel.actor(options.name)
  const tables = new Map<string, Table>()
  const leases = new Map<number, { readonly keys: Map<string, Resource>; readonly timer: Timer }>()
  const under = new Map<Proposal, Timer>()
  let revision = options.start?.revision ?? 1
  let compacted = options.start?.revision ?? 0
  let up = true
  let nextLease = 0

  const tableOf = (resource: Resource): Table => {
    let table = tables.get(resource.etcdPrefix)
    if (table === undefined) {
      const start = options.start?.tables.get(resource.etcdPrefix)
      const owner = start?.resource ?? resource
      table = {
        resource: owner,
        subjectPrefix: `${resourceName(owner)}/`,
        rows: start?.rows.clone() ?? createOrderedTable<Row>(),
        log: [],
        listeners: new Set(),
      }
      tables.set(resource.etcdPrefix, table)
    }
    return table
  }

  const unlease = (row: Row | undefined, table: Table): void => {
    if (row !== undefined && row.lease !== 0)
      leases.get(row.lease)?.keys.delete(`${table.resource.etcdPrefix}/${row.key}`)
  }

  /** Writes one key and appends its timeline entry. The value is built and frozen here, once. */
  const write = (op: Op, at: number): EtcdEvent | undefined => {
    const table = tableOf(op.resource)
    const current = table.rows.get(op.key)
    let value: KubeObject | undefined
    if (op.type === 'put') {
      value = deepFreeze(op.value(at))
      unlease(current, table)
      const lease = op.lease ?? 0
      if (lease !== 0) leases.get(lease)?.keys.set(`${table.resource.etcdPrefix}/${op.key}`, table.resource)
      table.rows.set(op.key, {
        key: op.key,
        value,
        createRevision: current?.createRevision ?? at,
        modRevision: at,
        version: (current?.version ?? 0) + 1,
        lease,
      })
    } else {
      if (current === undefined) return undefined
      unlease(current, table)
      table.rows.delete(op.key)
    }
    const before = current?.value
    const data: Revision = Object.freeze({ revision: at, resource: table.resource, object: value, before })
    const entry = trace.append('revision', actor, op.type, table.subjectPrefix + op.key, data)
    const event: EtcdEvent = Object.freeze({
      revision: at,
      resource: table.resource,
      key: op.key,
      value,
      before,
      entry,
    })
    table.log.push(event)
    return event
  }

  const holds = (txn: Txn): boolean => {
    for (const { resource, key, modRevision } of txn.compare) {
      if ((tableOf(resource).rows.get(key)?.modRevision ?? 0) !== modRevision) return false
    }
    return true
  }

  const commit = (ops: readonly Op[]): TxnResult => {
    const at = revision + 1
    const events: EtcdEvent[] = []
    const values: (KubeObject | undefined)[] = []
    revision = at
    for (const op of ops) {
      const event = write(op, at)
      values.push(event?.value)
      if (event !== undefined) events.push(event)
    }
    if (events.length === 0) revision = at - 1
    let entry = kernel.cause
    for (let index = 0; index < events.length;) {
      // What one transaction changes in one resource is told at once: no watcher sees half of a revision.
      const { resource } = events[index]!
      let end = index + 1
      while (end < events.length && events[end]!.resource === resource) end += 1
      const together = events.length === 1 ? events : events.slice(index, end)
      entry = events[end - 1]!.entry
      kernel.cause = entry
      for (const listener of [...tableOf(resource).listeners]) listener(together)
      index = end
    }
    kernel.cause = entry
    return { ok: true, revision, values, entry }
  }

  const apply = ({ txn, reply }: Proposal): void => reply(holds(txn) ? commit(txn.ops) : conflict)

  const expire = (lease: number): void => {
    const keys = leases.get(lease)?.keys
    leases.delete(lease)
    if (keys === undefined || keys.size === 0) return
    const names = [...keys.keys()].sort()
    commit(
      names.map((name): Op => {
        const resource = keys.get(name)!
        return { type: 'delete', resource, key: name.slice(resource.etcdPrefix.length + 1) }
      }),
    )
  }

  return {
    name: options.name,
    beside: new Map(),
    get revision() {
      return revision
    },
    get compacted() {
      return compacted
    },
    get up() {
      return up
    },
    start() {
      up = true
    },
    stop() {
      up = false
      for (const [proposal, timer] of under) {
        kernel.cancel(timer)
        kernel.at(kernel.now, actor, () => proposal.reply(unavailable(requestTimedOut)))
      }
      under.clear()
    },
    txn(txn, reply) {
      const proposal: Proposal = { txn, reply }
      if (!up) reply(unavailable(requestTimedOut))
      else if (fsync === 0) apply(proposal)
      else {
        const timer = kernel.after(fsync, actor, () => {
          under.delete(proposal)
          apply(proposal)
        })
        under.set(proposal, timer)
      }
    },
    resources: () => [...tables.values()].map((table) => table.resource),
    initial: (resource) => options.start?.tables.get(resource.etcdPrefix)?.rows.clone() ?? createOrderedTable<Row>(),
    slow(by) {
      fsync += by
      return () => {
        fsync -= by
      }
    },
    barrier: (reply) => reply(up ? undefined : requestTimedOut),
    get: (resource, key) => tableOf(resource).rows.get(key),
    table: (resource) => tableOf(resource).rows,
    history(resource, after) {
      if (after < compacted) return undefined
      const { log } = tableOf(resource)
      let low = 0
      let high = log.length
      while (low < high) {
        const middle = (low + high) >> 1
        if (log[middle]!.revision <= after) low = middle + 1
        else high = middle
      }
      return log.slice(low)
    },
    watch(resource, listener) {
      const { listeners } = tableOf(resource)
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    compact(to) {
      if (to <= compacted) return
      compacted = Math.min(to, revision)
      for (const table of tables.values()) {
        const keep = table.log.findIndex((event) => event.revision > compacted)
        table.log = keep === -1 ? [] : table.log.slice(keep)
      }
    },
    grant(ttl) {
      nextLease += 1
      const lease = nextLease
      const timer = kernel.after(ttl, actor, () => expire(lease), { tag: 'housekeeping', label: 'lease expires' })
      leases.set(lease, { keys: new Map(), timer })
      return lease
    },
  }
}

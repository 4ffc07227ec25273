import type { Resource } from '../../api/protocol/resource.ts'
import type { LocalEtcd } from './create-etcd.ts'
import type { Etcd, EtcdEvent, Txn, TxnResult } from './etcd.ts'
import type { StaleTables } from './stale-tables.ts'

export interface ClientViewOptions {
  readonly store: LocalEtcd
  /** Tells of every change of roles and links, and of what slow members have applied. */
  readonly changes: (listener: () => void) => () => void
  /** The member that the client is connected to, and what that one holds if it is behind. */
  readonly member: () =>
    | {
        readonly index: number
        readonly stale: StaleTables | undefined
        /** It hears the leader: quorum reads through it are those of the leader, however slow its own disk is. */
        readonly hears: boolean
      }
    | undefined
  readonly propose: (via: number | undefined, txn: Txn, reply: (result: TxnResult) => void) => void
  readonly barrier: (via: number | undefined, reply: (error: string | undefined) => void) => void
}

interface Subscription {
  readonly resource: Resource
  readonly listener: (events: readonly EtcdEvent[]) => void
  readonly lost: (() => void) | undefined
  /** The last revision of which it knows everything. */
  after: number
}

/** Events of one revision, together. */
const byRevision = (events: readonly EtcdEvent[], to: number): readonly EtcdEvent[][] => {
  const groups: EtcdEvent[][] = []
  for (const event of events) {
    if (event.revision > to) break
    const last = groups[groups.length - 1]
    if (last?.[0]!.revision === event.revision) last.push(event)
    else groups.push([event])
  }
  return groups
}

/**
 * etcd as one API server sees it: through the member that it is connected to. Watches go on with another member where this
 * one fails, after the last revision that they have heard of.
 */
export const createClientView = (options: ClientViewOptions): Etcd => {
  const { store } = options
  const subscriptions = new Set<Subscription>()

  /** Up to which revision the member can tell. Cut off from all members a client knows what it knew. */
  let known = store.revision
  const heard = (): number => {
    const member = options.member()
    if (member !== undefined) known = Math.max(known, member.stale?.revision ?? store.revision)
    return known
  }

  const flush = (one: Subscription): void => {
    const to = heard()
    if (one.after >= to) return
    const events = store.history(one.resource, one.after)
    one.after = to
    if (events === undefined) {
      one.lost?.()
      return
    }
    if (events.length === 0) one.listener([])
    for (const group of byRevision(events, to)) if (subscriptions.has(one)) one.listener(group)
  }

  let lastTables: StaleTables | undefined
  const tables = (): StaleTables | undefined => {
    const member = options.member()
    // A client without any member still has what the last one gave; it cannot ask for more.
    if (member !== undefined) lastTables = member.hears ? undefined : member.stale
    return lastTables
  }

  options.changes(() => {
    tables()
    for (const one of [...subscriptions]) flush(one)
  })

  return {
    name: 'etcd',
    store,
    beside: store.beside,
    start: () => undefined,
    stop: () => undefined,
    get revision() {
      const member = options.member()
      return member?.hears === true ? store.revision : heard()
    },
    get told() {
      return heard()
    },
    get compacted() {
      return store.compacted
    },
    get up() {
      return options.member() !== undefined
    },
    txn: (txn, reply) => options.propose(options.member()?.index, txn, reply),
    barrier: (reply) => options.barrier(options.member()?.index, reply),
    get: (resource, key) => (tables()?.table(resource) ?? store.table(resource)).get(key),
    table: (resource) => tables()?.table(resource) ?? store.table(resource),
    history(resource, after) {
      return store.history(resource, after)
    },
    watch(resource, listener, lost) {
      const one: Subscription = {
        resource,
        listener,
        lost,
        after: options.member()?.hears === true ? store.revision : heard(),
      }
      subscriptions.add(one)
      const stop = store.watch(resource, () => flush(one))
      return () => {
        stop()
        subscriptions.delete(one)
      }
    },
    compact: (revision) => store.compact(revision),
    grant: (ttl) => store.grant(ttl),
  }
}

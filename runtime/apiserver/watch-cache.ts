import type { KubeObject } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { Etcd, EtcdEvent, Row } from '../etcd/etcd.ts'
import type { OrderedTable } from '../etcd/ordered-table.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Micros } from '../kernel/micros.ts'
import { indexedFieldOf } from './field-labels.ts'
import { createWatchers, type Gone, type Watchers } from './watchers.ts'

/** One server's copy of one resource, fed by etcd's watch: what lists, watches, admission and authorization read. */
export interface WatchCache {
  readonly resource: Resource
  /** Up to which revision it knows everything of this resource. */
  revision(): number
  /** Commits seen: changes when the content does. */
  readonly changes: number
  get(key: string): KubeObject | undefined
  rows(): OrderedTable<Row>
  readonly watchers: Watchers
  /** Calls back when the cache has caught up with a revision. */
  whenFresh(revision: number, ready: () => void): void
  close(): void
}

export interface WatchCacheOptions {
  readonly kernel: Kernel
  readonly actor: Actor
  readonly etcd: Etcd
  readonly resource: Resource
  /** From a commit until the cache, and with it every watcher, hears of it. */
  readonly delay: Micros
  readonly gone: Gone
}

export const createWatchCache = (options: WatchCacheOptions): WatchCache => {
  const { kernel, actor, etcd, resource, delay } = options
  const watchers = createWatchers(indexedFieldOf(resource), options.gone)
  // Without delay the cache is what etcd holds: one table, kept once.
  const shared = delay === 0 && etcd.store === undefined
  let own = shared ? etcd.table(resource) : etcd.table(resource).clone()
  const waiting: { readonly revision: number; readonly ready: () => void }[] = []
  let revision = etcd.revision
  let pending = 0
  let closed = false

  const apply = (event: EtcdEvent): void => {
    if (!shared) {
      if (event.value === undefined) own.delete(event.key)
      else {
        own.set(event.key, {
          key: event.key,
          value: event.value,
          createRevision: 0,
          modRevision: event.revision,
          version: 0,
          lease: 0,
        })
      }
    }
    revision = event.revision
    cache.changes += 1
    kernel.cause = event.entry
    watchers.dispatch(event)
  }

  /** With nothing on its way the cache is as new as what etcd has told (progress notifications, ConsistentListFromCache). */
  const knows = (): number => (pending === 0 ? Math.max(revision, etcd.told ?? etcd.revision) : revision)

  const caughtUp = (): void => {
    for (let index = 0; index < waiting.length;) {
      const one = waiting[index]!
      if (one.revision <= knows()) {
        waiting.splice(index, 1)
        one.ready()
      } else index += 1
    }
  }

  const hear = (events: readonly EtcdEvent[]): void => {
    if (delay === 0) {
      for (const event of events) apply(event)
      return
    }
    pending += 1
    kernel.after(delay, actor, () => {
      pending -= 1
      if (closed) return
      for (const event of events) apply(event)
      caughtUp()
    })
  }
  /** The history was compacted before it could be heard: all is read again, and every watcher has to ask anew. */
  const startOver = (): void => {
    if (closed) return
    own = etcd.table(resource).clone()
    revision = etcd.revision
    cache.changes += 1
    for (const watcher of watchers.all()) watcher.lost?.()
    caughtUp()
  }
  const cache = {
    resource,
    revision: knows,
    changes: 0,
    get: (key: string) => own.get(key)?.value,
    rows: () => own,
    watchers,
    whenFresh(wanted: number, ready: () => void) {
      if (wanted <= knows()) ready()
      else waiting.push({ revision: wanted, ready })
    },
    close() {
      closed = true
      stop()
    },
  }
  const stop = etcd.watch(resource, hear, startOver)
  return cache
}

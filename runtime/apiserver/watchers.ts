import type { KubeObject } from '../../api/object.ts'
import type { WatchEvent } from '../../api/protocol/watch-event.ts'
import type { EtcdEvent } from '../etcd/etcd.ts'
import { withResourceVersion } from './object-meta.ts'

/** One open watch on a resource. */
export interface Watcher {
  readonly namespace: string | undefined
  /** undefined: everything of the namespace matches */
  readonly matches: ((object: KubeObject) => boolean) | undefined
  /** The one value of the resource's indexed field that can match; undefined: any. */
  readonly indexed: string | undefined
  /** Only `namespace/name` (or `name`) can match. */
  readonly key: string | undefined
  /** Events up to here are already known to it. */
  readonly after: number
  event(event: WatchEvent): void
  /** Nothing more can be told: what lies between is unknown. */
  lost?(): void
}

/** A resource's field by whose value its watchers are found: an event is offered only to those it can concern. */
export type IndexedField = (object: KubeObject) => string

export interface Watchers {
  readonly size: number
  add(watcher: Watcher): void
  remove(watcher: Watcher): void
  dispatch(event: EtcdEvent): void
  all(): readonly Watcher[]
}

export type Gone = (object: KubeObject, before: KubeObject) => void

interface Shared {
  readonly event: EtcdEvent
  added?: WatchEvent
  modified?: WatchEvent
  deleted?: WatchEvent
}

const added = (shared: Shared): WatchEvent =>
  (shared.added ??= Object.freeze({ type: 'ADDED', object: shared.event.value!, cause: shared.event.entry }))

const modified = (shared: Shared): WatchEvent =>
  (shared.modified ??= Object.freeze({ type: 'MODIFIED', object: shared.event.value!, cause: shared.event.entry }))

/** A deleted object is shown as it last was, with the revision of its going. */
const deleted = (shared: Shared, gone: Gone): WatchEvent => {
  if (shared.deleted === undefined) {
    const before = shared.event.before!
    const object = withResourceVersion(before, shared.event.revision)
    gone(object, before)
    shared.deleted = Object.freeze({ type: 'DELETED', object, cause: shared.event.entry })
  }
  return shared.deleted
}

/**
 * What a watcher hears of a change: with a selector, an object that begins to match is ADDED and one that ceases to is DELETED
 * (k8s.io/apiserver/pkg/storage/cacher/cache_watcher.go, convertToWatchEvent).
 */
const eventFor = (watcher: Watcher, shared: Shared, gone: Gone): WatchEvent | undefined => {
  const { value, before } = shared.event
  const matches = watcher.matches
  const now = value !== undefined && (matches === undefined || matches(value))
  const then = before !== undefined && (matches === undefined || matches(before))
  if (now) return then ? modified(shared) : added(shared)
  return then ? deleted(shared, gone) : undefined
}

export const watchEventFor = (watcher: Watcher, event: EtcdEvent, gone: Gone): WatchEvent | undefined =>
  eventFor(watcher, { event }, gone)

/** `gone` is told of the form in which a deleted object is shown. */
export const createWatchers = (field: IndexedField | undefined, gone: Gone): Watchers => {
  const wide = new Set<Watcher>()
  const byKey = new Map<string, Set<Watcher>>()
  const byField = new Map<string, Set<Watcher>>()

  const home = (watcher: Watcher): { readonly map: Map<string, Set<Watcher>>; readonly value: string } | undefined =>
    watcher.key !== undefined
      ? { map: byKey, value: watcher.key }
      : watcher.indexed !== undefined && field !== undefined
        ? { map: byField, value: watcher.indexed }
        : undefined

  const offer = (watcher: Watcher, shared: Shared, namespace: string | undefined): void => {
    if (watcher.namespace !== undefined && watcher.namespace !== namespace) return
    if (shared.event.revision <= watcher.after) return
    const event = eventFor(watcher, shared, gone)
    if (event !== undefined) watcher.event(event)
  }

  const all = {
    size: 0,
    add(watcher: Watcher) {
      all.size += 1
      const place = home(watcher)
      if (place === undefined) wide.add(watcher)
      else {
        const set = place.map.get(place.value)
        if (set === undefined) place.map.set(place.value, new Set([watcher]))
        else set.add(watcher)
      }
    },
    remove(watcher: Watcher) {
      const place = home(watcher)
      const set = place === undefined ? wide : place.map.get(place.value)
      if (set?.delete(watcher) === true) all.size -= 1
      if (place !== undefined && set?.size === 0) place.map.delete(place.value)
    },
    dispatch(event: EtcdEvent) {
      if (all.size === 0) return
      const shared: Shared = { event }
      const namespace = (event.value ?? event.before)?.metadata.namespace
      if (wide.size > 0) for (const watcher of [...wide]) offer(watcher, shared, namespace)
      if (byKey.size > 0) for (const watcher of [...(byKey.get(event.key) ?? [])]) offer(watcher, shared, namespace)
      if (byField.size > 0 && field !== undefined) {
        const now = event.value === undefined ? undefined : field(event.value)
        const then = event.before === undefined ? undefined : field(event.before)
        if (now !== undefined) for (const watcher of [...(byField.get(now) ?? [])]) offer(watcher, shared, namespace)
        if (then !== undefined && then !== now)
          for (const watcher of [...(byField.get(then) ?? [])]) offer(watcher, shared, namespace)
      }
    },
    all: () => [...wide, ...[...byKey.values(), ...byField.values()].flatMap((set) => [...set])],
  }
  return all
}

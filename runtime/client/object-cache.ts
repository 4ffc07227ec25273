import type { Key } from '../../api/kind.ts'
import type { KubeObject } from '../../api/object.ts'
import type { Index } from './indexes.ts'
import { createKeyedList, type KeyedList } from '../kernel/keyed-list.ts'
import { keyOf } from './object-key.ts'

/** References to frozen objects by key, with indexes kept at each change. Lists are frozen arrays in key order. */
export interface ObjectCache {
  readonly size: number
  get(key: Key): KubeObject | undefined
  list(): readonly KubeObject[]
  indexed(index: string, value: string): readonly KubeObject[]
  hasIndex(index: string): boolean
  addIndex(index: Index): void
  set(object: KubeObject): KubeObject | undefined
  delete(key: Key): KubeObject | undefined
}

const empty: readonly KubeObject[] = Object.freeze([])

type Bucket = KeyedList<KubeObject>

/** What one index has filed. Most values of most indexes have one object: it needs no list of its own. */
interface File {
  readonly index: Index
  readonly single: Map<string, KubeObject>
  readonly buckets: Map<string, Bucket>
}

/** Lists of one object, shared by all caches that have it. */
const lists = new WeakMap<KubeObject, readonly KubeObject[]>()
const listOf = (object: KubeObject): readonly KubeObject[] => {
  let list = lists.get(object)
  if (list === undefined) {
    list = Object.freeze([object])
    lists.set(object, list)
  }
  return list
}

const file = ({ single, buckets }: File, value: string, filed: { key: Key; object: KubeObject }): void => {
  const { key, object } = filed
  let bucket = buckets.get(value)
  if (bucket === undefined) {
    const only = single.get(value)
    if (only === undefined || keyOf(only) === key) {
      single.set(value, object)
      return
    }
    single.delete(value)
    bucket = createKeyedList()
    bucket.set(keyOf(only), only)
    buckets.set(value, bucket)
  }
  bucket.set(key, object)
}

const unfile = ({ single, buckets }: File, value: string, key: Key): void => {
  const only = single.get(value)
  if (only !== undefined && keyOf(only) === key) single.delete(value)
  const bucket = buckets.get(value)
  if (bucket === undefined) return
  bucket.delete(key)
  if (bucket.size === 0) buckets.delete(value)
}

export const createObjectCache = (indexes: readonly Index[] = []): ObjectCache => {
  const all: Bucket = createKeyedList()
  const files = new Map<string, File>()

  const addIndex = (index: Index): void => {
    if (files.has(index.name)) return
    const own: File = { index, single: new Map(), buckets: new Map() }
    files.set(index.name, own)
    for (const [key, object] of all.entries())
      for (const value of index.values(object)) file(own, value, { key, object })
  }
  for (const index of indexes) addIndex(index)

  const cache = {
    size: 0,
    get: (key: Key) => all.get(key),
    list: () => all.list(),
    indexed(index: string, value: string) {
      const own = files.get(index)
      const only = own?.single.get(value)
      return only === undefined ? (own?.buckets.get(value)?.list() ?? empty) : listOf(only)
    },
    hasIndex: (index: string) => files.has(index),
    addIndex,
    set(object: KubeObject) {
      const key = keyOf(object)
      const before = all.set(key, object)
      cache.size = all.size
      for (const own of files.values()) {
        const values = own.index.values(object)
        const then = before === undefined ? values : own.index.values(before)
        if (then !== values) for (const value of then) if (!values.includes(value)) unfile(own, value, key)
        for (const value of values) file(own, value, { key, object })
      }
      return before
    },
    delete(key: Key) {
      const before = all.delete(key)
      if (before === undefined) return undefined
      cache.size = all.size
      for (const own of files.values()) for (const value of own.index.values(before)) unfile(own, value, key)
      return before
    },
  }
  return cache
}

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

export const createObjectCache = (indexes: readonly Index[] = []): ObjectCache => {
  const all: Bucket = createKeyedList()
  const files = new Map<string, { readonly index: Index; readonly buckets: Map<string, Bucket> }>()

  const file = (buckets: Map<string, Bucket>, value: string, filed: { key: Key; object: KubeObject }): void => {
    let bucket = buckets.get(value)
    if (bucket === undefined) {
      bucket = createKeyedList()
      buckets.set(value, bucket)
    }
    bucket.set(filed.key, filed.object)
  }
  const unfile = (buckets: Map<string, Bucket>, value: string, key: Key): void => {
    const bucket = buckets.get(value)
    if (bucket === undefined) return
    bucket.delete(key)
    if (bucket.size === 0) buckets.delete(value)
  }

  const addIndex = (index: Index): void => {
    if (files.has(index.name)) return
    const buckets = new Map<string, Bucket>()
    files.set(index.name, { index, buckets })
    for (const [key, object] of all.entries())
      for (const value of index.values(object)) file(buckets, value, { key, object })
  }
  for (const index of indexes) addIndex(index)

  return {
    get size() {
      return all.size
    },
    get: (key) => all.get(key),
    list: () => all.list(),
    indexed(index, value) {
      const bucket = files.get(index)?.buckets.get(value)
      return bucket === undefined ? empty : bucket.list()
    },
    hasIndex: (index) => files.has(index),
    addIndex,
    set(object) {
      const key = keyOf(object)
      const before = all.set(key, object)
      for (const { index, buckets } of files.values()) {
        const values = index.values(object)
        const then = before === undefined ? values : index.values(before)
        if (then !== values) for (const value of then) if (!values.includes(value)) unfile(buckets, value, key)
        for (const value of values) file(buckets, value, { key, object })
      }
      return before
    },
    delete(key) {
      const before = all.delete(key)
      if (before === undefined) return undefined
      for (const { index, buckets } of files.values())
        for (const value of index.values(before)) unfile(buckets, value, key)
      return before
    },
  }
}

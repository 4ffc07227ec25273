/**
 * Values by key, listed in the order of the keys. A list is made when somebody asks for it, from the last one and what has changed
 * since: nothing is sorted twice.
 */
export interface KeyedList<V> {
  readonly size: number
  get(key: string): V | undefined
  /** The value that was there. */
  set(key: string, value: V): V | undefined
  /** The value that was there. */
  delete(key: string): V | undefined
  /** Frozen; the same array until something changes. */
  list(): readonly V[]
  entries(): IterableIterator<[string, V]>
}

/** The last list, and the keys that have changed since. */
interface Listed<V> {
  readonly keys: readonly string[]
  readonly values: readonly V[]
  readonly touched: Set<string>
  /** No key has come or gone. */
  sameKeys: boolean
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
/** So many changes more than there are values: nobody lists any more. */
const slack = 64

/** Place of a key that is there. */
const placeOf = (keys: readonly string[], key: string): number => {
  let low = 0
  let high = keys.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (keys[middle]! < key) low = middle + 1
    else high = middle
  }
  return low
}

const listedAs = <V>(keys: readonly string[], values: V[]): Listed<V> => ({
  keys,
  values: Object.freeze(values),
  touched: new Set(),
  sameKeys: true,
})

const sorted = <V>(map: ReadonlyMap<string, V>): Listed<V> => {
  const keys = [...map.keys()].sort(byText)
  return listedAs(
    keys,
    keys.map((key) => map.get(key)!),
  )
}

const replaced = <V>(map: ReadonlyMap<string, V>, { keys, values, touched }: Listed<V>): Listed<V> => {
  const out = values.slice()
  for (const key of touched) out[placeOf(keys, key)] = map.get(key)!
  return listedAs(keys, out)
}

const merged = <V>(map: ReadonlyMap<string, V>, { keys, values, touched }: Listed<V>): Listed<V> => {
  const nextKeys: string[] = []
  const out: V[] = []
  let at = 0
  const keepUntil = (key: string | undefined): void => {
    for (; at < keys.length && (key === undefined || keys[at]! < key); at += 1) {
      nextKeys.push(keys[at]!)
      out.push(values[at]!)
    }
  }
  for (const key of [...touched].sort(byText)) {
    keepUntil(key)
    if (keys[at] === key) at += 1
    const value = map.get(key)
    if (value === undefined) continue
    nextKeys.push(key)
    out.push(value)
  }
  keepUntil(undefined)
  return listedAs(nextKeys, out)
}

/** Values are never undefined. */
export const createKeyedList = <V>(): KeyedList<V> => {
  const map = new Map<string, V>()
  let listed: Listed<V> | undefined

  const touch = (key: string, sameKeys: boolean): void => {
    if (listed === undefined) return
    listed.touched.add(key)
    if (!sameKeys) listed.sameKeys = false
    if (listed.touched.size > map.size + slack) listed = undefined
  }

  // A field that is kept and no accessor: an accessor in a literal costs each object a hash table in place of a hidden class.
  const keyed = {
    size: 0,
    get: (key: string) => map.get(key),
    set(key: string, value: V) {
      const before = map.get(key)
      map.set(key, value)
      keyed.size = map.size
      touch(key, before !== undefined)
      return before
    },
    delete(key: string) {
      const before = map.get(key)
      if (before === undefined) return undefined
      map.delete(key)
      keyed.size = map.size
      touch(key, false)
      return before
    },
    list(): readonly V[] {
      if (listed === undefined || listed.touched.size * 4 > map.size + slack) listed = sorted(map)
      if (listed.touched.size > 0) listed = listed.sameKeys ? replaced(map, listed) : merged(map, listed)
      return listed.values
    },
    entries: () => map.entries(),
  }
  return keyed
}

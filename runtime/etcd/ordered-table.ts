import bTreeModule from 'sorted-btree'

/** Keys in order of their text. `clone` costs almost nothing: the two share nodes until one of them writes. */
export interface OrderedTable<V> {
  readonly size: number
  /** Counts the writes: as long as it stays, so does the content. */
  readonly version: number
  get(key: string): V | undefined
  set(key: string, value: V): void
  delete(key: string): boolean
  /** Values of the keys that begin with `prefix` and are at or after `from`, in order; stops when `visit` returns false. */
  scan(prefix: string, from: string, visit: (value: V, key: string) => boolean | void): void
  clone(): OrderedTable<V>
}

interface Tree<V> {
  readonly size: number
  get(key: string): V | undefined
  set(key: string, value: V): boolean
  delete(key: string): boolean
  clone(): Tree<V>
  entries(from: string): IterableIterator<[string, V]>
}
type TreeConstructor = new <V>(entries: undefined, compare: (a: string, b: string) => number) => Tree<V>

// The package is CommonJS: what `import` gives depends on who bundles.
const imported = bTreeModule as unknown as TreeConstructor & { readonly default?: TreeConstructor }
const BTree: TreeConstructor = imported.default ?? imported

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const wrap = <V>(tree: Tree<V>): OrderedTable<V> => {
  // Fields that are kept and no accessors: an accessor in a literal costs each object a hash table in place of a hidden class.
  const table = {
    size: tree.size,
    version: 0,
    get: (key: string) => tree.get(key),
    set(key: string, value: V) {
      table.version += 1
      tree.set(key, value)
      table.size = tree.size
    },
    delete(key: string) {
      table.version += 1
      const was = tree.delete(key)
      table.size = tree.size
      return was
    },
    scan(prefix: string, from: string, visit: (value: V, key: string) => boolean | void) {
      for (const [key, value] of tree.entries(from > prefix ? from : prefix)) {
        if (!key.startsWith(prefix)) return
        if (visit(value, key) === false) return
      }
    },
    clone: (): OrderedTable<V> => wrap(tree.clone()),
  }
  return table
}

export const createOrderedTable = <V>(): OrderedTable<V> => wrap(new BTree<V>(undefined, compareText))

import { fnv128a } from './fnv128a.ts'

/** Sorts by the hash of each item's dump; one process hashes a dump once. */
export const createHashOrder = <T>(dump: (item: T) => string): ((items: readonly T[]) => readonly T[]) => {
  const hashes = new Map<string, bigint>()
  const hashOf = (item: T): bigint => {
    const text = dump(item)
    let hash = hashes.get(text)
    if (hash === undefined) {
      hash = fnv128a(text)
      hashes.set(text, hash)
    }
    return hash
  }
  return (items) =>
    items.length < 2 ? items : [...items].sort((a, b) => (hashOf(a) < hashOf(b) ? -1 : hashOf(a) > hashOf(b) ? 1 : 0))
}

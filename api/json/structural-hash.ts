const remembered = new WeakMap<object, number>()

/** Murmur3's finalizer: spreads a 32-bit state over all of its bits. */
const mix = (state: number): number => {
  let h = state
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

const hashText = (text: string): number => {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h >>> 0
}

const compute = (value: object): number => {
  if (Array.isArray(value)) {
    let h = 0x5bd1e995
    for (const item of value) h = (Math.imul(h, 31) + structuralHash(item)) >>> 0
    return mix(h)
  }
  const fields = value as Record<string, unknown>
  let h = 0x1b873593
  // Keys are combined with +, so that their order does not matter.
  for (const key in fields) {
    if (fields[key] === undefined) continue
    h = (h + mix(Math.imul(hashText(key), 31) + structuralHash(fields[key]))) >>> 0
  }
  return mix(h)
}

/**
 * A 32-bit hash of a JSON value that does not depend on the order of keys: equal values have equal hashes. Remembered for
 * frozen values, so that hashing a path-copied object visits only what was copied.
 */
export const structuralHash = (value: unknown): number => {
  switch (typeof value) {
    case 'string':
      return hashText(value)
    case 'object': {
      if (value === null) return 0x9747b28c
      const known = remembered.get(value)
      if (known !== undefined) return known
      const hash = compute(value)
      if (Object.isFrozen(value)) remembered.set(value, hash)
      return hash
    }
    default:
      return mix(hashText(String(value)) ^ 0x2f)
  }
}

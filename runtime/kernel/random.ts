/** A stream of pseudo-random numbers (sfc32), seeded by text. Pure 32-bit arithmetic: the same on every machine. */
export interface Random {
  /** A number in 0 … n−1. n is at most 2^32. */
  below(n: number): number
}

/** FNV-1a over UTF-16 code units, with a final mix; only for seeding. */
const seedWord = (text: string, salt: number): number => {
  let hash = (0x811c9dc5 ^ salt) >>> 0
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0
  return (hash ^ (hash >>> 16)) >>> 0
}

export const createRandom = (seed: string): Random => {
  let a = seedWord(seed, 1)
  let b = seedWord(seed, 2)
  let c = seedWord(seed, 3)
  let counter = 1
  const next = (): number => {
    const result = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + result
    c |= 0
    return result >>> 0
  }
  for (let warm = 0; warm < 12; warm += 1) next()
  return {
    below(n) {
      // Rejection keeps the draw uniform; the bound is below 2^32, so a handful of rounds is enough.
      const limit = 4294967296 - (4294967296 % n)
      let drawn = next()
      while (drawn >= limit) drawn = next()
      return drawn % n
    },
  }
}

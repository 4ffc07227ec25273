/** Chance of one input: the same number gives the same input, whoever makes it. */
export interface Random {
  /** 0 … n−1 */
  below(n: number): number
  pick<T>(from: readonly T[]): T
  /** True once in n times. */
  oneIn(n: number): boolean
}

/** Mulberry32, started from the seed and the input's number. */
export const createRandom = (seed: number, index: number): Random => {
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35)) >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let z = Math.imul(state ^ (state >>> 15), state | 1)
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61)
    return ((z ^ (z >>> 14)) >>> 0) / 4294967296
  }
  next()
  const below = (n: number): number => Math.floor(next() * n)
  return { below, pick: (from) => from[below(from.length)]!, oneIn: (n) => below(n) === 0 }
}

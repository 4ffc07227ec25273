// FIPS 180-4. Words of 64 bits are pairs of 32: the engine keeps those in registers, which it does not do with a BigInt.

const primes = (count: number): number[] => {
  const found: number[] = []
  for (let one = 2; found.length < count; one += 1) if (found.every((prime) => one % prime !== 0)) found.push(one)
  return found
}

/** First 64 bits of the fractional part of the root of a given degree. */
const fraction = (prime: number, degree: 2n | 3n): bigint => {
  const wanted = BigInt(prime) << (64n * degree)
  let low = 0n
  let high = 1n << 72n
  while (high - low > 1n) {
    const middle = (low + high) >> 1n
    const power = degree === 2n ? middle * middle : middle * middle * middle
    if (power <= wanted) low = middle
    else high = middle
  }
  return low & 0xffffffffffffffffn
}

interface Constants {
  readonly roundHigh: Int32Array
  readonly roundLow: Int32Array
  readonly start: readonly bigint[]
}
let made: Constants | undefined
const constants = (): Constants => {
  if (made !== undefined) return made
  const rounds = primes(80).map((prime) => fraction(prime, 3n))
  made = {
    roundHigh: Int32Array.from(rounds, (one) => Number(one >> 32n) | 0),
    roundLow: Int32Array.from(rounds, (one) => Number(one & 0xffffffffn) | 0),
    start: primes(8).map((prime) => fraction(prime, 2n)),
  }
  return made
}

/** The message with its closing bit and length. */
const padded = (message: Uint8Array, block: 64 | 128): DataView => {
  const tail = block / 8
  const length = Math.ceil((message.length + 1 + tail) / block) * block
  const bytes = new Uint8Array(length)
  bytes.set(message)
  bytes[message.length] = 0x80
  const view = new DataView(bytes.buffer)
  view.setUint32(length - 8, Math.floor(message.length / 0x20000000))
  view.setUint32(length - 4, (message.length * 8) >>> 0)
  return view
}

const hexOf = (words: Int32Array): string =>
  Array.from(words, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('')

/** SHA-256, in lower-case hexadecimal digits. */
export const sha256 = (message: Uint8Array): string => {
  const { roundHigh, start } = constants()
  const view = padded(message, 64)
  const state = Int32Array.from(start, (one) => Number(one >> 32n) | 0)
  const w = new Int32Array(64)
  for (let at = 0; at < view.byteLength; at += 64) {
    for (let i = 0; i < 16; i += 1) w[i] = view.getInt32(at + i * 4)
    for (let i = 16; i < 64; i += 1) {
      const x = w[i - 15]!
      const y = w[i - 2]!
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
      w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
    for (let i = 0; i < 64; i += 1) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + roundHigh[i]! + w[i]!) | 0
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      h = g
      g = f
      f = e
      e = (d + t1) | 0
      d = c
      c = b
      b = a
      a = (t1 + t2) | 0
    }
    ;[a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] = (state[i]! + word) | 0))
  }
  return hexOf(state)
}

/** SHA-512, in lower-case hexadecimal digits. */
export const sha512 = (message: Uint8Array): string => {
  const { roundHigh, roundLow, start } = constants()
  const view = padded(message, 128)
  // High and low words in turn.
  const state = Int32Array.from(start.flatMap((one) => [Number(one >> 32n) | 0, Number(one & 0xffffffffn) | 0]))
  const wh = new Int32Array(80)
  const wl = new Int32Array(80)
  const carry = (low: number, ...terms: readonly number[]): number => {
    let sum = low >>> 0
    for (const term of terms) sum += term >>> 0
    return Math.floor(sum / 0x100000000)
  }
  const v = new Int32Array(16)
  for (let at = 0; at < view.byteLength; at += 128) {
    for (let i = 0; i < 16; i += 1) {
      wh[i] = view.getInt32(at + i * 8)
      wl[i] = view.getInt32(at + i * 8 + 4)
    }
    for (let i = 16; i < 80; i += 1) {
      const xh = wh[i - 15]!
      const xl = wl[i - 15]!
      const s0h = ((xh >>> 1) | (xl << 31)) ^ ((xh >>> 8) | (xl << 24)) ^ (xh >>> 7)
      const s0l = ((xl >>> 1) | (xh << 31)) ^ ((xl >>> 8) | (xh << 24)) ^ ((xl >>> 7) | (xh << 25))
      const yh = wh[i - 2]!
      const yl = wl[i - 2]!
      const s1h = ((yh >>> 19) | (yl << 13)) ^ ((yl >>> 29) | (yh << 3)) ^ (yh >>> 6)
      const s1l = ((yl >>> 19) | (yh << 13)) ^ ((yh >>> 29) | (yl << 3)) ^ ((yl >>> 6) | (yh << 26))
      const over = carry(wl[i - 16]!, s0l, wl[i - 7]!, s1l)
      wl[i] = (wl[i - 16]! + s0l + wl[i - 7]! + s1l) | 0
      wh[i] = (wh[i - 16]! + s0h + wh[i - 7]! + s1h + over) | 0
    }
    v.set(state)
    for (let i = 0; i < 80; i += 1) {
      const eh = v[8]!
      const el = v[9]!
      const s1h = ((eh >>> 14) | (el << 18)) ^ ((eh >>> 18) | (el << 14)) ^ ((el >>> 9) | (eh << 23))
      const s1l = ((el >>> 14) | (eh << 18)) ^ ((el >>> 18) | (eh << 14)) ^ ((eh >>> 9) | (el << 23))
      const chh = (eh & v[10]!) ^ (~eh & v[12]!)
      const chl = (el & v[11]!) ^ (~el & v[13]!)
      const over1 = carry(v[15]!, s1l, chl, roundLow[i]!, wl[i]!)
      const t1l = (v[15]! + s1l + chl + roundLow[i]! + wl[i]!) | 0
      const t1h = (v[14]! + s1h + chh + roundHigh[i]! + wh[i]! + over1) | 0
      const ah = v[0]!
      const al = v[1]!
      const s0h = ((ah >>> 28) | (al << 4)) ^ ((al >>> 2) | (ah << 30)) ^ ((al >>> 7) | (ah << 25))
      const s0l = ((al >>> 28) | (ah << 4)) ^ ((ah >>> 2) | (al << 30)) ^ ((ah >>> 7) | (al << 25))
      const majh = (ah & v[2]!) ^ (ah & v[4]!) ^ (v[2]! & v[4]!)
      const majl = (al & v[3]!) ^ (al & v[5]!) ^ (v[3]! & v[5]!)
      const t2l = (s0l + majl) | 0
      const t2h = (s0h + majh + carry(s0l, majl)) | 0
      const el2 = (v[7]! + t1l) | 0
      const eh2 = (v[6]! + t1h + carry(v[7]!, t1l)) | 0
      v.copyWithin(2, 0, 14)
      v[8] = eh2
      v[9] = el2
      v[0] = (t1h + t2h + carry(t1l, t2l)) | 0
      v[1] = (t1l + t2l) | 0
    }
    for (let i = 0; i < 16; i += 2) {
      const over = carry(state[i + 1]!, v[i + 1]!)
      state[i + 1] = (state[i + 1]! + v[i + 1]!) | 0
      state[i] = (state[i]! + v[i]! + over) | 0
    }
  }
  return hexOf(state)
}

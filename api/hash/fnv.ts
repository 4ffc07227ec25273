const offset = 0x811c9dc5
const prime = 0x01000193

const bytesOf = (code: number): readonly number[] => {
  if (code < 0x800) return [0xc0 | (code >> 6), 0x80 | (code & 0x3f)]
  if (code < 0x10000) return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]
  return [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]
}

/** FNV-1a, 32 bits, over a text in UTF-8; `state` continues an earlier sum. */
export const fnv32a = (text: string, state: number = offset): number => {
  let h = state
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) h = Math.imul(h ^ unit, prime)
    else {
      const code = text.codePointAt(i) ?? 0
      if (code > 0xffff) i += 1
      for (const byte of bytesOf(code)) h = Math.imul(h ^ byte, prime)
    }
  }
  return h >>> 0
}

/** FNV-1 (multiply first), 32 bits. */
export const fnv32 = (text: string, state: number = offset): number => {
  let h = state
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) h = Math.imul(h, prime) ^ unit
    else {
      const code = text.codePointAt(i) ?? 0
      if (code > 0xffff) i += 1
      for (const byte of bytesOf(code)) h = Math.imul(h, prime) ^ byte
    }
  }
  return h >>> 0
}

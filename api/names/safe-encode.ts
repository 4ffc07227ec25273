// apimachinery/pkg/util/rand: no vowels, and no 0, 1 and 3, so that no bad words come out.
const alphanums = 'bcdfghjklmnpqrstvwxz2456789'

/** rand.SafeEncodeString: each byte as a character of the alphabet. */
export const safeEncode = (text: string): string => {
  let encoded = ''
  for (const byte of utf8Bytes(text)) encoded += alphanums[byte % alphanums.length]
  return encoded
}

function* utf8Bytes(text: string): Generator<number> {
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    if (code < 0x80) yield code
    else if (code < 0x800) yield* [0xc0 | (code >> 6), 0x80 | (code & 0x3f)]
    else if (code < 0x10000) yield* [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]
    else yield* [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]
  }
}

/** Chance, injected: an integer below n. */
export type Chooser = (n: number) => number

/** rand.String: characters of the same alphabet. */
export const randomSuffix = (length: number, choose: Chooser): string => {
  let text = ''
  for (let i = 0; i < length; i += 1) text += alphanums[choose(alphanums.length)]
  return text
}

/** SimpleNameGenerator.GenerateName: at most 63 characters, the last five of them by chance. */
export const generateName = (base: string, choose: Chooser): string => {
  const maxBase = 63 - 5
  return `${base.length > maxBase ? base.slice(0, maxBase) : base}${randomSuffix(5, choose)}`
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const values = new Map([...alphabet].map((letter, index) => [letter, index]))

export type Base64Result =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string }

const corrupt = (offset: number): Base64Result => ({
  ok: false,
  message: `illegal base64 data at input byte ${offset}`,
})

/** Mirrors Go's encoding/base64 StdEncoding.DecodeString (line breaks ignored, padding required); gives the canonical text. */
export const canonicalBase64 = (text: string): Base64Result => {
  let out = ''
  let quantum: number[] = []
  let i = 0
  const skipBreaks = (): void => {
    while (i < text.length && (text[i] === '\n' || text[i] === '\r')) i += 1
  }
  for (skipBreaks(); i < text.length; skipBreaks()) {
    const value = values.get(text[i] ?? '')
    if (value !== undefined) {
      quantum.push(value)
      i += 1
      if (quantum.length === 4) {
        out += quantum.map((one) => alphabet[one]).join('')
        quantum = []
      }
      continue
    }
    if (text[i] !== '=' || quantum.length < 2) return corrupt(i)
    i += 1
    if (quantum.length === 2) {
      skipBreaks()
      if (i === text.length) return corrupt(text.length)
      if (text[i] !== '=') return corrupt(i)
      i += 1
    }
    skipBreaks()
    if (i < text.length) return corrupt(i)
    const [first = 0, second = 0, third = 0] = quantum
    out +=
      quantum.length === 2
        ? `${alphabet[first]}${alphabet[second & 0x30]}==`
        : `${alphabet[first]}${alphabet[second]}${alphabet[third & 0x3c]}=`
    return { ok: true, text: out }
  }
  return quantum.length === 0 ? { ok: true, text: out } : corrupt(text.length - quantum.length)
}

import { readJsonText } from '../../api/decode/json-text.ts'

/** Where a list goes on: the revision that it shows (-1: the newest), and the key to start at, below the list's own prefix. */
export interface ContinueToken {
  readonly revision: number
  readonly start: string
}

const version = 'meta.k8s.io/v1'
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const values: ReadonlyMap<string, number> = new Map([...alphabet].map((letter, index) => [letter, index]))

/** base64.RawURLEncoding, of text whose characters are bytes. */
const encode = (bytes: string): string => {
  let out = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const [a, b, c] = [bytes.charCodeAt(at), bytes.charCodeAt(at + 1), bytes.charCodeAt(at + 2)]
    const word = (a << 16) | ((b || 0) << 8) | (c || 0)
    const letters = [18, 12, 6, 0].map((shift) => alphabet[(word >> shift) & 63]!)
    out += letters.slice(0, Math.min(4, bytes.length - at + 1)).join('')
  }
  return out
}

const illegal = (offset: number): { readonly error: string } => ({
  error: `illegal base64 data at input byte ${offset}`,
})

const decode = (text: string): string | { readonly error: string } => {
  let out = ''
  let word = 0
  let bits = 0
  let count = 0
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\n' || text[at] === '\r') continue
    const value = values.get(text[at]!)
    if (value === undefined) return illegal(at)
    word = ((word << 6) | value) & 0xffffff
    count += 1
    bits += 6
    if (bits < 8) continue
    bits -= 8
    out += String.fromCharCode((word >> bits) & 255)
  }
  return count % 4 === 1 ? illegal(text.length - 1) : out
}

/** EncodeContinue of apiserver/pkg/storage/continue.go. `after` is the last key that was sent. */
export const encodeContinue = (revision: number, after: string): string =>
  encode(`{"v":"${version}","rv":${revision},"start":${JSON.stringify(`${after}\0`)}}`)

/** path.Clean leaves such a key as it is. */
const isClean = (key: string): boolean =>
  !key
    .split('/')
    .some((part, index, parts) => part === '.' || part === '..' || (part === '' && (index > 0 || parts.length === 1)))

/** DecodeContinue: the token, or what is wrong with it. */
export const decodeContinue = (text: string): ContinueToken | { readonly error: string } => {
  const bytes = decode(text)
  if (typeof bytes !== 'string') return { error: `continue key is not valid: ${bytes.error}` }
  const read = readJsonText(bytes)
  if (!read.ok) return { error: `continue key is not valid: ${read.message}` }
  const token = (read.value ?? {}) as { readonly v?: unknown; readonly rv?: unknown; readonly start?: unknown }
  if (token.v !== version)
    return {
      error: `continue key is not valid: server does not recognize this encoded version ${typeof token.v === 'string' ? token.v : ''}`,
    }
  const revision = Number(token.rv ?? 0)
  if (revision === 0 || !Number.isInteger(revision))
    return { error: `continue key is not valid: incorrect encoded start resourceVersion (version ${version})` }
  const start = typeof token.start === 'string' ? token.start : ''
  if (start === '') return { error: `continue key is not valid: encoded start key empty (version ${version})` }
  if (!isClean(start)) return { error: `continue key is not valid: ${start}` }
  return { revision, start: start.startsWith('/') ? start.slice(1) : start }
}

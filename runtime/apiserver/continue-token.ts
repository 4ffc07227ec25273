/** Where a list goes on: the revision that it shows, and the key to start at (storage/continue.go, as plain text). */
export interface ContinueToken {
  readonly revision: number
  readonly start: string
}

const version = 'meta.k8s.io/v1'

/** Opaque to clients; URL-safe. The end of a key that was sent is marked by NUL, so that the next one is after it. */
export const encodeContinue = (token: ContinueToken): string => {
  let hex = ''
  for (const char of JSON.stringify({ v: version, rv: token.revision, start: token.start })) {
    hex += char.charCodeAt(0).toString(16).padStart(4, '0')
  }
  return hex
}

export const decodeContinue = (text: string): ContinueToken | undefined => {
  if (!/^([0-9a-f]{4})+$/.test(text)) return undefined
  let plain = ''
  for (let at = 0; at < text.length; at += 4) plain += String.fromCharCode(Number.parseInt(text.slice(at, at + 4), 16))
  if (!plain.startsWith(`{"v":"${version}"`)) return undefined
  const parsed = JSON.parse(plain) as { readonly rv: number; readonly start: string }
  return { revision: parsed.rv, start: parsed.start }
}

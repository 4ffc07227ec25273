const offset = 0x6c62272e07bb014262b821756295c58dn
const prime = 0x0000000001000000000000000000013bn
const mask = (1n << 128n) - 1n

/** hash/fnv New128a, of ASCII text. */
export const fnv128a = (text: string): bigint => {
  let hash = offset
  for (let at = 0; at < text.length; at += 1) hash = ((hash ^ BigInt(text.charCodeAt(at) & 255)) * prime) & mask
  return hash
}

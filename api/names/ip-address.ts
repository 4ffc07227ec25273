import type { FieldComplaint } from './domain-names.ts'
import { goQuote } from './go-quote.ts'

/** An IP address: 4 or 16 bytes, and what the strict parser would say of its spelling. */
export interface IpAddress {
  readonly bytes: readonly number[]
  readonly family: 4 | 6
  /** ::ffff:1.2.3.4 */
  readonly mapped: boolean
  /** Spelled with zeros that only the sloppy parser accepts. */
  readonly leadingZeros: boolean
}

const parseV4 = (text: string): IpAddress | undefined => {
  if (!/^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/.test(text)) return undefined
  const parts = text.split('.')
  const bytes = parts.map(Number)
  if (bytes.some((byte) => byte > 255)) return undefined
  return {
    bytes,
    family: 4,
    mapped: false,
    leadingZeros: parts.some((part) => part.length > 1 && part.startsWith('0')),
  }
}

const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':'))

const parseV6 = (text: string): IpAddress | undefined => {
  let body = text
  let leadingZeros = false
  let tail: readonly number[] = []
  if (text.includes('.')) {
    const cut = text.lastIndexOf(':')
    const v4 = parseV4(text.slice(cut + 1))
    if (cut < 0 || v4 === undefined) return undefined
    leadingZeros = v4.leadingZeros
    tail = v4.bytes
    body = text.slice(0, cut)
    // "::1.2.3.4" leaves ":", the ellipsis itself.
    if (body.endsWith(':')) body = `${body}:`
  }
  const ellipsis = body.indexOf('::')
  if (ellipsis !== body.lastIndexOf('::')) return undefined
  const head = groupsOf(ellipsis < 0 ? body : body.slice(0, ellipsis))
  const rest = ellipsis < 0 ? [] : groupsOf(body.slice(ellipsis + 2))
  const groups = [...head, ...rest]
  if (!groups.every((group) => /^0*[0-9a-fA-F]{1,4}$/.test(group))) return undefined
  leadingZeros ||= groups.some((group) => group.length > 4)
  const wanted = 8 - tail.length / 2
  if (ellipsis < 0 ? groups.length !== wanted : groups.length >= wanted) return undefined
  const numbers = [head, Array<string>(wanted - groups.length).fill('0'), rest]
    .flat()
    .map((group) => parseInt(group, 16))
  const bytes = [...numbers.flatMap((n) => [n >> 8, n & 255]), ...tail]
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  return { bytes, family: 6, mapped, leadingZeros }
}

/** netutils.ParseIPSloppy: IPv4 with leading zeros is accepted, zones are not. */
export const parseIp = (text: string): IpAddress | undefined => (text.includes(':') ? parseV6(text) : parseV4(text))

/** net.IP.String(): a mapped address comes out as IPv4; IPv6 by RFC 5952. */
export const ipText = (ip: IpAddress): string => {
  if (ip.family === 4 || ip.mapped) return ip.bytes.slice(-4).join('.')
  const groups: number[] = []
  for (let i = 0; i < 16; i += 2) groups.push(((ip.bytes[i] ?? 0) << 8) | (ip.bytes[i + 1] ?? 0))
  let start = -1
  let length = 1
  for (let i = 0; i < 8; i += 1) {
    let end = i
    while (end < 8 && groups[end] === 0) end += 1
    if (end - i > length) [start, length] = [i, end - i]
  }
  const hex = (part: number[]): string => part.map((group) => group.toString(16)).join(':')
  return start < 0 ? hex(groups) : `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`
}

const invalid = (value: string, detail: string): FieldComplaint => ({ type: 'Invalid', value, detail })

/** parseIP of util/validation: the complaints about a strict or an old field. */
export const ipComplaints = (value: string, strict: boolean): FieldComplaint[] => {
  const ip = parseIp(value)
  if (ip === undefined) return [invalid(value, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')]
  if (!strict) return []
  const complaints: FieldComplaint[] = []
  if (ip.leadingZeros) complaints.push(invalid(value, 'must not have leading 0s'))
  else if (ip.mapped) complaints.push(invalid(value, 'must not be an IPv4-mapped IPv6 address'))
  return complaints
}

/** IsValidIP. */
export const isValidIp = (value: string): FieldComplaint[] => {
  const complaints = ipComplaints(value, true)
  const ip = parseIp(value)
  if (complaints.length > 0 || ip === undefined || ipText(ip) === value) return complaints
  return [invalid(value, `must be in canonical form (${goQuote(ipText(ip))})`)]
}

import type { FieldComplaint } from './domain-names.ts'
import { goQuote } from './go-quote.ts'
import { ipText, parseIp, type IpAddress } from './ip-address.ts'

export interface Cidr {
  readonly ip: IpAddress
  /** The address with all bits behind the prefix cleared. */
  readonly network: IpAddress
  readonly bits: number
  readonly leadingZeros: boolean
}

const masked = (ip: IpAddress, bits: number): IpAddress => ({
  ...ip,
  bytes: ip.bytes.map((byte, i) => {
    const kept = Math.min(8, Math.max(0, bits - 8 * i))
    return byte & (0xff << (8 - kept)) & 0xff
  }),
})

/** netutils.ParseCIDRSloppy. */
export const parseCidr = (text: string): Cidr | undefined => {
  const slash = text.indexOf('/')
  if (slash < 0) return undefined
  const ip = parseIp(text.slice(0, slash))
  const size = text.slice(slash + 1)
  if (ip === undefined || !/^[0-9]+$/.test(size)) return undefined
  const bits = Number(size)
  if (bits > 8 * ip.bytes.length) return undefined
  const leadingZeros = ip.leadingZeros || (size.length > 1 && size.startsWith('0'))
  return { ip, network: masked(ip, bits), bits, leadingZeros }
}

export const cidrText = (cidr: Cidr): string => `${ipText(cidr.network)}/${cidr.bits}`

/** Whether an address lies in a block of its family. */
export const cidrContains = (cidr: Cidr, ip: IpAddress): boolean => {
  if (ip.bytes.length !== cidr.network.bytes.length) return false
  const network = masked(ip, cidr.bits).bytes
  return network.every((byte, i) => byte === cidr.network.bytes[i])
}

const invalid = (value: string, detail: string): FieldComplaint => ({ type: 'Invalid', value, detail })

/** parseCIDR of util/validation: the complaints about a strict or an old field. */
export const cidrComplaints = (value: string, strict: boolean): FieldComplaint[] => {
  const cidr = parseCidr(value)
  if (cidr === undefined) {
    return [invalid(value, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')]
  }
  if (!strict) return []
  if (cidr.leadingZeros) return [invalid(value, 'must not have leading 0s in IP or prefix length')]
  if (cidr.ip.mapped) return [invalid(value, 'must not have an IPv4-mapped IPv6 address')]
  if (cidr.ip.bytes.some((byte, i) => byte !== cidr.network.bytes[i])) {
    return [invalid(value, 'must not have bits set beyond the prefix length')]
  }
  return []
}

/** IsValidCIDR. */
export const isValidCidr = (value: string): FieldComplaint[] => {
  const complaints = cidrComplaints(value, true)
  const cidr = parseCidr(value)
  if (complaints.length > 0 || cidr === undefined || cidrText(cidr) === value) return complaints
  return [invalid(value, `must be in canonical form (${goQuote(cidrText(cidr))})`)]
}

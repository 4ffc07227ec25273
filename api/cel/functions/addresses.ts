import { goQuote } from '../../names/go-quote.ts'
import { ipText, parseIp, type IpAddress } from '../../names/ip-address.ts'
import { define, type Overload } from '../overloads.ts'
import { fail, isFailure, opaque, type Failure, type Opaque, type Value } from '../values.ts'

interface Prefix {
  readonly ip: IpAddress
  readonly bits: number
}

const ip = (value: IpAddress): Opaque => opaque('net.IP', value, ipText(value))
const cidr = (value: Prefix): Opaque => opaque('net.CIDR', value, `${ipText(value.ip)}/${value.bits}`)
const heldIp = (value: Value | undefined): IpAddress => (value as Opaque).value as IpAddress
const heldCidr = (value: Value | undefined): Prefix => (value as Opaque).value as Prefix

/** netip.ParseAddr, and what Kubernetes does not allow of it. */
const parseAddress = (text: string): IpAddress | Failure => {
  if (text.includes('%')) return fail(`IP address ${goQuote(text)} with zone value is not allowed`)
  const parsed = parseIp(text)
  if (parsed === undefined || parsed.leadingZeros)
    return fail(
      `IP Address ${goQuote(text)} parse error during conversion from string: ParseAddr(${goQuote(text)}): unable to parse IP`,
    )
  return parsed.mapped ? fail(`IPv4-mapped IPv6 address ${goQuote(text)} is not allowed`) : parsed
}

const parsePrefix = (text: string): Prefix | Failure => {
  const slash = text.lastIndexOf('/')
  const wrong = (why: string): Failure =>
    fail(`network address parse error during conversion from string: netip.ParsePrefix(${goQuote(text)}): ${why}`)
  if (slash === -1) return wrong("no '/'")
  const parsed = parseIp(text.slice(0, slash))
  const bits = text.slice(slash + 1)
  if (parsed === undefined || parsed.leadingZeros)
    return wrong(`ParseAddr(${goQuote(text.slice(0, slash))}): unable to parse IP`)
  if (parsed.mapped) return fail(`IPv4-mapped IPv6 address ${goQuote(text)} is not allowed`)
  if (!/^(?:0|[1-9]\d*)$/.test(bits)) return wrong(`bad bits after slash: ${goQuote(bits)}`)
  return Number(bits) > parsed.bytes.length * 8
    ? wrong('prefix length out of range')
    : { ip: parsed, bits: Number(bits) }
}

const masked = ({ ip: address, bits }: Prefix): IpAddress => ({
  ...address,
  bytes: address.bytes.map((byte, index) => {
    const keep = Math.max(0, Math.min(8, bits - index * 8))
    return byte & (255 - (255 >> keep))
  }),
})

const containsIp = (net: Prefix, address: IpAddress): boolean => {
  if (net.ip.family !== address.family) return false
  const [a, b] = [masked(net), masked({ ip: address, bits: net.bits })]
  return a.bytes.every((byte, index) => byte === b.bytes[index])
}

const containsNet = (net: Prefix, other: Prefix): boolean =>
  net.ip.family === other.ip.family && net.bits <= other.bits && containsIp(net, masked(other))

const withIp = (value: Value | undefined, use: (address: IpAddress) => Value): Value => {
  const parsed = parseAddress(value as string)
  return 'bytes' in parsed ? use(parsed) : parsed
}
const withNet = (value: Value | undefined, use: (net: Prefix) => Value): Value => {
  const parsed = parsePrefix(value as string)
  return 'bits' in parsed ? use(parsed) : parsed
}

const isLoopback = ({ bytes, family }: IpAddress): boolean =>
  family === 4 ? bytes[0] === 127 : bytes.every((byte, index) => byte === (index === 15 ? 1 : 0))
const isUnspecified = ({ bytes }: IpAddress): boolean => bytes.every((byte) => byte === 0)
const isLinkLocalUnicast = ({ bytes, family }: IpAddress): boolean =>
  family === 4 ? bytes[0] === 169 && bytes[1] === 254 : bytes[0] === 0xfe && (bytes[1]! & 0xc0) === 0x80
const isMulticast = ({ bytes, family }: IpAddress): boolean =>
  family === 4 ? (bytes[0]! & 0xf0) === 0xe0 : bytes[0] === 0xff
const isLinkLocalMulticast = ({ bytes, family }: IpAddress): boolean =>
  family === 4 ? bytes[0] === 224 && bytes[1] === 0 && bytes[2] === 0 : bytes[0] === 0xff && (bytes[1]! & 0x0f) === 0x02
const isGlobalUnicast = (one: IpAddress): boolean =>
  !isUnspecified(one) &&
  !isLoopback(one) &&
  !isMulticast(one) &&
  !isLinkLocalUnicast(one) &&
  !(one.family === 4 && one.bytes.every((byte) => byte === 255))

/** k8s.io/apiserver/pkg/cel/library/ip.go and cidr.go */
export const addresses: readonly Overload[] = [
  define('ip', 'string -> IP', ([text]) => withIp(text, ip)),
  define('.ip', 'CIDR -> IP', ([net]) => ip(heldCidr(net).ip), 'cidr_ip'),
  define('isIP', 'string -> bool', ([text]) => !isFailure(withIp(text, () => true))),
  define('ip.isCanonical', 'string -> bool', ([text]) => withIp(text, (one) => ipText(one) === text)),
  define('string', 'IP -> string', ([one]) => ipText(heldIp(one))),
  define('.family', 'IP -> int', ([one]) => BigInt(heldIp(one).family)),
  define('.isUnspecified', 'IP -> bool', ([one]) => isUnspecified(heldIp(one))),
  define('.isLoopback', 'IP -> bool', ([one]) => isLoopback(heldIp(one))),
  define('.isLinkLocalMulticast', 'IP -> bool', ([one]) => isLinkLocalMulticast(heldIp(one))),
  define('.isLinkLocalUnicast', 'IP -> bool', ([one]) => isLinkLocalUnicast(heldIp(one))),
  define('.isGlobalUnicast', 'IP -> bool', ([one]) => isGlobalUnicast(heldIp(one))),
  define('cidr', 'string -> CIDR', ([text]) => withNet(text, cidr)),
  define('isCIDR', 'string -> bool', ([text]) => !isFailure(withNet(text, () => true))),
  define('string', 'CIDR -> string', ([net]) => (net as Opaque).text),
  define(
    '.containsIP',
    'CIDR, string -> bool',
    ([net, text]) => withIp(text, (one) => containsIp(heldCidr(net), one)),
    'cidr_contains_ip_string',
  ),
  define('.containsIP', 'CIDR, IP -> bool', ([net, one]) => containsIp(heldCidr(net), heldIp(one))),
  define(
    '.containsCIDR',
    'CIDR, string -> bool',
    ([net, text]) => withNet(text, (one) => containsNet(heldCidr(net), one)),
    'cidr_contains_cidr_string',
  ),
  define('.containsCIDR', 'CIDR, CIDR -> bool', ([net, one]) => containsNet(heldCidr(net), heldCidr(one))),
  define('.prefixLength', 'CIDR -> int', ([net]) => BigInt(heldCidr(net).bits)),
  define('.masked', 'CIDR -> CIDR', ([net]) => cidr({ ip: masked(heldCidr(net)), bits: heldCidr(net).bits })),
]

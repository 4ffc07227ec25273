import { cidrContains, parseCidr } from '../names/cidr.ts'
import { parseIp, type IpAddress } from '../names/ip-address.ts'
import { invalid, type Cause } from './cause.ts'

const within = (block: string): ((ip: IpAddress) => boolean) => {
  const cidr = parseCidr(block)
  return (ip) => cidr !== undefined && cidrContains(cidr, ip)
}
const anyOf = (...blocks: string[]): ((ip: IpAddress) => boolean) => {
  const checks = blocks.map(within)
  return (ip) => checks.some((check) => check(ip))
}
const loopback = anyOf('127.0.0.0/8', '::1/128')
const linkLocal = anyOf('169.254.0.0/16', 'fe80::/10')
const linkLocalMulticast = anyOf('224.0.0.0/24', 'ff02::/16')

/** ValidateEndpointIP */
export const endpointIpCauses = (text: string, path: string): Cause[] => {
  const ip = parseIp(text)
  if (ip === undefined) return [invalid(path, text, 'must be a valid IP address')]
  const causes: Cause[] = []
  if (ip.bytes.every((byte) => byte === 0)) causes.push(invalid(path, text, `may not be unspecified (${text})`))
  if (loopback(ip)) causes.push(invalid(path, text, 'may not be in the loopback range (127.0.0.0/8, ::1/128)'))
  if (linkLocal(ip)) causes.push(invalid(path, text, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'))
  if (linkLocalMulticast(ip)) {
    causes.push(invalid(path, text, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'))
  }
  return causes
}

import { cidrText, parseCidr } from '../../names/cidr.ts'
import { goQuote } from '../../names/go-quote.ts'
import { ipText, parseIp } from '../../names/ip-address.ts'

const plainV4 = /^(?:(?:[1-9]?\d|1\d\d|2[0-4]\d|25[0-5])(?:\.(?!$)|$)){4}$/

/** apimachinery util/validation GetWarningsForIP */
export const ipWarnings = (path: string, value: string): readonly string[] => {
  if (plainV4.test(value)) return []
  const ip = parseIp(value)
  if (ip === undefined) return []
  const canonical = ipText(ip)
  if (ip.leadingZeros || ip.mapped) {
    return [`${path}: non-standard IP address ${goQuote(value)} is invalid: use ${goQuote(canonical)}`]
  }
  if (ip.family === 6 && canonical !== value) {
    return [`${path}: IPv6 address ${goQuote(value)} should be in RFC 5952 canonical format (${goQuote(canonical)})`]
  }
  return []
}

/** apimachinery util/validation GetWarningsForCIDR */
export const cidrWarnings = (path: string, value: string): readonly string[] => {
  const cidr = parseCidr(value)
  if (cidr === undefined) return []
  const network = cidrText(cidr)
  const warnings: string[] = []
  const { ip } = cidr
  if (ip.bytes.some((byte, i) => byte !== cidr.network.bytes[i])) {
    const single = `${ipText(ip)}/${8 * ip.bytes.length}`
    warnings.push(
      `${path}: CIDR value ${goQuote(value)} is ambiguous in this context (should be ${goQuote(network)} or ${goQuote(single)}?)`,
    )
  }
  if (cidr.leadingZeros || ip.mapped) {
    warnings.push(`${path}: non-standard CIDR value ${goQuote(value)} is invalid: use ${goQuote(network)}`)
  }
  if (warnings.length === 0 && ip.family === 6 && network !== value) {
    warnings.push(
      `${path}: IPv6 CIDR value ${goQuote(value)} should be in RFC 5952 canonical format (${goQuote(network)})`,
    )
  }
  return warnings
}

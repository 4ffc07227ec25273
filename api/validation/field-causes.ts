import { isDns1123Label, isDns1123Subdomain } from '../names/dns-names.ts'
import { ipComplaints } from '../names/ip-address.ts'
import { cidrComplaints } from '../names/cidr.ts'
import { invalid, invalids, type Cause } from './cause.ts'

export const dnsLabelCauses = (value: string, path: string): Cause[] => invalids(path, value, isDns1123Label(value))
export const dnsSubdomainCauses = (value: string, path: string): Cause[] =>
  invalids(path, value, isDns1123Subdomain(value))

/** ValidateNonnegativeField */
export const nonNegative = (value: number | undefined, path: string): Cause[] =>
  value !== undefined && value < 0 ? [invalid(path, value, 'must be greater than or equal to 0')] : []

/** ValidatePositiveField */
export const positive = (value: number, path: string): Cause[] =>
  value <= 0 ? [invalid(path, value, 'must be greater than zero')] : []

export const inRange = (value: number, low: number, high: number, path: string): Cause[] =>
  value < low || value > high ? [invalid(path, value, `must be between ${low} and ${high}, inclusive`)] : []

/** validation.IsValidPortNum */
export const portNumber = (value: number, path: string): Cause[] => inRange(value, 1, 65535, path)

/** IsValidIPForLegacyField: strict unless the value was there before. */
export const legacyIp = (value: string, path: string, existing: readonly string[] = []): Cause[] =>
  existing.includes(value) ? [] : ipComplaints(value, true).map((one) => invalid(path, one.value, one.detail))

/** IsValidCIDRForLegacyField */
export const legacyCidr = (value: string, path: string, existing: readonly string[] = []): Cause[] =>
  existing.includes(value) ? [] : cidrComplaints(value, true).map((one) => invalid(path, one.value, one.detail))

import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { Service, ServiceSpec } from '../../../api/types/core-v1.generated.ts'
import type { FieldCause } from '../status.ts'

const problem = (field: string, value: unknown, why: string): FieldCause => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
  field,
})

const familyOf = (address: string): string => (address.includes(':') ? 'IPv6' : 'IPv4')

/** normalizeClusterIPs: clusterIP and clusterIPs in step, whichever a client wrote. */
export const normalizeClusterIps = (spec: ServiceSpec, old: ServiceSpec | undefined): ServiceSpec => {
  const address = spec.clusterIP ?? ''
  const addresses = spec.clusterIPs ?? []
  if (old === undefined) return address !== '' && addresses.length === 0 ? { ...spec, clusterIPs: [address] } : spec
  const before = old.clusterIP ?? ''
  let next = spec
  if ((old.clusterIPs ?? []).length > 0 && addresses.length === 0 && before === address)
    next = { ...next, clusterIPs: old.clusterIPs! }
  if (before !== address && structuralEqual(old.clusterIPs ?? [], next.clusterIPs ?? [])) {
    if (before !== '' && address === '') {
      const { clusterIPs: _, ...rest } = next
      next = rest
    } else next = { ...next, clusterIPs: [address] }
  }
  return next
}

/** initIPFamilyFields on a cluster of one family, IPv4. */
export const initFamilies = (
  service: Service,
  old: Service | undefined,
): { readonly spec: ServiceSpec } | { readonly causes: readonly FieldCause[] } => {
  const spec = service.spec
  if (spec.type === 'ExternalName') return { spec }
  const before = old?.spec
  const headless = spec.clusterIP === 'None'
  const selectorless = Object.keys(spec.selector ?? {}).length === 0
  if (
    before !== undefined &&
    before.ipFamilyPolicy === 'PreferDualStack' &&
    spec.ipFamilyPolicy === 'PreferDualStack' &&
    structuralEqual(before.clusterIPs, spec.clusterIPs) &&
    structuralEqual(before.ipFamilies, spec.ipFamilies)
  ) {
    return { spec }
  }
  const policy =
    spec.ipFamilyPolicy ?? before?.ipFamilyPolicy ?? (headless && selectorless ? 'RequireDualStack' : 'SingleStack')
  let families = spec.ipFamilies ?? []
  const addresses = spec.clusterIPs ?? []
  const causes: FieldCause[] = []
  if (policy === 'SingleStack') {
    if (addresses.length === 2) {
      causes.push(
        problem(
          'spec.ipFamilyPolicy',
          policy,
          "must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified",
        ),
      )
    }
    if (families.length === 2) {
      causes.push(
        problem(
          'spec.ipFamilyPolicy',
          policy,
          "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified",
        ),
      )
    }
  }
  for (const [index, address] of addresses.entries()) {
    if (address === 'None') break
    if (index < families.length) continue
    const family = familyOf(address)
    if (family !== 'IPv4')
      causes.push(problem(`spec.clusterIPs[${index}]`, addresses, `${family} is not configured on this cluster`))
    else families = [...families, family]
  }
  if (causes.length > 0) return { causes }
  if (headless && selectorless) {
    if (families.length === 0) families = ['IPv4']
    if (families.length < 2 && policy !== 'SingleStack')
      families = [...families, families[0] === 'IPv4' ? 'IPv6' : 'IPv4']
    return { spec: { ...spec, ipFamilyPolicy: policy, ipFamilies: families } }
  }
  if (policy === 'RequireDualStack') {
    causes.push(problem('spec.ipFamilyPolicy', policy, 'this cluster is not configured for dual-stack services'))
  }
  for (const [index, family] of families.entries()) {
    if (family !== 'IPv4') causes.push(problem(`spec.ipFamilies[${index}]`, family, 'not configured on this cluster'))
  }
  if (causes.length > 0) return { causes }
  return { spec: { ...spec, ipFamilyPolicy: policy, ipFamilies: families.length === 0 ? ['IPv4'] : families } }
}

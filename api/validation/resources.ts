import { isLabelKey } from '../names/label-names.ts'
import { canonicalQuantity } from '../quantity/canonical-quantity.ts'
import { compareQuantities } from '../quantity/compare-quantities.ts'
import { quantityOf } from '../quantity/parse-quantity.ts'
import { milliValue } from '../quantity/quantity-values.ts'
import { powerOfTen, type Quantity } from '../quantity/quantity.ts'
import { dnsLabelCauses } from './field-causes.ts'
import { duplicate, forbidden, invalid, invalids, notFound, notSupported, required, type Cause } from './cause.ts'
import { child, list, text, type View } from './view.ts'

export type Amounts = Readonly<Record<string, string>>

export const amountsOf = (resources: View | undefined, side: 'limits' | 'requests'): Amounts =>
  (resources?.[side] as Amounts | null | undefined) ?? {}

export const isHugePages = (name: string): boolean => name.startsWith('hugepages-')
const isAttachable = (name: string): boolean => name.startsWith('attachable-volumes-')
const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/')

/** helper.IsExtendedResourceName */
export const isExtendedResource = (name: string): boolean =>
  !isNative(name) && !name.startsWith('requests.') && isLabelKey(`requests.${name}`).length === 0

/** helper.IsOvercommitAllowed */
export const overcommitAllowed = (name: string): boolean => isNative(name) && !isHugePages(name)

const containerResources = new Set(['cpu', 'memory', 'ephemeral-storage'])
const standardResources = new Set([
  'cpu',
  'memory',
  'ephemeral-storage',
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'storage',
  'requests.storage',
  'services.nodeports',
  'services.loadbalancers',
])
const quotaResources = new Set([...standardResources].filter((one) => one !== 'storage'))
const integerResources = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
])

const isQuotaHugePages = (name: string): boolean =>
  name.startsWith('hugepages-') || name.startsWith('requests.hugepages-')
const isStandard = (name: string): boolean => standardResources.has(name) || isQuotaHugePages(name)

/** helper.IsStandardQuotaResourceName */
export const isStandardQuotaResource = (name: string): boolean => quotaResources.has(name) || isQuotaHugePages(name)

/** helper.IsIntegerResourceName: counted, not measured. */
export const isIntegerResource = (name: string): boolean => integerResources.has(name) || isExtendedResource(name)

export type NameCheck = (name: string, path: string) => Cause[]

export const resourceNameCauses: NameCheck = (name, path) => {
  const causes = invalids(path, name, isLabelKey(name))
  if (causes.length > 0) return causes
  return !name.includes('/') && !isStandard(name) && !isAttachable(name)
    ? [invalid(path, name, 'must be a standard resource type or fully qualified')]
    : []
}

export const containerResourceNameCauses: NameCheck = (name, path) => {
  const causes = resourceNameCauses(name, path)
  if (!name.includes('/')) {
    if (!containerResources.has(name) && !isHugePages(name)) {
      causes.push(invalid(path, name, 'must be a standard resource for containers'))
    }
  } else if (!isNative(name) && !isExtendedResource(name)) {
    causes.push(invalid(path, name, "doesn't follow extended resource name standard"))
  }
  return causes
}

export const podResourceNameCauses: NameCheck = (name, path) => {
  const causes = resourceNameCauses(name, path)
  if (causes.length > 0) return causes
  return name === 'cpu' || name === 'memory' || isHugePages(name)
    ? []
    : [notSupported(path, name, ['cpu', 'hugepages-', 'memory'])]
}

/** ValidateResourceQuantityValue */
export const quantityValueCauses = (name: string, amount: string, path: string): Cause[] => {
  const causes: Cause[] = []
  if (quantityOf(amount).unscaled < 0n) causes.push(invalid(path, amount, 'must be greater than or equal to 0'))
  if (isIntegerResource(name) && milliValue(amount) % 1000 !== 0)
    causes.push(invalid(path, amount, 'must be an integer'))
  return causes
}

const divides = (amount: Quantity, page: Quantity): boolean => {
  if (page.unscaled <= 0n) return false
  const low = Math.min(amount.exponent, page.exponent)
  const scaled = (one: Quantity): bigint => one.unscaled * powerOfTen(one.exponent - low)
  return amount.unscaled > 0n && scaled(amount) % scaled(page) === 0n
}

const hugePageCauses = (name: string, amount: string, path: string): Cause[] =>
  !isHugePages(name) || divides(quantityOf(amount), quantityOf(name.slice('hugepages-'.length)))
    ? []
    : [invalid(path, amount, `${amount} is not positive integer multiple of ${name}`)]

const claimCauses = (claims: readonly View[], podClaims: ReadonlySet<string>, path: string): Cause[] => {
  const causes: Cause[] = []
  const names = new Set<string>()
  claims.forEach((claim, i) => {
    const at = `${path}[${i}]`
    const name = text(claim, 'name')
    if (name === '') {
      causes.push(required(at))
      return
    }
    if (names.has(name)) causes.push(duplicate(at, name))
    else {
      const request = text(claim, 'request')
      const key = request === '' ? name : `${name}/${request}`
      if (request !== '') causes.push(...dnsLabelCauses(request, `${at}.request`))
      if (names.has(key)) causes.push(duplicate(at, key))
      else if (request === '') {
        for (const one of names) if (one.startsWith(`${name}/`)) causes.push(duplicate(at, name))
      }
      names.add(key)
    }
    if (!podClaims.has(name)) {
      const known = podClaims.size === 0 ? ' which is empty' : `: ${[...podClaims].sort().join(', ')}`
      causes.push(notFound(at, name, `must be one of the names in pod.spec.resourceClaims${known}`))
    }
  })
  return causes
}

/** validateResourceRequirements */
export const resourceRequirementCauses = (
  resources: View | undefined,
  path: string,
  nameCheck: NameCheck,
  podClaims: ReadonlySet<string>,
): Cause[] => {
  if (resources === undefined) return []
  const causes: Cause[] = []
  const limits = amountsOf(resources, 'limits')
  const requests = amountsOf(resources, 'requests')
  let compute = false
  let hugePages = false
  const note = (name: string): void => {
    compute ||= name === 'cpu' || name === 'memory'
    hugePages ||= isHugePages(name)
  }
  for (const name in limits) {
    const at = `${path}.limits[${name}]`
    const amount = limits[name] ?? '0'
    causes.push(...nameCheck(name, at), ...quantityValueCauses(name, amount, at), ...hugePageCauses(name, amount, at))
    note(name)
  }
  for (const name in requests) {
    const at = `${path}.requests[${name}]`
    const amount = requests[name] ?? '0'
    causes.push(...nameCheck(name, at), ...quantityValueCauses(name, amount, at))
    const limit = limits[name]
    if (limit !== undefined) {
      const order = compareQuantities(quantityOf(amount), quantityOf(limit))
      if (order !== 0 && !overcommitAllowed(name)) {
        causes.push(invalid(`${path}.requests`, amount, `must be equal to ${name} limit of ${limit}`))
      } else if (order > 0) {
        causes.push(invalid(`${path}.requests`, amount, `must be less than or equal to ${name} limit of ${limit}`))
      }
    } else if (!overcommitAllowed(name)) {
      causes.push(required(`${path}.limits`, 'Limit must be set for non overcommitable resources'))
    }
    causes.push(...hugePageCauses(name, amount, at))
    note(name)
  }
  if (!compute && hugePages) causes.push(forbidden(path, 'HugePages require cpu or memory'))
  causes.push(...claimCauses(list(resources, 'claims'), podClaims, `${path}.claims`))
  return causes
}

export const noClaims: ReadonlySet<string> = new Set()

export const containerResourceCauses = (container: View, path: string, podClaims: ReadonlySet<string>): Cause[] =>
  resourceRequirementCauses(child(container, 'resources'), path, containerResourceNameCauses, podClaims)

export const amountText = (amount: Quantity): string => canonicalQuantity(amount)

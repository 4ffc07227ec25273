import { forbidden, invalid, required, duplicate, type Cause } from './cause.ts'
import { isLabelKey } from '../names/label-names.ts'
import { compareQuantities } from '../quantity/compare-quantities.ts'
import { quantityOf } from '../quantity/parse-quantity.ts'
import { newQuantity } from '../quantity/quantity.ts'
import { milliValue } from '../quantity/quantity-values.ts'
import { invalids } from './cause.ts'
import {
  containerResourceNameCauses,
  isStandardQuotaResource,
  overcommitAllowed,
  quantityValueCauses,
  resourceNameCauses,
  type Amounts,
} from './resources.ts'
import type { Strategy } from './strategy.ts'
import { child, list, map, strings, struct, text, type View } from './view.ts'

const quotaNameCauses = (name: string, path: string): Cause[] => {
  const causes = resourceNameCauses(name, path)
  if (!name.includes('/') && !isStandardQuotaResource(name))
    causes.push(invalid(path, name, 'must be a standard resource for quota'))
  return causes
}

const amountCauses = (amounts: Amounts, path: string): Cause[] =>
  Object.keys(amounts).flatMap((name) => [
    ...quotaNameCauses(name, `${path}[${name}]`),
    ...quantityValueCauses(name, amounts[name] ?? '0', `${path}[${name}]`),
  ])

const scopes = new Set([
  'Terminating',
  'NotTerminating',
  'BestEffort',
  'NotBestEffort',
  'PriorityClass',
  'CrossNamespacePodAffinity',
  'VolumeAttributesClass',
])
const podResources = new Set([
  'pods',
  'cpu',
  'memory',
  'ephemeral-storage',
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
])
const claimResources = new Set(['persistentvolumeclaims', 'requests.storage'])

/** helper.IsResourceQuotaScopeValidForResource */
const fitsScope = (scope: string, resource: string): boolean => {
  const counts =
    podResources.has(resource) || resource.startsWith('hugepages-') || resource.startsWith('requests.hugepages-')
  switch (scope) {
    case 'BestEffort':
      return resource === 'pods'
    case 'VolumeAttributesClass':
      return claimResources.has(resource) || resource.includes('.storageclass.storage.k8s.io/')
    case 'Terminating':
    case 'NotTerminating':
    case 'NotBestEffort':
    case 'PriorityClass':
    case 'CrossNamespacePodAffinity':
      return counts
    default:
      return true
  }
}

const conflicting = (found: ReadonlySet<string>): number =>
  (found.has('BestEffort') && found.has('NotBestEffort') ? 1 : 0) +
  (found.has('Terminating') && found.has('NotTerminating') ? 1 : 0)

const scopeCauses = (spec: View): Cause[] => {
  const own = strings(spec, 'scopes')
  const path = 'spec.scopes'
  const hard = Object.keys(map(spec, 'hard')).sort()
  const causes: Cause[] = []
  for (const scope of own) {
    if (!scopes.has(scope)) causes.push(invalid(path, own, 'unsupported scope'))
    for (const name of hard) {
      if (isStandardQuotaResource(name) && !fitsScope(scope, name)) {
        causes.push(invalid(path, own, 'unsupported scope applied to resource'))
      }
    }
  }
  for (let i = conflicting(new Set(own)); i > 0; i -= 1) causes.push(invalid(path, own, 'conflicting scopes'))
  return causes
}

const existsOnly = new Set([
  'BestEffort',
  'NotBestEffort',
  'Terminating',
  'NotTerminating',
  'CrossNamespacePodAffinity',
])

const selectorCauses = (spec: View): Cause[] => {
  const selector = child(spec, 'scopeSelector')
  if (selector === undefined) return []
  const path = 'spec.scopeSelector.matchExpressions'
  const hard = Object.keys(map(spec, 'hard')).sort()
  const causes: Cause[] = []
  const found = new Set<string>()
  for (const requirement of list(selector, 'matchExpressions')) {
    const scope = text(requirement, 'scopeName')
    const operator = text(requirement, 'operator')
    const values = strings(requirement, 'values')
    if (!scopes.has(scope)) causes.push(invalid(`${path}.scopeName`, scope, 'unsupported scope'))
    for (const name of hard) {
      if (isStandardQuotaResource(name) && !fitsScope(scope, name)) {
        const shown = { typed: selector, type: 'io.k8s.api.core.v1.ScopeSelector' }
        causes.push(invalid(path, shown, 'unsupported scope applied to resource'))
      }
    }
    if (existsOnly.has(scope) && operator !== 'Exists') {
      causes.push(
        invalid(
          `${path}.operator`,
          operator,
          "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity",
        ),
      )
    }
    switch (operator) {
      case 'In':
      case 'NotIn':
        if (values.length === 0) {
          causes.push(
            required(
              `${path}.values`,
              "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
            ),
          )
        }
        break
      case 'Exists':
      case 'DoesNotExist':
        if (values.length > 0) {
          causes.push(
            invalid(
              `${path}.values`,
              values,
              "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
            ),
          )
        }
        break
      default:
        causes.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'))
    }
    found.add(scope)
  }
  for (let i = conflicting(found); i > 0; i -= 1)
    causes.push(invalid(path, spec['scopes'] ?? null, 'conflicting scopes'))
  return causes
}

const specCauses = (quota: View): Cause[] => {
  const spec = struct(quota, 'spec')
  return [...amountCauses(map(spec, 'hard'), 'spec.hard'), ...scopeCauses(spec), ...selectorCauses(spec)]
}

const statusCauses = (quota: View): Cause[] => [
  ...amountCauses(map(struct(quota, 'status'), 'hard'), 'status.hard'),
  ...amountCauses(map(struct(quota, 'status'), 'used'), 'status.used'),
]

/** pkg/registry/core/resourcequota/strategy.go, ValidateResourceQuota* */
export const resourceQuotaStrategy: Strategy = {
  validate: (quota) => [...specCauses(quota), ...statusCauses(quota)],
  validateUpdate: (quota, old) => {
    const now = strings(struct(quota, 'spec'), 'scopes')
    const before = strings(struct(old, 'spec'), 'scopes')
    const same = now.every((one) => before.includes(one)) && before.every((one) => now.includes(one))
    return [
      ...specCauses(quota),
      ...(same ? [] : [invalid('spec.scopes', struct(quota, 'spec')['scopes'], 'field is immutable')]),
    ]
  },
  validateStatus: statusCauses,
}

const limitTypes = new Set(['Pod', 'Container', 'PersistentVolumeClaim'])

const typeCauses = (type: string, path: string): Cause[] => {
  const causes = invalids(path, type, isLabelKey(type))
  if (causes.length > 0) return causes
  return type.includes('/') || limitTypes.has(type)
    ? []
    : [invalid(path, type, 'must be a standard limit type or fully qualified')]
}

const one = newQuantity(1, 'DecimalSI')
const above = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && compareQuantities(quantityOf(a), quantityOf(b)) > 0

/** %f of Go. */
const fixed = (value: number): string => value.toFixed(6)

const boundCauses = (name: string, limit: View, path: string): Cause[] => {
  const of = (key: string): string | undefined => map(limit, key)[name]
  const [min, max, ratio] = [of('min'), of('max'), of('maxLimitRequestRatio')]
  const isPod = text(limit, 'type') === 'Pod'
  const standard = isPod ? undefined : of('default')
  const request = isPod ? undefined : of('defaultRequest')
  const at = (key: string): string => `${path}.${key}[${name}]`
  const causes: Cause[] = []
  const check = (wrong: boolean, key: string, shown: string | undefined, told: string): void => {
    if (wrong) causes.push(invalid(at(key), shown, told))
  }
  check(above(min, max), 'min', min, `min value ${min} is greater than max value ${max}`)
  check(
    above(min, request),
    'defaultRequest',
    request,
    `min value ${min} is greater than default request value ${request}`,
  )
  check(
    above(request, max),
    'defaultRequest',
    request,
    `default request value ${request} is greater than max value ${max}`,
  )
  check(
    above(request, standard),
    'defaultRequest',
    request,
    `default request value ${request} is greater than default limit value ${standard}`,
  )
  check(above(min, standard), 'default', min, `min value ${min} is greater than default value ${standard}`)
  check(above(standard, max), 'default', max, `default value ${standard} is greater than max value ${max}`)
  if (ratio !== undefined) {
    check(compareQuantities(quantityOf(ratio), one) < 0, 'maxLimitRequestRatio', ratio, `ratio ${ratio} is less than 1`)
    if (min !== undefined && max !== undefined) {
      const most = milliValue(max) / milliValue(min)
      check(
        milliValue(ratio) / 1000 > most,
        'maxLimitRequestRatio',
        ratio,
        `ratio ${ratio} is greater than max/min = ${fixed(most)}`,
      )
    }
  }
  if (!overcommitAllowed(name) && standard !== undefined && request !== undefined) {
    const differ = compareQuantities(quantityOf(standard), quantityOf(request)) !== 0
    check(
      differ,
      'defaultRequest',
      request,
      `default value ${standard} must equal to defaultRequest value ${request} in ${name}`,
    )
  }
  return causes
}

const limitCauses = (range: View): Cause[] => {
  const seen = new Set<string>()
  return list(struct(range, 'spec'), 'limits').flatMap((limit, i) => {
    const path = `spec.limits[${i}]`
    const type = text(limit, 'type')
    const causes = typeCauses(type, `${path}.type`)
    if (seen.has(type)) causes.push(duplicate(`${path}.type`, type))
    seen.add(type)
    const nameCheck = type === 'Pod' || type === 'Container' ? containerResourceNameCauses : resourceNameCauses
    const names = new Set<string>()
    const add = (key: string): void => {
      for (const name in map(limit, key)) {
        causes.push(...nameCheck(name, `${path}.${key}[${name}]`))
        names.add(name)
      }
    }
    add('max')
    add('min')
    if (type === 'Pod') {
      for (const key of ['default', 'defaultRequest']) {
        if (Object.keys(map(limit, key)).length > 0) {
          causes.push(forbidden(`${path}.${key}`, "may not be specified when `type` is 'Pod'"))
        }
      }
    } else {
      add('default')
      add('defaultRequest')
    }
    if (
      type === 'PersistentVolumeClaim' &&
      map(limit, 'min')['storage'] === undefined &&
      map(limit, 'max')['storage'] === undefined
    ) {
      causes.push(
        required(`${path}.limits`, 'either minimum or maximum storage value is required, but neither was provided'),
      )
    }
    add('maxLimitRequestRatio')
    for (const name of names) causes.push(...boundCauses(name, limit, path))
    return causes
  })
}

/** pkg/registry/core/limitrange/strategy.go, ValidateLimitRange */
export const limitRangeStrategy: Strategy = {
  validate: limitCauses,
  revalidates: 'after',
  updatesMetadata: false,
}

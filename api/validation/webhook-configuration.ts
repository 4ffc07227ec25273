import { isDns1035Label } from '../names/dns-names.ts'
import { isFullyQualifiedName } from '../names/domain-names.ts'
import { structuralEqual } from '../json/structural-equal.ts'
import { portNumber } from './field-causes.ts'
import { duplicate, invalid, invalids, notSupported, required, type Cause } from './cause.ts'
import { labelNameCauses, labelSelectorCauses } from './label-selector.ts'
import { matchConditionCauses } from './match-conditions.ts'
import type { Strategy } from './strategy.ts'
import { child, list, optionalNumber, optionalText, strings, struct, text, type View } from './view.ts'

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE']
const reviewVersions = ['v1', 'v1beta1']

/** validateResources: wildcards stand alone. */
const resourceCauses = (resources: readonly string[], path: string): Cause[] => {
  if (resources.length === 0) return [required(path)]
  const causes: Cause[] = []
  const wildSub = new Set<string>()
  const wildResource = new Set<string>()
  resources.forEach((one, i) => {
    if (one === '') {
      causes.push(required(`${path}[${i}]`))
      return
    }
    if (one === '*/*') return
    const [resource = '', sub] = one.split('/')
    if (wildSub.has(resource))
      causes.push(invalid(`${path}[${i}]`, one, `if '${resource}/*' is present, must not specify ${one}`))
    if (sub !== undefined && wildResource.has(sub)) {
      causes.push(invalid(`${path}[${i}]`, one, `if '*/${sub}' is present, must not specify ${one}`))
    }
    if (sub === '*') wildSub.add(resource)
    if (resource === '*' && sub !== undefined) wildResource.add(sub)
  })
  const bare = resources.filter((one) => !one.includes('/'))
  if (resources.length > 1 && resources.includes('*/*')) {
    causes.push(invalid(path, resources, "if '*/*' is present, must not specify other resources"))
  }
  if (bare.includes('*') && bare.length > 1) {
    causes.push(invalid(path, resources, "if '*' is present, must not specify other resources without subresources"))
  }
  return causes
}

/** validateRuleWithOperations */
export const ruleCauses = (rule: View, path: string): Cause[] => {
  const causes: Cause[] = []
  const own = strings(rule, 'operations')
  if (own.length === 0) causes.push(required(`${path}.operations`))
  if (own.length > 1 && own.includes('*')) {
    causes.push(invalid(`${path}.operations`, own, "if '*' is present, must not specify other operations"))
  }
  own.forEach((one, i) => {
    if (!operations.includes(one)) causes.push(notSupported(`${path}.operations[${i}]`, one, operations))
  })
  for (const [key, what] of [
    ['apiGroups', 'API groups'],
    ['apiVersions', 'API versions'],
  ] as const) {
    const values = strings(rule, key)
    if (values.length === 0) causes.push(required(`${path}.${key}`))
    if (values.length > 1 && values.includes('*')) {
      causes.push(invalid(`${path}.${key}`, values, `if '*' is present, must not specify other ${what}`))
    }
    if (key === 'apiVersions') {
      values.forEach((one, i) => (one === '' ? causes.push(required(`${path}.${key}[${i}]`)) : 0))
    }
  }
  causes.push(...resourceCauses(strings(rule, 'resources'), `${path}.resources`))
  const scope = optionalText(rule, 'scope')
  if (scope !== undefined && !['*', 'Cluster', 'Namespaced'].includes(scope)) {
    causes.push(notSupported(`${path}.scope`, scope, ['*', 'Cluster', 'Namespaced']))
  }
  return causes
}

const urlCauses = (url: string, path: string): Cause[] => {
  const form = '; desired format: https://host[/path]'
  const match = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(\?[^#]*)?(#.*)?$/.exec(url)
  const scheme = match?.[1] ?? ''
  const [user, host] = (match?.[2] ?? '').includes('@') ? (match?.[2] ?? '').split('@') : [undefined, match?.[2] ?? '']
  const causes: Cause[] = []
  if (scheme !== 'https') causes.push(invalid(path, scheme, `'https' is the only allowed URL scheme${form}`))
  if (host === '') causes.push(invalid(path, host, `host must be specified${form}`))
  if (user !== undefined) causes.push(invalid(path, user, 'user information is not permitted in the URL'))
  if ((match?.[5] ?? '').length > 1)
    causes.push(invalid(path, (match?.[5] ?? '').slice(1), 'fragments are not permitted in the URL'))
  if ((match?.[4] ?? '').length > 1)
    causes.push(invalid(path, (match?.[4] ?? '').slice(1), 'query parameters are not permitted in the URL'))
  return causes
}

const serviceCauses = (service: View, path: string): Cause[] => {
  const causes: Cause[] = []
  if (text(service, 'name') === '') causes.push(required(`${path}.name`, 'service name is required'))
  if (text(service, 'namespace') === '') causes.push(required(`${path}.namespace`, 'service namespace is required'))
  const port = optionalNumber(service, 'port') ?? 443
  if (portNumber(port, path).length > 0) {
    causes.push(invalid(`${path}.port`, port, 'port is not valid: must be between 1 and 65535, inclusive'))
  }
  const urlPath = optionalText(service, 'path')
  if (urlPath === undefined || urlPath === '/') return causes
  if (urlPath === '//') return [...causes, invalid(`${path}.path`, urlPath, 'segment[0] may not be empty')]
  if (!urlPath.startsWith('/')) causes.push(invalid(`${path}.path`, urlPath, "must start with a '/'"))
  const steps = urlPath.replace(/^\//, '').replace(/\/$/, '').split('/')
  steps.forEach((step, i) => {
    if (step === '') causes.push(invalid(`${path}.path`, urlPath, `segment[${i}] may not be empty`))
    else {
      for (const wrong of isDns1035Label(step).length > 0 ? segmentErrors(step) : []) {
        causes.push(invalid(`${path}.path`, urlPath, `segment[${i}]: ${wrong}`))
      }
    }
  })
  return causes
}

const segmentErrors = (step: string): readonly string[] =>
  labelNameCauses(step, '').map((one) => one.message.replace(/^Invalid value: "[^"]*": /, ''))

const versionCauses = (webhook: View, path: string): Cause[] => {
  const versions = strings(webhook, 'admissionReviewVersions')
  if (versions.length === 0) return [required(path, 'must specify one of v1, v1beta1')]
  const causes: Cause[] = []
  versions.forEach((version, i) => {
    if (versions.indexOf(version) < i) causes.push(invalid(`${path}[${i}]`, version, 'duplicate version'))
    causes.push(...invalids(`${path}[${i}]`, version, isDns1035Label(version)))
  })
  if (!versions.some((version) => reviewVersions.includes(version))) {
    causes.push(invalid(path, versions, 'must include at least one of v1, v1beta1'))
  }
  return causes
}

const choice = (webhook: View, key: string, supported: readonly string[], path: string): Cause[] => {
  const value = optionalText(webhook, key)
  return value === undefined || supported.includes(value) ? [] : [notSupported(`${path}.${key}`, value, supported)]
}

const webhookCauses = (webhook: View, path: string): Cause[] => {
  const causes = isFullyQualifiedName(text(webhook, 'name')).map((one) =>
    one.type === 'Required' ? required(`${path}.name`, one.detail) : invalid(`${path}.name`, one.value, one.detail),
  )
  list(webhook, 'rules').forEach((rule, i) => causes.push(...ruleCauses(rule, `${path}.rules[${i}]`)))
  causes.push(
    ...choice(webhook, 'failurePolicy', ['Fail', 'Ignore'], path),
    ...choice(webhook, 'matchPolicy', ['Equivalent', 'Exact'], path),
  )
  const effects = ['None', 'NoneOnDryRun']
  if (optionalText(webhook, 'sideEffects') === undefined) {
    causes.push(required(`${path}.sideEffects`, 'must specify one of None, NoneOnDryRun'))
  } else causes.push(...choice(webhook, 'sideEffects', effects, path))
  const timeout = optionalNumber(webhook, 'timeoutSeconds')
  if (timeout !== undefined && (timeout > 30 || timeout < 1)) {
    causes.push(invalid(`${path}.timeoutSeconds`, timeout, 'the timeout value must be between 1 and 30 seconds'))
  }
  for (const key of ['namespaceSelector', 'objectSelector']) {
    causes.push(...labelSelectorCauses(child(webhook, key), `${path}.${key}`))
  }
  causes.push(...choice(webhook, 'reinvocationPolicy', ['IfNeeded', 'Never'], path))
  const client = struct(webhook, 'clientConfig')
  const url = optionalText(client, 'url')
  const service = child(client, 'service')
  const at = `${path}.clientConfig`
  if ((url === undefined) === (service === undefined))
    causes.push(required(at, 'exactly one of url or service is required'))
  else if (url !== undefined) causes.push(...urlCauses(url, `${at}.url`))
  else if (service !== undefined) causes.push(...serviceCauses(service, `${at}.service`))
  causes.push(...matchConditionCauses(list(webhook, 'matchConditions'), false, `${path}.matchConditions`))
  return causes
}

const configurationCauses = (object: View): Cause[] => {
  const names = new Set<string>()
  return list(object, 'webhooks').flatMap((webhook, i) => {
    const at = `webhooks[${i}]`
    const name = text(webhook, 'name')
    const causes = [...webhookCauses(webhook, at), ...versionCauses(webhook, `${at}.admissionReviewVersions`)]
    if (name !== '' && names.has(name)) causes.push(duplicate(`${at}.name`, name))
    names.add(name)
    return causes
  })
}

/** pkg/registry/admissionregistration/{mutating,validating}webhookconfiguration. */
export const webhookConfigurationStrategy: Strategy = {
  generation: (object, old) => !structuralEqual(object['webhooks'], old['webhooks']),
  validate: configurationCauses,
  revalidates: 'after',
  updatesMetadata: false,
}

import { isDns1123Label, isDns1123Subdomain, isWildcardDns1123Subdomain } from '../names/dns-names.ts'
import { isDomainPrefixedPath } from '../names/domain-names.ts'
import { isValidPortName } from '../names/other-names.ts'
import { parseIp } from '../names/ip-address.ts'
import { dnsSubdomainCauses, legacyIp, portNumber } from './field-causes.ts'
import { forbidden, invalid, invalids, notSupported, required, tooLong, type Cause } from './cause.ts'
import { immutable, pathSegmentName } from './object-meta.ts'
import type { Strategy } from './strategy.ts'
import { child, list, map, number, optionalText, strings, struct, text, type View } from './view.ts'

const notIp = 'must be a DNS name, not an IP address'
const badSequences = ['//', '/./', '/../', '%2f', '%2F']
const badSuffixes = ['/..', '/.']

const segmentCauses = (holder: View, key: string, path: string): Cause[] => {
  const value = text(holder, key)
  return value === '' ? [required(`${path}.${key}`)] : invalids(`${path}.${key}`, value, pathSegmentName(value, false))
}

const referenceCauses = (ref: View, path: string): Cause[] => {
  const group = optionalText(ref, 'apiGroup')
  return [
    ...(group === undefined ? [] : dnsSubdomainCauses(group, `${path}.apiGroup`)),
    ...segmentCauses(ref, 'kind', path),
    ...segmentCauses(ref, 'name', path),
  ]
}

const backendCauses = (backend: View, path: string): Cause[] => {
  const resource = child(backend, 'resource')
  const service = child(backend, 'service')
  if (resource !== undefined && service !== undefined)
    return [invalid(path, '', 'cannot set both resource and service backends')]
  if (resource !== undefined) return referenceCauses(resource, `${path}.resource`)
  if (service === undefined) return [invalid(path, '', 'resource or service backend is required')]
  const name = text(service, 'name')
  const causes =
    name === '' ? [required(`${path}.service.name`)] : invalids(`${path}.service.name`, name, isDns1123Label(name))
  const port = struct(service, 'port')
  const portName = text(port, 'name')
  const portValue = number(port, 'number')
  if (portName !== '' && portValue !== 0) causes.push(invalid(path, '', 'cannot set both port name & port number'))
  else if (portName !== '') causes.push(...invalids(`${path}.service.port.name`, portName, isValidPortName(portName)))
  else if (portValue !== 0) causes.push(...portNumber(portValue, `${path}.service.port.number`))
  else causes.push(required(path, 'port name or number is required'))
  return causes
}

const pathCauses = (rule: View, path: string): Cause[] => {
  const type = optionalText(rule, 'pathType')
  if (type === undefined) return [required(`${path}.pathType`, 'pathType must be specified')]
  const value = text(rule, 'path')
  const at = `${path}.path`
  const causes: Cause[] = []
  const absolute = value.startsWith('/') ? [] : [invalid(at, value, 'must be an absolute path')]
  switch (type) {
    case 'Exact':
    case 'Prefix':
      causes.push(...absolute)
      if (value === '') break
      for (const one of badSequences)
        if (value.includes(one)) causes.push(invalid(at, value, `must not contain '${one}'`))
      for (const one of badSuffixes)
        if (value.endsWith(one)) causes.push(invalid(at, value, `cannot end with '${one}'`))
      break
    case 'ImplementationSpecific':
      if (value !== '') causes.push(...absolute)
      break
    default:
      causes.push(notSupported(`${path}.pathType`, type, ['Exact', 'ImplementationSpecific', 'Prefix']))
  }
  return [...causes, ...backendCauses(struct(rule, 'backend'), `${path}.backend`)]
}

const hostCauses = (host: string, path: string): Cause[] =>
  invalids(path, host, host.includes('*') ? isWildcardDns1123Subdomain(host) : isDns1123Subdomain(host))

const ruleCauses = (rule: View, path: string): Cause[] => {
  const causes: Cause[] = []
  const host = text(rule, 'host')
  if (host !== '') {
    if (parseIp(host) !== undefined) causes.push(invalid(`${path}.host`, host, notIp))
    causes.push(...hostCauses(host, `${path}.host`))
  }
  const http = child(rule, 'http')
  if (http === undefined) return causes
  const paths = list(http, 'paths')
  if (paths.length === 0) causes.push(required(`${path}.http.paths`))
  paths.forEach((one, i) => causes.push(...pathCauses(one, `${path}.http.paths[${i}]`)))
  return causes
}

const specCauses = (ingress: View): Cause[] => {
  const spec = struct(ingress, 'spec')
  const rules = list(spec, 'rules')
  const backend = child(spec, 'defaultBackend')
  const causes: Cause[] = []
  if (rules.length === 0 && backend === undefined) {
    causes.push(invalid('spec', spec['rules'] ?? null, 'either `defaultBackend` or `rules` must be specified'))
  }
  if (backend !== undefined) causes.push(...backendCauses(backend, 'spec.defaultBackend'))
  rules.forEach((rule, i) => causes.push(...ruleCauses(rule, `spec.rules[${i}]`)))
  list(spec, 'tls').forEach((tls, i) => {
    const at = `spec.tls[${i}]`
    strings(tls, 'hosts').forEach((host, j) => causes.push(...hostCauses(host, `${at}.hosts[${j}]`)))
    const secret = text(tls, 'secretName')
    if (secret !== '') causes.push(...dnsSubdomainCauses(secret, `${at}.secretName`))
  })
  const className = optionalText(spec, 'ingressClassName')
  if (className !== undefined) causes.push(...dnsSubdomainCauses(className, 'spec.ingressClassName'))
  return causes
}

const classAnnotation = 'kubernetes.io/ingress.class'

const annotationCauses = (ingress: View): Cause[] => {
  const annotation = map(struct(ingress, 'metadata'), 'annotations')[classAnnotation]
  const className = optionalText(struct(ingress, 'spec'), 'ingressClassName')
  return annotation !== undefined && className !== undefined && annotation !== className
    ? [invalid(`annotations.${classAnnotation}`, annotation, 'must match `ingressClassName` when both are specified')]
    : []
}

const statusCauses = (ingress: View, old: View): Cause[] => {
  const of = (one: View): readonly View[] => list(struct(struct(one, 'status'), 'loadBalancer'), 'ingress')
  const before = of(old).map((one) => text(one, 'ip'))
  return of(ingress).flatMap((one, i) => {
    const at = `status.loadBalancer.ingress[${i}]`
    const host = text(one, 'hostname')
    return [
      ...(text(one, 'ip') === '' ? [] : legacyIp(text(one, 'ip'), `${at}.ip`, before)),
      ...(host === '' ? [] : dnsSubdomainCauses(host, `${at}.hostname`)),
      ...(host !== '' && parseIp(host) !== undefined ? [invalid(`${at}.hostname`, host, notIp)] : []),
    ]
  })
}

/** pkg/registry/networking/ingress/strategy.go, pkg/apis/networking/validation */
export const ingressStrategy: Strategy = {
  validate: specCauses,
  validateNew: annotationCauses,
  revalidates: 'after',
  validateStatus: statusCauses,
}

const parameterCauses = (parameters: View | undefined, path: string): Cause[] => {
  if (parameters === undefined) return []
  const causes = referenceCauses(parameters, path)
  const scope = optionalText(parameters, 'scope')
  const namespace = optionalText(parameters, 'namespace')
  if (scope === undefined) return [...causes, required(`${path}.scope`)]
  if (scope !== 'Namespace' && scope !== 'Cluster')
    return [...causes, notSupported(`${path}.scope`, scope, ['Cluster', 'Namespace'])]
  if (scope === 'Namespace') {
    if (namespace === undefined || namespace === '') {
      causes.push(required(`${path}.namespace`, "`parameters.scope` is set to 'Namespace'"))
    } else causes.push(...invalids(`${path}.namespace`, namespace, isDns1123Label(namespace)))
  } else if (namespace !== undefined) {
    causes.push(forbidden(`${path}.namespace`, "`parameters.scope` is set to 'Cluster'"))
  }
  return causes
}

const classCauses = (object: View): Cause[] => {
  const spec = struct(object, 'spec')
  const controller = text(spec, 'controller')
  return [
    ...(controller.length > 250 ? [tooLong('spec.controller', 250)] : []),
    ...isDomainPrefixedPath(controller).map((one) =>
      one.type === 'Required'
        ? required('spec.controller', one.detail)
        : invalid('spec.controller', one.value, one.detail),
    ),
    ...parameterCauses(child(spec, 'parameters'), 'spec.parameters'),
  ]
}

/** pkg/registry/networking/ingressclass/strategy.go */
export const ingressClassStrategy: Strategy = {
  validate: classCauses,
  revalidates: 'after',
  validateUpdate: (object, old) =>
    immutable('spec.controller', struct(object, 'spec')['controller'], struct(old, 'spec')['controller']),
}

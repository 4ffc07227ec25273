import { isFullyQualifiedDomainName } from '../names/domain-names.ts'
import { structuralEqual } from '../json/structural-equal.ts'
import { isLabelValue } from '../names/label-names.ts'
import { endpointIpCauses } from './addresses.ts'
import { dnsLabelCauses, dnsSubdomainCauses, legacyIp, portNumber } from './field-causes.ts'
import { duplicate, invalid, invalids, notSupported, required, tooMany, type Cause } from './cause.ts'
import { labelNameCauses } from './label-selector.ts'
import { immutable, labelCauses } from './object-meta.ts'
import type { Strategy } from './strategy.ts'
import { child, list, map, number, optionalText, strings, struct, text, type View } from './view.ts'

const protocols = ['SCTP', 'TCP', 'UDP']

const protocolCauses = (protocol: string, path: string): Cause[] => {
  if (protocol === '') return [required(path)]
  return protocols.includes(protocol) ? [] : [notSupported(path, protocol, protocols)]
}

const applicationCauses = (port: View, path: string): Cause[] => {
  const application = optionalText(port, 'appProtocol')
  return application === undefined ? [] : labelNameCauses(application, `${path}.appProtocol`)
}

const addressCauses = (address: View, path: string): Cause[] => {
  const host = text(address, 'hostname')
  const node = optionalText(address, 'nodeName')
  return [
    ...legacyIp(text(address, 'ip'), `${path}.ip`),
    ...(host === '' ? [] : dnsLabelCauses(host, `${path}.hostname`)),
    ...(node === undefined ? [] : dnsSubdomainCauses(node, `${path}.nodeName`)),
    ...endpointIpCauses(text(address, 'ip'), `${path}.ip`),
  ]
}

const subsetCauses = (subset: View, path: string): Cause[] => {
  const ready = list(subset, 'addresses')
  const notReady = list(subset, 'notReadyAddresses')
  const ports = list(subset, 'ports')
  const causes =
    ready.length + notReady.length === 0 ? [required(path, 'must specify `addresses` or `notReadyAddresses`')] : []
  ready.forEach((address, i) => causes.push(...addressCauses(address, `${path}.addresses[${i}]`)))
  notReady.forEach((address, i) => causes.push(...addressCauses(address, `${path}.notReadyAddresses[${i}]`)))
  ports.forEach((port, i) => {
    const at = `${path}.ports[${i}]`
    const name = text(port, 'name')
    if (ports.length > 1 && name === '') causes.push(required(`${at}.name`))
    else if (name !== '') causes.push(...dnsLabelCauses(name, `${at}.name`))
    causes.push(
      ...portNumber(number(port, 'port'), `${at}.port`),
      ...protocolCauses(text(port, 'protocol'), `${at}.protocol`),
      ...applicationCauses(port, at),
    )
  })
  return causes
}

const subsetsCauses = (endpoints: View): Cause[] =>
  list(endpoints, 'subsets').flatMap((subset, i) => subsetCauses(subset, `subsets[${i}]`))

/** pkg/registry/core/endpoint/strategy.go, ValidateEndpoints: what was stored before is not judged again. */
export const endpointsStrategy: Strategy = {
  validate: subsetsCauses,
  revalidates: 'no',
  validateUpdate: (endpoints, old) =>
    structuralEqual(endpoints['subsets'], old['subsets']) ? [] : subsetsCauses(endpoints),
}

const addressTypes = ['FQDN', 'IPv4', 'IPv6']

const sliceAddressCauses = (endpoint: View, path: string, type: string): Cause[] => {
  const addresses = strings(endpoint, 'addresses')
  const at = `${path}.addresses`
  const causes: Cause[] = []
  if (addresses.length === 0) causes.push(required(at, 'must contain at least 1 address'))
  else if (addresses.length > 100) causes.push(tooMany(at, addresses.length, 100))
  addresses.forEach((address, i) => {
    if (type === 'FQDN') {
      for (const one of isFullyQualifiedDomainName(address)) {
        causes.push(
          one.type === 'Required' ? required(`${at}[${i}]`, one.detail) : invalid(`${at}[${i}]`, one.value, one.detail),
        )
      }
      return
    }
    if (type !== 'IPv4' && type !== 'IPv6') return
    const wrong = legacyIp(address, `${at}[${i}]`)
    if (wrong.length > 0) {
      causes.push(...wrong)
      return
    }
    if (address.includes(':') !== (type === 'IPv6')) causes.push(invalid(at, address, `must be an ${type} address`))
    causes.push(...endpointIpCauses(address, `${at}[${i}]`))
  })
  return causes
}

const hintCauses = (hints: View | undefined, path: string): Cause[] => {
  const causes: Cause[] = []
  for (const [key, check] of [
    ['forZones', isLabelValue],
    ['forNodes', undefined],
  ] as const) {
    const items = list(hints, key)
    if (items.length > 8) return [...causes, tooMany(`${path}.${key}`, items.length, 8)]
    const seen = new Set<string>()
    items.forEach((item, i) => {
      const name = text(item, 'name')
      const at = `${path}.${key}[${i}].name`
      if (seen.has(name)) causes.push(duplicate(at, name))
      seen.add(name)
      causes.push(...(check === undefined ? dnsSubdomainCauses(name, at) : invalids(at, name, check(name))))
    })
  }
  return causes
}

const endpointCauses = (slice: View): Cause[] => {
  const endpoints = list(slice, 'endpoints')
  if (endpoints.length > 1000) return [tooMany('endpoints', endpoints.length, 1000)]
  return endpoints.flatMap((endpoint, i) => {
    const at = `endpoints[${i}]`
    const node = optionalText(endpoint, 'nodeName')
    const host = optionalText(endpoint, 'hostname')
    const topology = map(endpoint, 'deprecatedTopology')
    const count = Object.keys(topology).length
    return [
      ...sliceAddressCauses(endpoint, at, text(slice, 'addressType')),
      ...(node === undefined ? [] : dnsSubdomainCauses(node, `${at}.nodeName`)),
      ...(count > 16 ? [tooMany(`${at}.deprecatedTopology`, count, 16)] : []),
      ...labelCauses(topology, `${at}.deprecatedTopology`),
      ...(host === undefined ? [] : dnsLabelCauses(host, `${at}.hostname`)),
      ...hintCauses(child(endpoint, 'hints'), `${at}.hints`),
    ]
  })
}

const slicePortCauses = (slice: View): Cause[] => {
  const ports = list(slice, 'ports')
  if (ports.length > 20000) return [tooMany('ports', ports.length, 20000)]
  const names = new Set<string>()
  return ports.flatMap((port, i) => {
    const at = `ports[${i}]`
    const name = text(port, 'name')
    const causes = name === '' ? [] : dnsLabelCauses(name, `${at}.name`)
    if (names.has(name)) causes.push(duplicate(`${at}.name`, name))
    names.add(name)
    return [...causes, ...protocolCauses(text(port, 'protocol'), `${at}.protocol`), ...applicationCauses(port, at)]
  })
}

const typeCauses = (slice: View): Cause[] => {
  const type = text(slice, 'addressType')
  if (type === '') return [required('addressType')]
  return addressTypes.includes(type) ? [] : [notSupported('addressType', type, addressTypes)]
}

const unmoved = (object: View): View => {
  const { metadata: _, ...rest } = object
  return rest
}

const sliceCauses = (slice: View): Cause[] => [
  ...typeCauses(slice),
  ...slicePortCauses(slice),
  ...endpointCauses(slice),
]

/** pkg/registry/discovery/endpointslice/strategy.go, pkg/apis/discovery/validation */
export const endpointSliceStrategy: Strategy = {
  generation: (slice, old) =>
    !structuralEqual(unmoved(slice), unmoved(old)) ||
    !structuralEqual(map(struct(slice, 'metadata'), 'labels'), map(struct(old, 'metadata'), 'labels')),
  validate: sliceCauses,
  revalidates: 'no',
  updatesMetadata: false,
  validateUpdate: (slice, old) => [
    ...typeCauses(slice),
    ...slicePortCauses(slice),
    ...(structuralEqual(slice['endpoints'], old['endpoints']) ? [] : endpointCauses(slice)),
    ...immutable('addressType', slice['addressType'], old['addressType']),
  ],
}

import { cidrContains, parseCidr } from '../names/cidr.ts'
import { isValidPortName } from '../names/other-names.ts'
import { legacyCidr, portNumber } from './field-causes.ts'
import { forbidden, invalid, invalids, notSupported, required, type Cause } from './cause.ts'
import { labelSelectorCauses } from './label-selector.ts'
import type { Strategy } from './strategy.ts'
import { child, list, optionalNumber, optionalText, strings, struct, text, type View } from './view.ts'

const portCauses = (port: View, path: string): Cause[] => {
  const causes: Cause[] = []
  const protocol = optionalText(port, 'protocol')
  if (protocol !== undefined && !['TCP', 'UDP', 'SCTP'].includes(protocol)) {
    causes.push(notSupported(`${path}.protocol`, protocol, ['TCP', 'UDP', 'SCTP']))
  }
  const end = optionalNumber(port, 'endPort')
  const own = port['port']
  if (typeof own === 'number') {
    causes.push(...portNumber(own, `${path}.port`))
    if (end !== undefined) {
      if (end < own) causes.push(invalid(`${path}.endPort`, own, 'must be greater than or equal to `port`'))
      causes.push(...portNumber(end, `${path}.endPort`))
    }
  } else if (typeof own === 'string') {
    if (end !== undefined)
      causes.push(invalid(`${path}.endPort`, end, 'may not be specified when `port` is non-numeric'))
    causes.push(...invalids(`${path}.port`, own, isValidPortName(own)))
  } else if (end !== undefined) {
    causes.push(invalid(`${path}.endPort`, end, 'may not be specified when `port` is not specified'))
  }
  return causes
}

const blockCauses = (block: View, path: string, existing: readonly string[]): Cause[] => {
  const cidrText = text(block, 'cidr')
  if (cidrText === '') return [required(`${path}.cidr`)]
  const causes = legacyCidr(cidrText, `${path}.cidr`, existing)
  const cidr = parseCidr(cidrText)
  if (cidr === undefined) return causes
  strings(block, 'except').forEach((except, i) => {
    const at = `${path}.except[${i}]`
    causes.push(...legacyCidr(except, at, existing))
    const inner = parseCidr(except)
    if (inner === undefined) return
    if (!cidrContains(cidr, inner.network) || cidr.bits >= inner.bits) {
      causes.push(invalid(at, except, 'must be a strict subset of `cidr`'))
    }
  })
  return causes
}

const peerCauses = (peer: View, path: string, existing: readonly string[]): Cause[] => {
  const causes: Cause[] = []
  let count = 0
  for (const key of ['podSelector', 'namespaceSelector']) {
    const selector = child(peer, key)
    if (selector === undefined) continue
    count += 1
    causes.push(...labelSelectorCauses(selector, `${path}.${key}`))
  }
  const block = child(peer, 'ipBlock')
  if (block !== undefined) {
    count += 1
    causes.push(...blockCauses(block, `${path}.ipBlock`, existing))
  }
  if (count === 0) causes.push(required(path, 'must specify a peer'))
  else if (count > 1 && block !== undefined)
    causes.push(forbidden(path, 'may not specify both ipBlock and another peer'))
  return causes
}

const directions = [
  ['ingress', 'from'],
  ['egress', 'to'],
] as const

const specCauses = (policy: View, existing: readonly string[]): Cause[] => {
  const spec = struct(policy, 'spec')
  const causes = labelSelectorCauses(child(spec, 'podSelector'), 'spec.podSelector')
  for (const [direction, peers] of directions) {
    list(spec, direction).forEach((rule, i) => {
      const at = `spec.${direction}[${i}]`
      list(rule, 'ports').forEach((port, j) => causes.push(...portCauses(port, `${at}.ports[${j}]`)))
      list(rule, peers).forEach((peer, j) => causes.push(...peerCauses(peer, `${at}.${peers}[${j}]`, existing)))
    })
  }
  const types = strings(spec, 'policyTypes')
  if (types.length > 2)
    return [...causes, invalid('spec.policyTypes', types, 'may not specify more than two policyTypes')]
  types.forEach((type, i) => {
    if (type !== 'Ingress' && type !== 'Egress')
      causes.push(notSupported(`spec.policyTypes[${i}]`, type, ['Ingress', 'Egress']))
  })
  return causes
}

const cidrsOf = (policy: View): readonly string[] =>
  directions.flatMap(([direction, peers]) =>
    list(struct(policy, 'spec'), direction).flatMap((rule) =>
      list(rule, peers).flatMap((peer) => {
        const block = child(peer, 'ipBlock')
        return block === undefined ? [] : [text(block, 'cidr'), ...strings(block, 'except')]
      }),
    ),
  )

/** pkg/registry/networking/networkpolicy/strategy.go, pkg/apis/networking/validation */
export const networkPolicyStrategy: Strategy = {
  validate: (policy) => specCauses(policy, []),
  validateUpdate: (policy, old) => specCauses(policy, cidrsOf(old)),
}

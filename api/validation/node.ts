import { isLabelValue } from '../names/label-names.ts'
import { parseCidr } from '../names/cidr.ts'
import { structuralEqual } from '../json/structural-equal.ts'
import { legacyCidr } from './field-causes.ts'
import { duplicate, forbidden, internalError, invalid, type Cause } from './cause.ts'
import { labelNameCauses } from './label-selector.ts'
import { quantityValueCauses } from './resources.ts'
import type { Strategy } from './strategy.ts'
import { taintEffectCauses } from './tolerations.ts'
import { list, map, strings, struct, text, type View } from './view.ts'

/** validateNodeTaints; upstream calls them metadata's. */
const taintCauses = (node: View): Cause[] => {
  const seen = new Set<string>()
  return list(struct(node, 'spec'), 'taints').flatMap((taint, i) => {
    const at = `metadata.taints[${i}]`
    const key = text(taint, 'key')
    const effect = text(taint, 'effect')
    const value = text(taint, 'value')
    const causes = labelNameCauses(key, `${at}.key`)
    const wrong = isLabelValue(value)
    if (wrong.length > 0) causes.push(invalid(`${at}.value`, value, wrong.join(';')))
    causes.push(...taintEffectCauses(effect, `${at}.effect`, false))
    const pair = `${effect}/${key}`
    if (seen.has(pair)) {
      const told = duplicate(at, { typed: taint, type: 'io.k8s.api.core.v1.Taint' })
      causes.push({ ...told, message: `${told.message}: taints must be unique by key and effect pair` })
    }
    seen.add(pair)
    return causes
  })
}

const amountCauses = (node: View): Cause[] =>
  ['capacity', 'allocatable'].flatMap((key) => {
    const amounts = map(struct(node, 'status'), key)
    return Object.keys(amounts).flatMap((name) =>
      quantityValueCauses(name, amounts[name] ?? '0', `status.${key}.${name}`),
    )
  })

const cidrCauses = (node: View): Cause[] => {
  const path = 'spec.podCIDRs'
  const cidrs = strings(struct(node, 'spec'), 'podCIDRs')
  const causes = cidrs.flatMap((cidr, i) => legacyCidr(cidr, `${path}[${i}]`))
  if (cidrs.length < 2) return causes
  const broken = cidrs.findIndex((cidr) => parseCidr(cidr) === undefined)
  if (broken >= 0) {
    const one = cidrs[broken] ?? ''
    causes.push(
      internalError(
        path,
        `invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[${broken}]: <nil> (invalid CIDR address: ${one})`,
      ),
    )
  }
  const dual = broken < 0 && new Set(cidrs.map((cidr) => cidr.includes(':'))).size === 2
  if (!dual || cidrs.length > 2)
    causes.push(invalid(path, cidrs, 'may specify no more than one CIDR for each IP family'))
  return causes
}

const updateCauses = (node: View, old: View): Cause[] => {
  const causes = amountCauses(node)
  const addresses: View[] = []
  list(struct(node, 'status'), 'addresses').forEach((address, i) => {
    if (addresses.some((one) => structuralEqual(one, address))) {
      causes.push(duplicate(`status.addresses[${i}]`, { typed: address, type: 'io.k8s.api.core.v1.NodeAddress' }))
    }
    addresses.push(address)
  })
  const cidrs = strings(struct(node, 'spec'), 'podCIDRs')
  const before = strings(struct(old, 'spec'), 'podCIDRs')
  const told = 'node updates may not change podCIDR except from "" to valid'
  if (before.length > 0) {
    if (before.length !== cidrs.length) causes.push(forbidden('spec.podCIDRs', told))
    else before.forEach((cidr, i) => (cidr === cidrs[i] ? 0 : causes.push(forbidden('spec.podCIDRs', told))))
  }
  const provider = text(struct(old, 'spec'), 'providerID')
  if (provider !== '' && provider !== text(struct(node, 'spec'), 'providerID')) {
    causes.push(forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid'))
  }
  causes.push(...taintCauses(node))
  if (text(struct(node, 'spec'), 'externalID') !== text(struct(old, 'spec'), 'externalID')) {
    causes.push(forbidden('spec.externalID', 'may not be updated'))
  }
  return causes
}

/** pkg/registry/core/node/strategy.go, ValidateNode*: a new node brings its status along. */
export const nodeStrategy: Strategy = {
  keepsStatusOnCreate: true,
  validate: (node) => [...taintCauses(node), ...amountCauses(node), ...cidrCauses(node)],
  revalidates: 'before',
  validateUpdate: updateCauses,
  validateStatus: updateCauses,
}

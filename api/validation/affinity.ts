import { isDns1123Label, isDns1123Subdomain } from '../names/dns-names.ts'
import { isLabelValue } from '../names/label-names.ts'
import { forbidden, invalid, invalids, required, type Cause } from './cause.ts'
import { labelNameCauses, labelSelectorCauses } from './label-selector.ts'
import { child, list, map, number, strings, struct, text, type View } from './view.ts'

const requirementCauses = (requirement: View, path: string, lax: boolean): Cause[] => {
  const causes: Cause[] = []
  const operator = text(requirement, 'operator')
  const values = strings(requirement, 'values')
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0)
        causes.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"))
      break
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0) {
        causes.push(forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
      }
      break
    case 'Gt':
    case 'Lt':
      if (values.length !== 1)
        causes.push(required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"))
      break
    default:
      causes.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'))
  }
  causes.push(...labelNameCauses(text(requirement, 'key'), `${path}.key`))
  if (!lax) values.forEach((value, i) => causes.push(...invalids(`${path}.values[${i}]`, value, isLabelValue(value))))
  return causes
}

const fieldRequirementCauses = (requirement: View, path: string): Cause[] => {
  const causes: Cause[] = []
  const operator = text(requirement, 'operator')
  const values = strings(requirement, 'values')
  if (operator !== 'In' && operator !== 'NotIn')
    causes.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'))
  else if (values.length !== 1) {
    causes.push(
      required(`${path}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"),
    )
  }
  const key = text(requirement, 'key')
  if (key !== 'metadata.name') causes.push(invalid(`${path}.key`, key, 'not a valid field selector key'))
  else values.forEach((value, i) => causes.push(...invalids(`${path}.values[${i}]`, value, isDns1123Subdomain(value))))
  return causes
}

const termCauses = (term: View, path: string, lax: boolean): Cause[] => [
  ...list(term, 'matchExpressions').flatMap((one, i) => requirementCauses(one, `${path}.matchExpressions[${i}]`, lax)),
  ...list(term, 'matchFields').flatMap((one, i) => fieldRequirementCauses(one, `${path}.matchFields[${i}]`)),
]

/** ValidateNodeSelector */
export const nodeSelectorCauses = (selector: View, path: string): Cause[] => {
  const terms = list(selector, 'nodeSelectorTerms')
  const at = `${path}.nodeSelectorTerms`
  if (terms.length === 0) return [required(at, 'must have at least one node selector term')]
  return terms.flatMap((term, i) => termCauses(term, `${at}[${i}]`, false))
}

const weightCauses = (term: View, path: string): Cause[] => {
  const weight = number(term, 'weight')
  return weight <= 0 || weight > 100 ? [invalid(`${path}.weight`, weight, 'must be in the range 1-100')] : []
}

const keysCauses = (keys: readonly string[], selector: View | undefined, path: string): Cause[] => {
  if (keys.length === 0) return []
  if (selector === undefined) return [forbidden(path, 'must not be specified when labelSelector is not set')]
  return keys.flatMap((key, i) => labelNameCauses(key, `${path}[${i}]`))
}

/** ValidateMatchLabelKeysAndMismatchLabelKeys */
export const matchLabelKeysCauses = (holder: View, path: string): Cause[] => {
  const selector = child(holder, 'labelSelector')
  const match = strings(holder, 'matchLabelKeys')
  const mismatch = strings(holder, 'mismatchLabelKeys')
  const causes = [
    ...keysCauses(match, selector, `${path}.matchLabelKeys`),
    ...keysCauses(mismatch, selector, `${path}.mismatchLabelKeys`),
  ]
  if (selector !== undefined) {
    const seen = new Set(Object.keys(map(selector, 'matchLabels')))
    for (const expression of list(selector, 'matchExpressions')) {
      const key = text(expression, 'key')
      const index = match.lastIndexOf(key)
      if (index >= 0 && seen.has(key))
        causes.push(invalid(`${path}[${index}]`, key, 'exists in both matchLabelKeys and labelSelector'))
      seen.add(key)
    }
  }
  match.forEach((key, i) => {
    if (mismatch.includes(key)) {
      causes.push(invalid(`${path}.matchLabelKeys[${i}]`, key, 'exists in both matchLabelKeys and mismatchLabelKeys'))
    }
  })
  return causes
}

const podTermCauses = (term: View, path: string): Cause[] => {
  const causes = [
    ...labelSelectorCauses(child(term, 'labelSelector'), `${path}.labelSelector`),
    ...labelSelectorCauses(child(term, 'namespaceSelector'), `${path}.namespaceSelector`),
  ]
  for (const name of strings(term, 'namespaces'))
    causes.push(...invalids(`${path}.namespace`, name, isDns1123Label(name)))
  causes.push(...matchLabelKeysCauses(term, path))
  const key = text(term, 'topologyKey')
  if (key === '') causes.push(required(`${path}.topologyKey`, 'can not be empty'))
  causes.push(...labelNameCauses(key, `${path}.topologyKey`))
  return causes
}

const requiredTerms = 'requiredDuringSchedulingIgnoredDuringExecution'
const preferredTerms = 'preferredDuringSchedulingIgnoredDuringExecution'

const podAffinityCauses = (affinity: View, path: string): Cause[] => [
  ...list(affinity, requiredTerms).flatMap((term, i) => podTermCauses(term, `${path}.${requiredTerms}[${i}]`)),
  ...list(affinity, preferredTerms).flatMap((term, i) => {
    const at = `${path}.${preferredTerms}[${i}]`
    return [...weightCauses(term, at), ...podTermCauses(struct(term, 'podAffinityTerm'), `${at}.podAffinityTerm`)]
  }),
]

const nodeAffinityCauses = (affinity: View, path: string): Cause[] => {
  const selector = child(affinity, requiredTerms)
  return [
    ...(selector === undefined ? [] : nodeSelectorCauses(selector, `${path}.${requiredTerms}`)),
    ...list(affinity, preferredTerms).flatMap((term, i) => {
      const at = `${path}.${preferredTerms}[${i}]`
      return [...weightCauses(term, at), ...termCauses(struct(term, 'preference'), `${at}.preference`, true)]
    }),
  ]
}

/** validateAffinity */
export const affinityCauses = (affinity: View | undefined, path: string): Cause[] => {
  const node = child(affinity, 'nodeAffinity')
  const pod = child(affinity, 'podAffinity')
  const anti = child(affinity, 'podAntiAffinity')
  return [
    ...(node === undefined ? [] : nodeAffinityCauses(node, `${path}.nodeAffinity`)),
    ...(pod === undefined ? [] : podAffinityCauses(pod, `${path}.podAffinity`)),
    ...(anti === undefined ? [] : podAffinityCauses(anti, `${path}.podAntiAffinity`)),
  ]
}

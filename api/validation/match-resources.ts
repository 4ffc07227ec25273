import { isPathSegmentName } from '../names/other-names.ts'
import { duplicate, invalid, notSupported, required, type Cause } from './cause.ts'
import { labelSelectorCauses } from './label-selector.ts'
import { child, list, optionalText, strings, type View } from './view.ts'
import { ruleCauses } from './webhook-configuration.ts'

/** validateNamedRuleWithOperations */
const namedRuleCauses = (rule: View, path: string): Cause[] => {
  const causes: Cause[] = []
  const seen = new Set<string>()
  strings(rule, 'resourceNames').forEach((name, i) => {
    const at = `${path}.resourceNames[${i}]`
    for (const message of isPathSegmentName(name)) causes.push(invalid(at, name, message))
    if (seen.has(name)) causes.push(duplicate(at, name))
    seen.add(name)
  })
  return [...causes, ...ruleCauses(rule, path)]
}

/** pkg/apis/admissionregistration/validation: validateMatchResources, of policies and of their bindings. */
export const matchResourcesCauses = (resources: View, path: string): Cause[] => {
  const causes: Cause[] = []
  const policies = ['Equivalent', 'Exact']
  const policy = optionalText(resources, 'matchPolicy')
  if (policy === undefined) causes.push(required(`${path}.matchPolicy`))
  else if (!policies.includes(policy)) causes.push(notSupported(`${path}.matchPolicy`, policy, policies))
  for (const key of ['namespaceSelector', 'objectSelector']) {
    const selector = child(resources, key)
    if (selector === undefined) causes.push(required(`${path}.${key}`))
    else causes.push(...labelSelectorCauses(selector, `${path}.${key}`))
  }
  for (const key of ['resourceRules', 'excludeResourceRules'])
    list(resources, key).forEach((rule, i) => causes.push(...namedRuleCauses(rule, `${path}.${key}[${i}]`)))
  return causes
}

const mutating = ['CREATE', 'UPDATE']

/** Only what is written can be changed on its way. */
export const mutatingOperationCauses = (resources: View, path: string): Cause[] =>
  list(resources, 'resourceRules').flatMap((rule) =>
    strings(rule, 'operations')
      .filter((operation) => !mutating.includes(operation))
      .map((operation) => notSupported(`${path}.resourceRules.operations`, operation, mutating)),
  )

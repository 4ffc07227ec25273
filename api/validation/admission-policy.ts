import { admissionScope, variablesType } from '../cel/admission-scope.ts'
import type { CelScope } from '../cel/check.ts'
import { compileExpression } from '../cel/expression.ts'
import { appliedType, mutationStruct, patchesType } from '../cel/mutation-types.ts'
import { boolType, dynType, nullType, stringType, type CelType } from '../cel/types.ts'
import { structuralEqual } from '../json/structural-equal.ts'
import { isDns1035Label, isDns1123Subdomain } from '../names/dns-names.ts'
import { isPathSegmentName } from '../names/other-names.ts'
import { duplicate, forbidden, invalid, notSupported, required, type Cause } from './cause.ts'
import { labelNameCauses, labelSelectorCauses } from './label-selector.ts'
import { matchConditionCauses } from './match-conditions.ts'
import { matchResourcesCauses, mutatingOperationCauses } from './match-resources.ts'
import type { Strategy } from './strategy.ts'
import { child, list, optionalText, strings, struct, text, type View } from './view.ts'

const celName = /^[_a-zA-Z][_a-zA-Z0-9]*$/
const celReserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
)
const hasBreaks = (value: string): boolean => /\r\n|\n/.test(value)

const choice = (view: View, key: string, supported: readonly string[], path: string): Cause[] => {
  const value = optionalText(view, key)
  if (value === undefined || value === '') return [required(`${path}.${key}`)]
  return supported.includes(value) ? [] : [notSupported(`${path}.${key}`, value, supported)]
}

/** validateParamKind */
const paramKindCauses = (kind: View, path: string): Cause[] => {
  const causes: Cause[] = []
  const at = `${path}.apiVersion`
  const given = text(kind, 'apiVersion')
  const parts = given.split('/')
  if (given === '') causes.push(required(at))
  else if (parts.length > 2) causes.push(invalid(at, given, `unexpected GroupVersion string: ${given}`))
  else {
    const [group, version] = parts.length === 2 ? [parts[0]!, parts[1]!] : ['', given]
    if (group !== '') {
      const wrong = isDns1123Subdomain(group)
      if (wrong.length > 0) causes.push(invalid(at, group, wrong.join(',')))
    }
    if (version === '') causes.push(invalid(at, given, 'version must be specified'))
    else {
      const wrong = isDns1035Label(version)
      if (wrong.length > 0) causes.push(invalid(at, version, wrong.join(',')))
    }
  }
  const name = text(kind, 'kind')
  const wrong = name === '' ? [] : isDns1035Label(name.toLowerCase())
  if (name === '') causes.push(required(`${path}.kind`))
  else if (wrong.length > 0)
    causes.push(invalid(`${path}.kind`, name, `may have mixed case, but should otherwise match: ${wrong.join(',')}`))
  return causes
}

/** What the expressions of a policy may name; grows with its variables. */
interface Scopes {
  readonly params: boolean
  readonly types: Map<string, CelType>
  readonly struct: ((name: string) => CelType | undefined) | undefined
}
const scopeOf = ({ params, types, struct: structOf }: Scopes, authorizer = true): CelScope =>
  admissionScope({
    params,
    namespaceObject: true,
    authorizer,
    variables: variablesType(types),
    ...(structOf === undefined ? {} : { struct: structOf }),
  })

const variableCauses = (variable: View, scopes: Scopes, path: string): Cause[] => {
  const causes: Cause[] = []
  const name = text(variable, 'name')
  const expression = text(variable, 'expression')
  if (name.trim() === '') causes.push(required(`${path}.name`, 'name is not specified'))
  else if (!celName.test(name) || celReserved.has(name))
    causes.push(invalid(`${path}.name`, name, 'must be a valid CEL identifier'))
  if (expression.trim() === '') causes.push(required(`${path}.expression`, 'expression is not specified'))
  else {
    const compiled = compileExpression(expression, scopeOf(scopes))
    if (!compiled.ok) causes.push(invalid(`${path}.expression`, expression, compiled.message))
    scopes.types.set(name, compiled.ok ? compiled.expression.type : dynType)
  }
  return causes
}

const expressionCauses = (expression: string, scope: CelScope, results: readonly CelType[], path: string): Cause[] => {
  const compiled = compileExpression(expression, scope, results)
  return compiled.ok ? [] : [invalid(path, expression, compiled.message)]
}

const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge']

const validationCauses = (validation: View, scopes: Scopes, path: string): Cause[] => {
  const causes: Cause[] = []
  const expression = text(validation, 'expression')
  if (expression.trim() === '') causes.push(required(`${path}.expression`, 'expression is not specified'))
  else causes.push(...expressionCauses(expression, scopeOf(scopes), [boolType], `${path}.expression`))
  const shown = text(validation, 'messageExpression')
  if (shown !== '') {
    const at = `${path}.messageExpression`
    if (shown.trim() === '') causes.push(invalid(at, shown, 'must be non-empty if specified'))
    else causes.push(...expressionCauses(shown, scopeOf(scopes, false), [stringType], at))
  }
  const message = text(validation, 'message')
  if (message !== '' && message.trim() === '')
    causes.push(invalid(`${path}.message`, message, 'must be non-empty if specified'))
  else if (hasBreaks(message.trim())) causes.push(invalid(`${path}.message`, message, 'must not contain line breaks'))
  const reason = optionalText(validation, 'reason')
  if (reason !== undefined && !reasons.includes(reason)) causes.push(notSupported(`${path}.reason`, reason, reasons))
  return causes
}

const maxValueExpression = 5 * 1024
const maxAuditAnnotations = 20

const annotationCauses = (annotation: View, policy: string, scopes: Scopes, path: string): Cause[] => {
  const key = text(annotation, 'key')
  const causes =
    policy === ''
      ? [invalid(`${path}.key`, key, 'requires metadata.name be non-empty')]
      : labelNameCauses(`${policy}/${key}`, `${path}.key`)
  const at = `${path}.valueExpression`
  const given = text(annotation, 'valueExpression')
  const expression = given.trim()
  if (expression === '') causes.push(required(at, 'valueExpression is not specified'))
  else if (expression.length > maxValueExpression)
    causes.push(required(at, `must not exceed ${maxValueExpression} bytes in length`))
  else {
    const compiled = compileExpression(expression, scopeOf(scopes), [stringType, nullType])
    if (!compiled.ok) causes.push(invalid(at, given, compiled.message))
  }
  return causes
}

/** What both kinds of policy have. */
const commonCauses = (spec: View, mutates: boolean): Cause[] => {
  const causes = choice(spec, 'failurePolicy', ['Fail', 'Ignore'], 'spec')
  const kind = child(spec, 'paramKind')
  if (kind !== undefined) causes.push(...paramKindCauses(kind, 'spec.paramKind'))
  const constraints = child(spec, 'matchConstraints')
  const at = 'spec.matchConstraints'
  if (constraints === undefined) causes.push(required(at))
  else {
    causes.push(...matchResourcesCauses(constraints, at))
    if (list(constraints, 'resourceRules').length === 0) causes.push(required(`${at}.resourceRules`))
    if (mutates) causes.push(...mutatingOperationCauses(constraints, at))
  }
  causes.push(...matchConditionCauses(list(spec, 'matchConditions'), kind !== undefined, 'spec.matchConditions'))
  return causes
}

const scopesFor = (spec: View, structOf?: (name: string) => CelType | undefined): Scopes => ({
  params: child(spec, 'paramKind') !== undefined,
  types: new Map(),
  struct: structOf,
})

const validatingCauses = (object: View): Cause[] => {
  const spec = struct(object, 'spec')
  const scopes = scopesFor(spec)
  const causes = commonCauses(spec, false)
  list(spec, 'variables').forEach((one, i) => causes.push(...variableCauses(one, scopes, `spec.variables[${i}]`)))
  const validations = list(spec, 'validations')
  const annotations = list(spec, 'auditAnnotations')
  if (validations.length === 0 && annotations.length === 0) {
    const why = 'validations or auditAnnotations must contain at least one item'
    return [...causes, required('spec.validations', why), required('spec.auditAnnotations', why)]
  }
  validations.forEach((one, i) => causes.push(...validationCauses(one, scopes, `spec.validations[${i}]`)))
  if (annotations.length > maxAuditAnnotations)
    causes.push(
      invalid('spec.auditAnnotations', annotations, `must not have more than ${maxAuditAnnotations} auditAnnotations`),
    )
  const keys = new Set<string>()
  annotations.forEach((one, i) => {
    const at = `spec.auditAnnotations[${i}]`
    causes.push(...annotationCauses(one, text(struct(object, 'metadata'), 'name'), scopes, at))
    const key = text(one, 'key')
    if (keys.has(key)) causes.push(duplicate(`${at}.key`, key))
    keys.add(key)
  })
  return causes
}

/** validateMutation: an expression of its patch type, and of no other. */
const mutationCauses = (mutation: View, scopes: Scopes, path: string): Cause[] => {
  const type = text(mutation, 'patchType')
  const types = ['ApplyConfiguration', 'JSONPatch']
  if (type === '') return [required(`${path}.patchType`)]
  if (!types.includes(type)) return [notSupported(`${path}.patchType`, type, types)]
  const [own, other] = type === 'JSONPatch' ? ['jsonPatch', 'applyConfiguration'] : ['applyConfiguration', 'jsonPatch']
  const causes: Cause[] = []
  const patch = child(mutation, own)
  const expression = text(patch, 'expression').trim()
  const result = type === 'JSONPatch' ? patchesType : appliedType
  if (patch === undefined) causes.push(required(`${path}.${own}`, `must be specified when patchType is ${type}`))
  else if (expression === '') causes.push(required(`${path}.${own}.expression`))
  else causes.push(...expressionCauses(expression, scopeOf(scopes), [result], `${path}.${own}.expression`))
  if (child(mutation, other) !== undefined)
    causes.push(invalid(`${path}.${other}`, `{${other}}`, `must not be specified when patchType is ${type}`))
  return causes
}

const mutatingCauses = (object: View): Cause[] => {
  const spec = struct(object, 'spec')
  const scopes = scopesFor(spec, mutationStruct)
  const causes = commonCauses(spec, true)
  list(spec, 'variables').forEach((one, i) => causes.push(...variableCauses(one, scopes, `spec.variables[${i}]`)))
  const mutations = list(spec, 'mutations')
  if (mutations.length === 0) causes.push(required('spec.mutations', 'mutations must contain at least one item'))
  mutations.forEach((one, i) => causes.push(...mutationCauses(one, scopes, `spec.mutations[${i}]`)))
  return [...causes, ...choice(spec, 'reinvocationPolicy', ['IfNeeded', 'Never'], 'spec')]
}

/** validateParamRef */
const paramRefCauses = (ref: View, path: string): Cause[] => {
  const causes: Cause[] = []
  const name = text(ref, 'name')
  const selector = child(ref, 'selector')
  const exclusive = 'name and selector are mutually exclusive'
  for (const message of name === '' ? [] : isPathSegmentName(name)) causes.push(invalid(`${path}.name`, name, message))
  if (name !== '' && selector !== undefined) causes.push(forbidden(`${path}.name`, exclusive))
  if (selector !== undefined) {
    causes.push(...labelSelectorCauses(selector, `${path}.selector`))
    if (name !== '') causes.push(forbidden(`${path}.selector`, exclusive))
  }
  if (name === '' && selector === undefined) causes.push(required(path, 'one of name or selector must be specified'))
  return [...causes, ...choice(ref, 'parameterNotFoundAction', ['Deny', 'Allow'], path)]
}

const commonBindingCauses = (spec: View): Cause[] => {
  const policy = text(spec, 'policyName')
  const causes =
    policy === ''
      ? [required('spec.policyName')]
      : isDns1123Subdomain(policy).map((message) => invalid('spec.policyName', policy, message))
  const ref = child(spec, 'paramRef')
  if (ref !== undefined) causes.push(...paramRefCauses(ref, 'spec.paramRef'))
  const resources = child(spec, 'matchResources')
  if (resources !== undefined) causes.push(...matchResourcesCauses(resources, 'spec.matchResources'))
  return causes
}

const actions = ['Audit', 'Deny', 'Warn']
const repeats =
  'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)'

const validatingBindingCauses = (object: View): Cause[] => {
  const spec = struct(object, 'spec')
  const causes = commonBindingCauses(spec)
  const given = strings(spec, 'validationActions')
  const at = 'spec.validationActions'
  const seen = new Set<string>()
  given.forEach((action, i) => {
    if (!actions.includes(action)) causes.push(notSupported(`${at}[${i}]`, action, actions))
    if (seen.has(action)) causes.push(duplicate(`${at}[${i}]`, action))
    seen.add(action)
  })
  if (seen.has('Deny') && seen.has('Warn')) causes.push(invalid(at, given, repeats))
  if (seen.size === 0) causes.push(required(at, 'at least one validation action is required'))
  return causes
}

const mutatingBindingCauses = (object: View): Cause[] => {
  const spec = struct(object, 'spec')
  const resources = child(spec, 'matchResources')
  return [
    ...commonBindingCauses(spec),
    ...(resources === undefined ? [] : mutatingOperationCauses(resources, 'spec.matchResources')),
  ]
}

const shared: Strategy = {
  generation: (object, old) => !structuralEqual(object['spec'], old['spec']),
  revalidates: 'after',
  updatesMetadata: false,
}

/** pkg/registry/admissionregistration/{validating,mutating}admissionpolicy{,binding}. */
export const validatingPolicyStrategy: Strategy = { ...shared, validate: validatingCauses }
export const validatingBindingStrategy: Strategy = { ...shared, validate: validatingBindingCauses }
export const mutatingPolicyStrategy: Strategy = { ...shared, validate: mutatingCauses }
export const mutatingBindingStrategy: Strategy = { ...shared, validate: mutatingBindingCauses }

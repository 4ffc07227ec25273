import { compileExpression, type Compiled } from '../../../../api/cel/expression.ts'
import { boolType, nullType, stringType } from '../../../../api/cel/types.ts'
import { isFailure, type Value } from '../../../../api/cel/values.ts'
import type {
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  Validation,
} from '../../../../api/types/admissionregistration-v1.generated.ts'
import { failure, type Refusal } from '../../status.ts'
import { forbid } from '../forbid.ts'
import { admissionValues } from './cel-variables.ts'
import { compiledObjects } from './configurations.ts'
import type { Concern } from './hooks.ts'
import { compileConditions, type Conditions } from './match-conditions.ts'
import { matcherOfResources, type Matcher } from './matching.ts'
import { collectParams, policyBudget, policyScope, type PolicyScope } from './policy-parts.ts'

interface Rule {
  readonly validation: Validation
  readonly check: Compiled
  readonly message: Compiled | undefined
}

interface Policy {
  readonly object: ValidatingAdmissionPolicy
  readonly name: string
  readonly fails: boolean
  readonly matcher: Matcher
  readonly conditions: Conditions
  readonly scope: PolicyScope
  readonly rules: readonly Rule[]
  readonly annotations: readonly (readonly [key: string, value: Compiled])[]
}

interface Binding {
  readonly object: ValidatingAdmissionPolicyBinding
  readonly name: string
  readonly matcher: Matcher
}

const policies = compiledObjects('admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy', (object): Policy => {
  const policy = object as ValidatingAdmissionPolicy
  const spec = policy.spec
  const scope = policyScope(spec.variables ?? [], spec.paramKind !== undefined)
  return {
    object: policy,
    name: object.metadata.name,
    fails: spec.failurePolicy !== 'Ignore',
    matcher: matcherOfResources(spec.matchConstraints, false),
    conditions: compileConditions(spec.matchConditions ?? [], scope.conditionScope),
    scope,
    rules: (spec.validations ?? []).map((validation) => ({
      validation,
      check: compileExpression(validation.expression, scope.scope, [boolType]),
      message:
        validation.messageExpression === undefined || validation.messageExpression === ''
          ? undefined
          : compileExpression(validation.messageExpression, scope.scope, [stringType]),
    })),
    annotations: (spec.auditAnnotations ?? []).map(({ key, valueExpression }) => [
      key,
      compileExpression(valueExpression, scope.scope, [stringType, nullType]),
    ]),
  }
})

const bindings = compiledObjects(
  'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding',
  (object): Binding => ({
    object: object as ValidatingAdmissionPolicyBinding,
    name: object.metadata.name,
    matcher: matcherOfResources((object as ValidatingAdmissionPolicyBinding).spec.matchResources, true),
  }),
)

/** What one expression has decided, or that it could not. */
interface Decision {
  readonly message: string
  readonly reason: string
  /** An error, not a verdict: denied whatever the binding's actions are. */
  readonly error: boolean
}

const messageOf = (rule: Rule, resolve: (name: string) => Value | undefined): string => {
  const { validation, message } = rule
  if (message?.ok === true) {
    const { value } = message.expression.evaluate(resolve)
    const text = typeof value === 'string' ? value.trim() : ''
    if (text !== '' && !text.includes('\n') && text.length <= 5 * 1024) return text
  }
  const fixed = (validation.message ?? '').trim()
  return fixed === '' ? `failed expression: ${validation.expression.trim()}` : fixed
}

const judge = (policy: Policy, resolve: (name: string) => Value | undefined): readonly Decision[] => {
  const decisions: Decision[] = []
  let budget = policyBudget
  const failed = (message: string): void => {
    if (policy.fails) decisions.push({ message, reason: 'Invalid', error: true })
  }
  for (const rule of policy.rules) {
    if (!rule.check.ok) {
      failed(`compilation error: ${rule.check.message}`)
      continue
    }
    const { value, cost } = rule.check.expression.evaluate(resolve)
    budget -= cost
    if (budget < 0) {
      failed('validation failed due to running out of cost budget, no further validation rules will be run')
      break
    }
    if (isFailure(value)) failed(`expression '${rule.validation.expression}' resulted in error: ${value.message}`)
    else if (value !== true)
      decisions.push({ message: messageOf(rule, resolve), reason: rule.validation.reason ?? 'Invalid', error: false })
  }
  return decisions
}

const codes: Readonly<Record<string, number>> = { Unauthorized: 401, Forbidden: 403, RequestEntityTooLarge: 413 }

const refuse = (concern: Concern, message: string, reason: string): Refusal => {
  const { body } = forbid(concern.attributes, concern.object ?? concern.attributes.old, message).response as {
    readonly body: { readonly message: string; readonly details: object }
  }
  return failure(codes[reason] ?? 422, body.message, { reason, details: { ...body.details, causes: [{ message }] } })
}

const actionsOf = (binding: Binding, decision: Decision): readonly string[] =>
  decision.error ? ['Deny'] : (binding.object.spec.validationActions ?? [])

/** What is recorded with the request: `<policy>/<key>` → value. */
export type AuditNote = (key: string, value: string) => void

/** plugin/policy/validating/dispatcher.go: every binding of every policy is judged, the first that denies is told. */
export const judgePolicies = (concern: Concern, note: AuditNote): Refusal | undefined => {
  const { context, attributes, object } = concern
  let refused: Refusal | undefined
  const deny = (message: string, reason: string, policy: string, binding: string | undefined): void => {
    const by = binding === undefined ? '' : ` with binding '${binding}'`
    refused ??= refuse(concern, `ValidatingAdmissionPolicy '${policy}'${by} denied request: ${message}`, reason)
  }
  for (const policy of policies(context)) {
    const version = policy.matcher.match(context, attributes, object)
    if (version === undefined) continue
    const base = admissionValues({ ...concern, version })
    const audited: { readonly message: string; readonly policy: string; readonly binding: string }[] = []
    for (const binding of bindings(context)) {
      if (
        binding.object.spec.policyName !== policy.name ||
        binding.matcher.match(context, attributes, object) === undefined
      )
        continue
      const params = collectParams(context, attributes, policy.object.spec.paramKind, binding.object.spec.paramRef)
      if ('error' in params) {
        if (policy.fails) deny(`failed to configure binding: ${params.error}`, 'Invalid', policy.name, binding.name)
        continue
      }
      for (const one of params.all) {
        const resolve = policy.scope.values(base, one)
        const matched = policy.conditions.evaluate(resolve)
        if (!matched.matches) {
          if (matched.error !== undefined && policy.fails) deny(matched.error, 'Invalid', policy.name, binding.name)
          continue
        }
        for (const decision of judge(policy, resolve)) {
          for (const action of actionsOf(binding, decision)) {
            if (action === 'Deny') deny(decision.message, decision.reason, policy.name, binding.name)
            else if (action === 'Warn')
              attributes.warn(
                `Validation failed for ValidatingAdmissionPolicy '${policy.name}' with binding '${binding.name}': ${decision.message}`,
              )
            else audited.push({ message: decision.message, policy: policy.name, binding: binding.name })
          }
        }
        for (const [key, value] of policy.annotations) {
          const text = value.ok ? value.expression.evaluate(resolve).value : null
          if (typeof text === 'string' && text.trim() !== '') note(`${policy.name}/${key}`, text.trim())
        }
      }
    }
    if (audited.length > 0) note('validation.policy.admission.k8s.io/validation_failure', JSON.stringify(audited))
  }
  return refused
}

export const hasPolicies = (concern: Concern): boolean => policies(concern.context).length > 0

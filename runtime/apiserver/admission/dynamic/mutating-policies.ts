import { toJson } from '../../../../api/cel/adapt.ts'
import { compileExpression, type Compiled } from '../../../../api/cel/expression.ts'
import { isFailure } from '../../../../api/cel/values.ts'
import { structuralEqual } from '../../../../api/json/structural-equal.ts'
import { mergeValues } from '../../../../api/managed-fields/merge-values.ts'
import { typeAtom } from '../../../../api/managed-fields/type-schema.ts'
import { untypedDeduced, type Atom } from '../../../../api/managed-fields/value-schema.ts'
import type { KubeObject } from '../../../../api/object.ts'
import { applyJsonPatch } from '../../../../api/patch/json-patch.ts'
import type { Resource } from '../../../../api/protocol/resource.ts'
import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  Mutation,
} from '../../../../api/types/admissionregistration-v1.generated.ts'
import { failure, isRefusal, type Refusal } from '../../status.ts'
import { forbid } from '../forbid.ts'
import { shownObject } from './admission-object.ts'
import { admissionValues } from './cel-variables.ts'
import { compiledObjects } from './configurations.ts'
import type { Concern } from './hooks.ts'
import { appliedType, mutationStruct, patchesType } from '../../../../api/cel/mutation-types.ts'
import { compileConditions, type Conditions } from './match-conditions.ts'
import { matcherOfResources, type Matcher } from './matching.ts'
import { takeOver } from './mutating-webhooks.ts'
import { collectParams, policyScope, type PolicyScope } from './policy-parts.ts'

interface Step {
  readonly mutation: Mutation
  readonly expression: string
  readonly compiled: Compiled
}

interface Policy {
  readonly object: MutatingAdmissionPolicy
  readonly name: string
  readonly fails: boolean
  readonly matcher: Matcher
  readonly conditions: Conditions
  readonly scope: PolicyScope
  readonly steps: readonly Step[]
}

const policies = compiledObjects('admissionregistration.k8s.io/v1/MutatingAdmissionPolicy', (object): Policy => {
  const policy = object as MutatingAdmissionPolicy
  const { spec } = policy
  const scope = policyScope(spec.variables ?? [], spec.paramKind !== undefined, mutationStruct)
  return {
    object: policy,
    name: object.metadata.name,
    fails: spec.failurePolicy !== 'Ignore',
    matcher: matcherOfResources(spec.matchConstraints, false),
    conditions: compileConditions(spec.matchConditions ?? [], scope.conditionScope),
    scope,
    steps: (spec.mutations ?? []).map((mutation) => {
      const isApply = mutation.patchType === 'ApplyConfiguration'
      const expression = (isApply ? mutation.applyConfiguration?.expression : mutation.jsonPatch?.expression) ?? ''
      return {
        mutation,
        expression,
        compiled: compileExpression(expression, scope.scope, [isApply ? appliedType : patchesType]),
      }
    }),
  }
})

const bindings = compiledObjects('admissionregistration.k8s.io/v1/MutatingAdmissionPolicyBinding', (object) => ({
  object: object as MutatingAdmissionPolicyBinding,
  name: object.metadata.name,
  matcher: matcherOfResources((object as MutatingAdmissionPolicyBinding).spec.matchResources, true),
}))

interface Failed {
  readonly error: string
}

const atomOf = (version: Resource): Atom => (version.type === undefined ? untypedDeduced : typeAtom(version.type))

/** One mutation: the object afterwards, as stored. */
const mutate = (
  concern: Concern & { readonly object: KubeObject },
  policy: Policy,
  step: Step,
  about: { readonly version: Resource; readonly params: KubeObject | undefined },
): KubeObject | Refusal | Failed => {
  const { attributes, object } = concern
  const { version } = about
  if (!step.compiled.ok) return { error: `composition failed: ${step.compiled.message}` }
  const resolve = policy.scope.values(admissionValues({ ...concern, version }), about.params)
  const { value } = step.compiled.expression.evaluate(resolve)
  if (isFailure(value)) return { error: `expression '${step.expression}' resulted in error: ${value.message}` }
  const shown = shownObject(attributes, object, version) as object
  if (step.mutation.patchType === 'ApplyConfiguration') {
    const config = toJson(value) as object
    if ('apiVersion' in config || 'kind' in config)
      return { error: `error applying patch: patch must not set apiVersion or kind` }
    return takeOver(attributes, mergeValues(atomOf(version), shown, config), version)
  }
  const result = applyJsonPatch(shown, toJson(value))
  return 'document' in result
    ? takeOver(attributes, result.document, version)
    : { error: `JSON Patch: ${result.error}` }
}

const refuse = (concern: Concern, message: string): Refusal => {
  const { body } = forbid(concern.attributes, concern.object, message).response as {
    readonly body: { readonly details: object }
  }
  return failure(403, message, { reason: 'Invalid', details: { ...body.details, causes: [{ message }] } })
}

/** plugin/policy/mutating/dispatcher.go: policy by policy, binding by binding, each sees what those before it made. */
export const applyPolicies = (
  concern: Concern & { readonly object: KubeObject },
  second: boolean,
): KubeObject | Refusal => {
  const { context, attributes } = concern
  let { object } = concern
  for (const policy of policies(context)) {
    if (second && policy.object.spec.reinvocationPolicy !== 'IfNeeded') continue
    const version = policy.matcher.match(context, attributes, object)
    if (version === undefined) continue
    for (const binding of bindings(context)) {
      if (
        binding.object.spec.policyName !== policy.name ||
        binding.matcher.match(context, attributes, object) === undefined
      )
        continue
      const denied = (why: string): Refusal =>
        refuse({ ...concern, object }, `policy '${policy.name}' with binding '${binding.name}' denied request: ${why}`)
      const params = collectParams(context, attributes, policy.object.spec.paramKind, binding.object.spec.paramRef)
      if ('error' in params) {
        if (policy.fails) return denied(`failed to configure binding: ${params.error}`)
        continue
      }
      for (const one of params.all) {
        const base = admissionValues({ ...concern, object, version })
        const matched = policy.conditions.evaluate(policy.scope.values(base, one))
        if (!matched.matches) {
          if (matched.error !== undefined && policy.fails) return denied(matched.error)
          continue
        }
        for (const step of policy.steps) {
          const next = mutate({ ...concern, object }, policy, step, { version, params: one })
          if (isRefusal(next)) return next
          if ('error' in next && !('metadata' in next)) {
            if (policy.fails) return denied(next.error)
            break
          }
          if (!structuralEqual(next, object)) object = next as KubeObject
        }
      }
    }
  }
  return object
}

export const hasMutatingPolicies = (concern: Concern): boolean => policies(concern.context).length > 0

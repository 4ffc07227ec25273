import type { CelScope } from '../../../../api/cel/check.ts'
import { compileExpression, type Expression } from '../../../../api/cel/expression.ts'
import { adapt } from '../../../../api/cel/adapt.ts'
import { dynType, type CelType } from '../../../../api/cel/types.ts'
import { fail, isFailure, type Value } from '../../../../api/cel/values.ts'
import { objectKey } from '../../../etcd/start-state.ts'
import type { KubeObject } from '../../../../api/object.ts'
import { validSelector } from '../../../../api/selectors/label-selector-from-object.ts'
import type { ParamKind, ParamRef, Variable } from '../../../../api/types/admissionregistration-v1.generated.ts'
import type { ServerContext } from '../../server-context.ts'
import type { Attributes } from '../plugin.ts'
import { admissionScope, variablesType } from '../../../../api/cel/admission-scope.ts'
import { lazyVariables } from './cel-variables.ts'

/** RuntimeCELCostBudget of apiserver/pkg/apis/cel/config.go. */
export const policyBudget = 10_000_000

export interface PolicyScope {
  readonly scope: CelScope
  /** matchConditions see no variables. */
  readonly conditionScope: CelScope
  /** Gives `variables` beside the names that the request itself gives. */
  readonly values: (base: (name: string) => Value | undefined, params: unknown) => (name: string) => Value | undefined
}

/** The variables of a policy, each of which may use those before it. */
export const policyScope = (
  variables: readonly Variable[],
  params: boolean,
  struct?: (name: string) => CelType | undefined,
): PolicyScope => {
  const types = new Map<string, CelType>()
  const expressions = new Map<string, Expression | string>()
  const options = { params, namespaceObject: true, authorizer: true, ...(struct === undefined ? {} : { struct }) }
  for (const { name, expression } of variables) {
    const compiled = compileExpression(expression, admissionScope({ ...options, variables: variablesType(types) }))
    expressions.set(name, compiled.ok ? compiled.expression : compiled.message)
    types.set(name, compiled.ok ? compiled.expression.type : dynType)
  }
  return {
    scope: admissionScope({ ...options, variables: variablesType(types) }),
    conditionScope: admissionScope({ params, namespaceObject: true, authorizer: true, variables: undefined }),
    values(base, given) {
      const own = adapt(given ?? null)
      const resolve = (name: string): Value | undefined =>
        name === 'params' ? own : name === 'variables' ? lazy : base(name)
      const lazy = lazyVariables(
        new Map(
          [...expressions].map(([name, one]) => [
            name,
            (): Value => {
              if (typeof one === 'string')
                return fail(`composited variable ${JSON.stringify(name)} fails to compile: ${one}`)
              const { value } = one.evaluate(resolve)
              return isFailure(value)
                ? fail(`composited variable ${JSON.stringify(name)} fails to evaluate: ${value.message}`)
                : value
            },
          ]),
        ),
      )
      return resolve
    },
  }
}

/** The parameters that a binding names: each is one evaluation; undefined stands for none at all. */
export type Params = { readonly all: readonly (KubeObject | undefined)[] } | { readonly error: string }

const noneFound = 'no params found for policy binding with `Deny` parameterNotFoundAction'

/** CollectParams of apiserver/pkg/admission/plugin/policy/generic/policy_dispatcher.go */
export const collectParams = (
  context: ServerContext,
  attributes: Attributes,
  kind: ParamKind | undefined,
  ref: ParamRef | undefined,
): Params => {
  if (kind === undefined || ref === undefined) return { all: [undefined] }
  const resource = context.scheme().byKind(`${kind.apiVersion ?? ''}/${kind.kind ?? ''}`)
  if (resource === undefined)
    return { error: `paramKind kind \`${kind.apiVersion ?? ''}, Kind=${kind.kind ?? ''}\` not known` }
  let namespace: string | undefined
  if (resource.namespaced) {
    namespace = ref.namespace === undefined || ref.namespace === '' ? attributes.namespace : ref.namespace
    if (namespace === undefined || namespace === '')
      return { error: 'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources' }
  } else if (ref.namespace !== undefined && ref.namespace !== '')
    return { error: 'paramRef.namespace must not be provided for a cluster-scoped `paramKind`' }
  const stored = context.stored(resource)
  const found: KubeObject[] = []
  if (ref.name !== undefined && ref.name !== '') {
    const one = context.cache(stored).get(objectKey(stored, namespace, ref.name))
    if (one !== undefined) found.push(one)
  } else {
    const selector = validSelector(ref.selector)
    for (const one of context.lookupAll(stored.id, namespace))
      if (selector.matches(one.metadata.labels ?? {})) found.push(one)
  }
  if (found.length > 0) return { all: found }
  return ref.parameterNotFoundAction === 'Allow' ? { all: [] } : { error: noneFound }
}

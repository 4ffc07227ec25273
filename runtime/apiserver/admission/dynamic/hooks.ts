import type { KubeObject } from '../../../../api/object.ts'
import type { Resource } from '../../../../api/protocol/resource.ts'
import type { MutatingWebhook, ValidatingWebhook } from '../../../../api/types/admissionregistration-v1.generated.ts'
import type { Authorizer } from '../../authorize/authorizer.ts'
import type { ServerContext } from '../../server-context.ts'
import type { Refusal } from '../../status.ts'
import { forbid } from '../forbid.ts'
import type { Attributes } from '../plugin.ts'
import { admissionScope } from '../../../../api/cel/admission-scope.ts'
import { admissionValues } from './cel-variables.ts'
import { compileConditions, type Conditions } from './match-conditions.ts'
import { createMatcher, type Matcher } from './matching.ts'

/** One webhook of a configuration, ready to be asked whether it is concerned. */
export interface Hook {
  readonly configuration: string
  readonly webhook: ValidatingWebhook & Pick<MutatingWebhook, 'reinvocationPolicy'>
  readonly matcher: Matcher
  readonly conditions: Conditions | undefined
}

const scope = admissionScope({ params: false, namespaceObject: false, authorizer: true, variables: undefined })

export const hooksOf = (object: KubeObject): readonly Hook[] => {
  const { webhooks } = object as { readonly webhooks?: readonly Hook['webhook'][] }
  return (webhooks ?? []).map((webhook) => ({
    configuration: object.metadata.name,
    webhook,
    matcher: createMatcher({
      rules: webhook.rules ?? [],
      excluded: [],
      emptyMatches: false,
      equivalent: (webhook.matchPolicy ?? 'Equivalent') === 'Equivalent',
      namespaceSelector: webhook.namespaceSelector,
      objectSelector: webhook.objectSelector,
    }),
    conditions:
      (webhook.matchConditions ?? []).length === 0 ? undefined : compileConditions(webhook.matchConditions!, scope),
  }))
}

export interface Concern {
  readonly context: ServerContext
  readonly authorize: Authorizer
  readonly attributes: Attributes
  readonly object: KubeObject | undefined
}

/** ShouldCallHook: the version in which it is called; undefined: it is not; or its failing conditions forbid. */
export const concerns = (hook: Hook, concern: Concern): Resource | Refusal | undefined => {
  const { context, attributes, object } = concern
  const version = hook.matcher.match(context, attributes, object)
  if (version === undefined || hook.conditions === undefined) return version
  const result = hook.conditions.evaluate(admissionValues({ ...concern, version }))
  if (result.matches) return version
  if (result.error === undefined || hook.webhook.failurePolicy === 'Ignore') return undefined
  return forbid(attributes, object, result.error)
}

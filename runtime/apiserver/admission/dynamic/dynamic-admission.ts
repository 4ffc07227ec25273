import type { KubeObject } from '../../../../api/object.ts'
import type { Authorizer } from '../../authorize/authorizer.ts'
import type { ServerContext, Step } from '../../server-context.ts'
import { isRefusal, type Refusal } from '../../status.ts'
import type { Attributes } from '../plugin.ts'
import type { Concern } from './hooks.ts'
import { isExempt } from './matching.ts'
import { applyPolicies, hasMutatingPolicies } from './mutating-policies.ts'
import { callMutatingWebhooks, mutatingHooks, nothingInvoked } from './mutating-webhooks.ts'
import { callValidatingWebhooks, validatingHooks } from './validating-webhooks.ts'
import { hasPolicies, judgePolicies } from './validating-policies.ts'

/** The plugins whose rules are objects: policies and webhooks. Where there are none they cost nothing. */
export interface DynamicAdmission {
  /** `builtin` is the chain of mutating plugins: it runs once more over what policies and webhooks have changed. */
  mutate(
    context: ServerContext,
    attributes: Attributes,
    object: KubeObject,
    builtin: (object: KubeObject) => KubeObject | Refusal,
  ): Step<KubeObject | Refusal>
  validate(context: ServerContext, attributes: Attributes, object: KubeObject | undefined): Step<Refusal | undefined>
}

/** Policies and webhooks see an object with all that is its own. */
const finished = ({ deferred }: Attributes, object: KubeObject): KubeObject => {
  if (deferred?.finish === undefined) return object
  const whole = deferred.finish(object)
  deferred.finish = undefined
  return whole
}

export const createDynamicAdmission = (enabled: readonly string[], authorize: Authorizer): DynamicAdmission => {
  const on = (name: string): boolean => enabled.includes(name)
  const [mutatingPolicies, mutatingWebhooks, validatingPolicies, validatingWebhooks] = [
    on('MutatingAdmissionPolicy'),
    on('MutatingAdmissionWebhook'),
    on('ValidatingAdmissionPolicy'),
    on('ValidatingAdmissionWebhook'),
  ]
  return {
    *mutate(context, attributes, object, builtin) {
      if (isExempt(attributes.resource)) return object
      const concern: Concern & { readonly object: KubeObject } = { context, authorize, attributes, object }
      const policies = mutatingPolicies && hasMutatingPolicies(concern)
      const webhooks = mutatingWebhooks && mutatingHooks(context).length > 0
      if (!policies && !webhooks) return object
      const invoked = nothingInvoked()
      let current = finished(attributes, object)
      for (const second of [false, true]) {
        if (second) {
          const again = builtin(current)
          if (isRefusal(again)) return again
          current = again
        }
        if (policies) {
          const next = applyPolicies({ ...concern, object: current }, second)
          if (isRefusal(next)) return next
          if (next !== current) invoked.changed = true
          current = next
        }
        if (webhooks) {
          const next = yield* callMutatingWebhooks({ ...concern, object: current }, invoked, second)
          if (isRefusal(next)) return next
          current = next
        }
        if (!invoked.changed) break
      }
      return current
    },
    *validate(context, attributes, object) {
      if (isExempt(attributes.resource)) return undefined
      const concern: Concern = { context, authorize, attributes, object }
      if (validatingPolicies && hasPolicies(concern)) {
        const refused = judgePolicies(concern, (key, value) => attributes.annotate?.(key, value))
        if (refused !== undefined) return refused
      }
      if (validatingWebhooks && validatingHooks(context).length > 0) return yield* callValidatingWebhooks(concern)
      return undefined
    },
  }
}

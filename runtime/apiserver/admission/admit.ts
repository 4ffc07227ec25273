import type { KubeObject } from '../../../api/object.ts'
import type { Resource } from '../../../api/protocol/resource.ts'
import type { Authorizer } from '../authorize/authorizer.ts'
import type { ServerContext, Step } from '../server-context.ts'
import { isRefusal, type Refusal } from '../status.ts'
import { createDynamicAdmission } from './dynamic/dynamic-admission.ts'
import type { AdmissionPlugin, Attributes, Operation } from './plugin.ts'
import { admissionPlugins } from './registry.ts'

/** The plugins that concern one kind of request, found once. */
interface Chain {
  readonly mutating: readonly AdmissionPlugin[]
  readonly validating: readonly AdmissionPlugin[]
}

export interface Admission {
  mutate(context: ServerContext, attributes: Attributes, object: KubeObject): Step<KubeObject | Refusal>
  validate(context: ServerContext, attributes: Attributes, object: KubeObject | undefined): Step<Refusal | undefined>
}

export const createAdmission = (enabled: readonly string[], authorize: Authorizer): Admission => {
  const dynamic = createDynamicAdmission(enabled, authorize)
  const plugins = admissionPlugins.filter((plugin) => enabled.includes(plugin.name))
  const chains = new Map<Resource, Map<string, Chain>>()

  const chainFor = (operation: Operation, resource: Resource, subresource: string): Chain => {
    let ofResource = chains.get(resource)
    if (ofResource === undefined) chains.set(resource, (ofResource = new Map<string, Chain>()))
    const id = subresource === '' ? operation : `${operation}/${subresource}`
    let chain = ofResource.get(id)
    if (chain === undefined) {
      const concerned = plugins.filter((plugin) => plugin.handles(operation, resource, subresource))
      chain = {
        mutating: concerned.filter((plugin) => plugin.mutate !== undefined),
        validating: concerned.filter((plugin) => plugin.validate !== undefined || plugin.reserve !== undefined),
      }
      ofResource.set(id, chain)
    }
    return chain
  }

  return {
    *mutate(context, attributes, object) {
      const { mutating } = chainFor(attributes.operation, attributes.resource, attributes.subresource)
      const builtin = (given: KubeObject): KubeObject | Refusal => {
        let current = given
        for (const plugin of mutating) {
          const next = plugin.mutate!(context, attributes, current)
          if (isRefusal(next)) return next
          current = next
        }
        return current
      }
      const admitted = builtin(object)
      return isRefusal(admitted) ? admitted : yield* dynamic.mutate(context, attributes, admitted, builtin)
    },
    *validate(context, attributes, object) {
      const { validating } = chainFor(attributes.operation, attributes.resource, attributes.subresource)
      for (const plugin of validating) {
        const refused = plugin.validate?.(context, attributes, object)
        if (refused !== undefined) return refused
      }
      const refused = yield* dynamic.validate(context, attributes, object)
      if (refused !== undefined) return refused
      // ResourceQuota comes last: what others refuse is not counted.
      for (const plugin of validating) {
        const late = plugin.reserve === undefined ? undefined : yield* plugin.reserve(context, attributes, object)
        if (late !== undefined) return late
      }
      return undefined
    },
  }
}

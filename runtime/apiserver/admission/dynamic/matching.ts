import type { KubeObject } from '../../../../api/object.ts'
import type { Resource } from '../../../../api/protocol/resource.ts'
import { validSelector } from '../../../../api/selectors/label-selector-from-object.ts'
import type { LabelSelectorPredicate } from '../../../../api/selectors/label-selector.ts'
import type { MatchResources, RuleWithOperations } from '../../../../api/types/admissionregistration-v1.generated.ts'
import type { LabelSelector } from '../../../../api/types/meta-v1.generated.ts'
import type { ServerContext } from '../../server-context.ts'
import type { Attributes } from '../plugin.ts'

export type NamedRule = RuleWithOperations & { readonly resourceNames?: readonly string[] }

/** Which requests a webhook, a policy or a binding is about; made once a configuration. */
export interface Matcher {
  /** The resource, in the version in which the request is shown; undefined: it does not concern. */
  match(context: ServerContext, attributes: Attributes, object: KubeObject | undefined): Resource | undefined
}

export interface MatchOptions {
  readonly rules: readonly NamedRule[]
  readonly excluded: readonly NamedRule[]
  /** No rules at all match everything: those of a binding. */
  readonly emptyMatches: boolean
  readonly equivalent: boolean
  readonly namespaceSelector: LabelSelector | undefined
  readonly objectSelector: LabelSelector | undefined
}

const has = (all: readonly string[] | undefined, wanted: string): boolean =>
  all?.some((one) => one === '*' || one === wanted) === true

const resourceMatches = (rule: RuleWithOperations, plural: string, subresource: string): boolean =>
  rule.resources?.some((one) => {
    const [resource, sub = ''] = one.split('/')
    return (resource === '*' || resource === plural) && (sub === '*' || sub === subresource)
  }) === true

/** rules.Matcher of apiserver/pkg/admission/plugin/webhook/predicates/rules */
const ruleMatches = (rule: NamedRule, attributes: Attributes, resource: Resource): boolean => {
  if (
    !has(rule.operations, attributes.operation) ||
    !has(rule.apiGroups, resource.group) ||
    !has(rule.apiVersions, resource.version)
  )
    return false
  if (!resourceMatches(rule, resource.plural, attributes.subresource)) return false
  const scope = rule.scope ?? '*'
  // A namespace is an object of the cluster, although its requests carry its name as their namespace.
  const namespaced = resource.namespaced
  if (scope !== '*' && (scope === 'Namespaced') !== namespaced) return false
  const names = rule.resourceNames ?? []
  return names.length === 0 || names.includes(attributes.name)
}

/** Other versions and groups by which the same objects are served. */
const equivalents = (context: ServerContext, resource: Resource): readonly Resource[] =>
  context
    .scheme()
    .resources.filter(
      (one) => one !== resource && one.plural === resource.plural && context.stored(one) === context.stored(resource),
    )

const labelsOf = (object: KubeObject | undefined): Readonly<Record<string, string>> => object?.metadata?.labels ?? {}

const namespaceMatches = (
  context: ServerContext,
  selector: LabelSelectorPredicate,
  attributes: Attributes,
  object: KubeObject | undefined,
): boolean => {
  const { resource, namespace, name } = attributes
  if (resource.id === 'v1/Namespace') {
    const own = attributes.operation === 'CREATE' ? object : context.lookup('v1/Namespace', undefined, name)
    return selector.matches(labelsOf(own))
  }
  if (!resource.namespaced) return true
  return selector.matches(labelsOf(context.lookup('v1/Namespace', undefined, namespace ?? '')))
}

export const createMatcher = (options: MatchOptions): Matcher => {
  const namespaces = validSelector(options.namespaceSelector)
  const objects = validSelector(options.objectSelector)
  const everyNamespace = Object.keys(options.namespaceSelector ?? {}).length === 0
  const everyObject = Object.keys(options.objectSelector ?? {}).length === 0

  const versionOf = (context: ServerContext, attributes: Attributes): Resource | undefined => {
    const asked = attributes.requested ?? attributes.resource
    if (options.excluded.some((rule) => ruleMatches(rule, attributes, asked))) return undefined
    if (options.rules.length === 0) return options.emptyMatches ? asked : undefined
    if (options.rules.some((rule) => ruleMatches(rule, attributes, asked))) return asked
    if (!options.equivalent) return undefined
    return equivalents(context, asked).find((other) =>
      options.rules.some((rule) => ruleMatches(rule, attributes, other)),
    )
  }

  return {
    match(context, attributes, object) {
      const version = versionOf(context, attributes)
      if (version === undefined) return undefined
      if (!everyNamespace && !namespaceMatches(context, namespaces, attributes, object)) return undefined
      if (everyObject) return version
      const either =
        (object !== undefined && objects.matches(labelsOf(object))) ||
        (attributes.old !== undefined && objects.matches(labelsOf(attributes.old)))
      return either ? version : undefined
    },
  }
}

export const matcherOfResources = (resources: MatchResources | undefined, isBinding: boolean): Matcher =>
  createMatcher({
    rules: resources?.resourceRules ?? [],
    excluded: resources?.excludeResourceRules ?? [],
    emptyMatches: isBinding,
    equivalent: (resources?.matchPolicy ?? 'Equivalent') === 'Equivalent',
    namespaceSelector: resources?.namespaceSelector,
    objectSelector: resources?.objectSelector,
  })

const policyKinds = new Set([
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
])

/** Kinds that decide about admission are not themselves subject to what they configure. */
export const isExempt = (resource: Resource): boolean =>
  resource.group === 'admissionregistration.k8s.io' && policyKinds.has(resource.kind)

import { structuralEqual } from '../../../api/json/structural-equal.ts'
import { goQuote } from '../../../api/names/go-quote.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { ClusterRole, PolicyRule, Role, RoleBinding } from '../../../api/types/rbac-v1.generated.ts'
import { forbidden, notFound, type Refusal } from '../status.ts'
import type { Call } from '../verbs/call.ts'

const group = 'rbac.authorization.k8s.io'
const everything: PolicyRule = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] }
const everyPath: PolicyRule = { nonResourceURLs: ['*'], verbs: ['*'] }

const has = (set: readonly string[] | undefined, one: string): boolean => (set ?? []).includes(one)

/** BreakdownRule: one verb, one resource and one name each. */
const breakDown = (rule: PolicyRule): PolicyRule[] => {
  const parts: PolicyRule[] = []
  for (const apiGroup of rule.apiGroups ?? []) {
    for (const resource of rule.resources ?? []) {
      for (const verb of rule.verbs) {
        const part: PolicyRule = { apiGroups: [apiGroup], resources: [resource], verbs: [verb] }
        if ((rule.resourceNames ?? []).length === 0) parts.push(part)
        else for (const name of rule.resourceNames!) parts.push({ ...part, resourceNames: [name] })
      }
    }
  }
  for (const path of rule.nonResourceURLs ?? []) {
    for (const verb of rule.verbs) parts.push({ nonResourceURLs: [path], verbs: [verb] })
  }
  return parts
}

const coversResource = (owned: readonly string[] | undefined, resource: string): boolean => {
  const slash = resource.indexOf('/')
  return has(owned, '*') || has(owned, resource) || (slash !== -1 && has(owned, `*${resource.slice(slash)}`))
}

const coversPath = (owned: string, path: string): boolean =>
  owned === '*' || owned === path || (owned.endsWith('*') && path.startsWith(owned.replace(/\*+$/, '')))

/** ruleCovers, of a part that breakDown made. */
const covers = (owner: PolicyRule, part: PolicyRule): boolean => {
  if (!has(owner.verbs, '*') && !has(owner.verbs, part.verbs[0]!)) return false
  const path = part.nonResourceURLs?.[0]
  if (path !== undefined) return (owner.nonResourceURLs ?? []).some((one) => coversPath(one, path))
  const apiGroup = part.apiGroups![0]!
  if (!has(owner.apiGroups, '*') && !has(owner.apiGroups, apiGroup)) return false
  if (!coversResource(owner.resources, part.resources![0]!)) return false
  const name = part.resourceNames?.[0]
  return (owner.resourceNames ?? []).length === 0 || (name !== undefined && has(owner.resourceNames, name))
}

const quoted = (values: readonly string[]): string => `[${values.map(goQuote).join(' ')}]`

/** CompactString */
const ruleText = (rule: PolicyRule): string => {
  const parts = (
    [
      ['APIGroups', rule.apiGroups],
      ['Resources', rule.resources],
      ['NonResourceURLs', rule.nonResourceURLs],
      ['ResourceNames', rule.resourceNames],
      ['Verbs', rule.verbs],
    ] as const
  )
    .filter(([, values]) => (values ?? []).length > 0)
    .map(([name, values]) => `${name}:${quoted(values!)}`)
  return `{${parts.join(', ')}}`
}

/** CompactRules: the verbs of one resource together. */
const compact = (rules: readonly PolicyRule[]): readonly PolicyRule[] => {
  const byResource = new Map<string, PolicyRule>()
  const out: PolicyRule[] = []
  for (const rule of rules) {
    if (rule.nonResourceURLs !== undefined) {
      out.push(rule)
      continue
    }
    const key = JSON.stringify([rule.apiGroups, rule.resources, rule.resourceNames])
    const known = byResource.get(key)
    byResource.set(key, known === undefined ? rule : { ...known, verbs: [...known.verbs, ...rule.verbs] })
  }
  return [...out, ...byResource.values()]
}

/** ConfirmNoEscalation: nobody grants what they do not hold. undefined: they hold it all. */
const missingRights = (call: Call, rules: readonly PolicyRule[]): string | undefined => {
  const { user } = call
  const owned = call.context.rulesFor(user, call.namespace ?? '').flat()
  const missing = rules.flatMap(breakDown).filter((part) => !owned.some((owner) => covers(owner, part)))
  if (missing.length === 0) return undefined
  const texts = [...new Set(compact(missing).map(ruleText))].sort()
  return `user ${goQuote(user.name)} (groups=${quoted(user.groups)}) is attempting to grant RBAC permissions not currently held:\n${texts.join('\n')}`
}

const may = (call: Call, verb: string, resource: string, name: string): boolean =>
  call.authorize({
    user: call.user,
    verb,
    group,
    resource,
    subresource: '',
    namespace: call.namespace,
    name,
    path: undefined,
  }).decision === 'allow'

const refuse = (call: Call, object: KubeObject, rules: readonly PolicyRule[]): Refusal | undefined => {
  const missing = missingRights(call, rules)
  return missing === undefined ? undefined : forbidden(call.resource, object.metadata.name, missing)
}

const roleRefusal = (call: Call, object: KubeObject, old: KubeObject | undefined): Refusal | undefined => {
  if (may(call, 'escalate', call.resource.plural, object.metadata.name ?? '')) return undefined
  const role = object as Role | ClusterRole
  const aggregates = [object, old].some((one) => (one as ClusterRole | undefined)?.aggregationRule !== undefined)
  return (
    (aggregates ? refuse(call, object, [everything, everyPath]) : undefined) ?? refuse(call, object, role.rules ?? [])
  )
}

const bindingRefusal = (call: Call, object: KubeObject): Refusal | undefined => {
  const { roleRef } = object as RoleBinding
  const ofNamespace = roleRef.kind === 'Role'
  if (may(call, 'bind', ofNamespace ? 'roles' : 'clusterroles', roleRef.name)) return undefined
  const role = call.context.lookup(
    ofNamespace ? `${group}/v1/Role` : `${group}/v1/ClusterRole`,
    ofNamespace ? call.namespace : undefined,
    roleRef.name,
  ) as Role | undefined
  return role === undefined ? notFound(call.resource, roleRef.name) : refuse(call, object, role.rules ?? [])
}

const onlyOwnersChange = (object: KubeObject, old: KubeObject | undefined): boolean => {
  if (old === undefined) return false
  const { ownerReferences: _a, finalizers: _b, managedFields: _c, ...now } = object.metadata
  const { ownerReferences: _d, finalizers: _e, managedFields: _f, ...before } = old.metadata
  return structuralEqual({ ...object, metadata: now }, { ...old, metadata: before })
}

/** pkg/registry/rbac/<kind>/policybased: what a write of roles and bindings takes beyond the right to write them. */
export const escalationRefusal = (call: Call, object: KubeObject, old: KubeObject | undefined): Refusal | undefined => {
  if (call.resource.group !== group || call.user.groups.includes('system:masters')) return undefined
  if (onlyOwnersChange(object, old)) return undefined
  return call.resource.kind.endsWith('Binding') ? bindingRefusal(call, object) : roleRefusal(call, object, old)
}

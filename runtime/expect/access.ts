import type { KubeObject } from '../../api/object.ts'
import { ruleAllows } from '../../api/rbac/rule-allows.ts'
import type { PolicyRule } from '../../api/types/rbac-v1.generated.ts'
import type { AccessQuery, Moment } from './moment.ts'

interface RoleShape extends KubeObject {
  readonly rules?: readonly PolicyRule[]
}
interface BindingShape extends KubeObject {
  readonly subjects?: readonly { readonly kind: string; readonly name: string; readonly namespace?: string }[]
  readonly roleRef: { readonly kind: string; readonly name: string }
}

const group = 'rbac.authorization.k8s.io'

const splitResource = (resource: string): { readonly plural: string; readonly group: string } => {
  const dot = resource.indexOf('.')
  return dot < 0 ? { plural: resource, group: '' } : { plural: resource.slice(0, dot), group: resource.slice(dot + 1) }
}

const allows = (rule: PolicyRule, query: AccessQuery): boolean => {
  const { plural, group: apiGroup } = splitResource(query.resource)
  const { verb, name = '' } = query
  return ruleAllows(rule, { verb, group: apiGroup, resource: plural, subresource: '', name, path: undefined })
}

/** A service account's user name and groups, or a user's. */
const isSubject = (
  subject: { readonly kind: string; readonly name: string; readonly namespace?: string },
  query: AccessQuery,
): boolean => {
  switch (subject.kind) {
    case 'User':
      return subject.name === query.user
    case 'Group':
      return query.groups.includes(subject.name)
    case 'ServiceAccount':
      return query.user === `system:serviceaccount:${subject.namespace ?? ''}:${subject.name}`
    default:
      return false
  }
}

/**
 * What the RBAC objects of the state allow a user. Mirrors RBACAuthorizer of plugin/pkg/auth/authorizer/rbac (v1.36); whoever
 * is in `system:masters` may do everything. Differs: asked of the stored objects, not of a server's informers.
 */
export const mayAccess = (query: AccessQuery, moment: Moment): boolean => {
  if (query.groups.includes('system:masters')) return true
  const { state } = moment
  const list = (resource: string, namespace: string | undefined): readonly KubeObject[] => {
    moment.reads.add(`${resource}.${group}`)
    return state.list(`${resource}.${group}`, namespace)
  }
  const rulesOf = ({ kind, name }: BindingShape['roleRef'], namespace: string | undefined): readonly PolicyRule[] => {
    const resource = `${kind === 'Role' ? 'roles' : 'clusterroles'}.${group}`
    moment.reads.add(resource)
    const role = state.get(resource, kind === 'Role' ? namespace : undefined, name) as RoleShape | undefined
    return role?.rules ?? []
  }
  const grants = (binding: BindingShape): boolean =>
    binding.subjects?.some((subject) => isSubject(subject, query)) === true &&
    rulesOf(binding.roleRef, binding.metadata.namespace).some((rule) => allows(rule, query))
  if ((list('clusterrolebindings', undefined) as readonly BindingShape[]).some(grants)) return true
  return (
    query.namespace !== undefined && (list('rolebindings', query.namespace) as readonly BindingShape[]).some(grants)
  )
}

import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
  RoleRef,
  Subject,
} from '../../../api/types/rbac-v1.generated.ts'
import type { ServerContext } from '../server-context.ts'
import { splitServiceAccount, type UserInfo } from '../user-info.ts'

/** A binding that speaks of a user, with the rules that it grants. */
export interface Grant {
  readonly rules: readonly PolicyRule[]
  /** undefined: everywhere */
  readonly namespace: string | undefined
  /** `ClusterRoleBinding "x" of ClusterRole "y" to Group "z"` */
  readonly description: string
  /** Why the binding grants nothing. */
  readonly problem?: string
}

export interface RbacRules {
  /** What a user may do at the cluster scope and in a namespace. */
  grantsFor(user: UserInfo, namespace: string | undefined): readonly Grant[]
  /** The rules of a role reference; undefined if there is no such role. */
  rulesOf(ref: RoleRef, namespace: string | undefined): readonly PolicyRule[] | undefined
}

const applies = (subject: Subject, user: UserInfo, namespace: string | undefined): boolean => {
  switch (subject.kind) {
    case 'User':
      return subject.name === user.name
    case 'Group':
      return user.groups.includes(subject.name)
    case 'ServiceAccount': {
      const account = splitServiceAccount(user.name)
      const where = subject.namespace === undefined || subject.namespace === '' ? namespace : subject.namespace
      return (
        account !== undefined && where !== undefined && account.name === subject.name && account.namespace === where
      )
    }
    default:
      return false
  }
}

const missing = (ref: RoleRef, namespace: string | undefined): Grant => ({
  rules: [],
  namespace,
  description: '',
  problem: `${ref.kind.toLowerCase()}.rbac.authorization.k8s.io ${JSON.stringify(ref.name)} not found`,
})

const subjectText = (subject: Subject): string =>
  subject.kind === 'ServiceAccount'
    ? `ServiceAccount "${subject.name}/${subject.namespace ?? ''}"`
    : `${subject.kind} "${subject.name}"`

/**
 * pkg/registry/rbac/validation/rule.go: cluster role bindings first, then the namespace's role bindings. What concerns one user
 * is remembered until an RBAC object changes.
 */
export const createRbacRules = (context: ServerContext): RbacRules => {
  const kinds = ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'].map(
    (kind) => `rbac.authorization.k8s.io/v1/${kind}`,
  )
  const caches = kinds.map((kind) => context.cache(context.scheme().byKind(kind)!))
  let stamp = -1
  let remembered = new WeakMap<UserInfo, Map<string, readonly Grant[]>>()
  const checkStamp = (): void => {
    let now = 0
    for (const cache of caches) now += cache.changes
    if (now !== stamp) {
      stamp = now
      remembered = new WeakMap()
    }
  }

  const rulesOf = (ref: RoleRef, namespace: string | undefined): readonly PolicyRule[] | undefined => {
    const role = (ref.kind === 'Role' ? caches[2]!.get(`${namespace ?? ''}/${ref.name}`) : caches[0]!.get(ref.name)) as
      Role | ClusterRole | undefined
    return role === undefined ? undefined : (role.rules ?? [])
  }

  const find = (user: UserInfo, namespace: string | undefined): Grant[] => {
    const grants: Grant[] = []
    caches[1]!.rows().scan('', '', (row) => {
      const binding = row.value as ClusterRoleBinding
      const subject = binding.subjects?.find((one) => applies(one, user, undefined))
      if (subject === undefined) return
      const rules = rulesOf(binding.roleRef, undefined)
      const description = `ClusterRoleBinding "${binding.metadata.name}" of ${binding.roleRef.kind} "${binding.roleRef.name}" to ${subjectText(subject)}`
      grants.push(
        rules === undefined ? missing(binding.roleRef, undefined) : { rules, namespace: undefined, description },
      )
    })
    if (namespace === undefined || namespace === '') return grants
    caches[3]!.rows().scan(`${namespace}/`, '', (row) => {
      const binding = row.value as RoleBinding
      const subject = binding.subjects?.find((one) => applies(one, user, namespace))
      if (subject === undefined) return
      const rules = rulesOf(binding.roleRef, namespace)
      const description = `RoleBinding "${binding.metadata.name}/${namespace}" of ${binding.roleRef.kind} "${binding.roleRef.name}" to ${subjectText(subject)}`
      grants.push(rules === undefined ? missing(binding.roleRef, namespace) : { rules, namespace, description })
    })
    return grants
  }

  return {
    rulesOf,
    grantsFor(user, namespace) {
      checkStamp()
      let ofUser = remembered.get(user)
      if (ofUser === undefined) remembered.set(user, (ofUser = new Map<string, readonly Grant[]>()))
      const key = namespace ?? ''
      let grants = ofUser.get(key)
      if (grants === undefined) ofUser.set(key, (grants = find(user, namespace)))
      return grants
    },
  }
}

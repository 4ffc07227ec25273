import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import { validSelector } from '../../../api/selectors/label-selector-from-object.ts'
import type { ClusterRole, PolicyRule } from '../../../api/types/rbac-v1.generated.ts'
import { keyOf } from '../../client/object-key.ts'
import { done, type Controller, type Result } from '../../reconcile/controller.ts'

const kind = 'rbac.authorization.k8s.io/v1/ClusterRole'

/** The rules of all roles that an aggregated role selects, each once, in the order of selectors and names. */
export const aggregatedRules = (role: ClusterRole, roles: readonly ClusterRole[]): readonly PolicyRule[] => {
  const rules: PolicyRule[] = []
  for (const one of role.aggregationRule?.clusterRoleSelectors ?? []) {
    const selector = validSelector(one)
    for (const other of roles) {
      if (other.metadata.name === role.metadata.name || !selector.matches(other.metadata.labels)) continue
      for (const rule of other.rules ?? []) if (!rules.some((known) => structuralEqual(known, rule))) rules.push(rule)
    }
  }
  return rules
}

/** kube-controller-manager's clusterrole-aggregation-controller: pkg/controller/clusterroleaggregation. */
export const clusterRoleAggregation = (): Controller => ({
  name: 'clusterrole-aggregation-controller',
  reconciles: kind,
  workers: 5,
  watches: {
    [kind]: (_object, io) =>
      (io.read.list(kind) as readonly ClusterRole[]).filter((role) => role.aggregationRule !== undefined).map(keyOf),
  },
  *reconcile(key, io): Generator<ApiRequest, Result, unknown> {
    const role = io.read.get(key) as ClusterRole | undefined
    if (role?.aggregationRule === undefined) return done
    const rules = aggregatedRules(role, io.read.list(kind) as readonly ClusterRole[])
    if (structuralEqual(rules, role.rules ?? [])) return done
    const name = role.metadata.name ?? ''
    const resource = io.served(kind)
    if (resource === undefined) return done
    const body = { kind: 'ClusterRole', apiVersion: role.apiVersion, metadata: { name }, rules }
    const options = { fieldManager: 'clusterrole-aggregation-controller', force: true }
    const answer = yield* io.write.send({ verb: 'patch', resource, name, patchType: 'apply', body, options })
    return answer.ok ? done : { retry: answer.message }
  },
})

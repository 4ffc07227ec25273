import { describe, expect, it } from 'vitest'
import type { Credentials } from '../../../../api/protocol/request.ts'
import { createWorld, type World } from './harness.ts'

const alice: Credentials = { kind: 'certificate', commonName: 'alice', organizations: [] }
const rbac = 'rbac.authorization.k8s.io'
const rule = (apiGroup: string, resource: string, ...verbs: string[]): object => ({
  apiGroups: [apiGroup],
  resources: [resource],
  verbs,
})

/** A world in which alice may write roles and bindings, and whatever else the rules say. */
const worldFor = (...rules: object[]): World => {
  const world = createWorld({ options: { disableAdmission: ['NamespaceLifecycle'] } })
  const own = [rule(rbac, 'roles', 'create'), rule(rbac, 'rolebindings', 'create'), ...rules]
  const roleRef = { apiGroup: rbac, kind: 'ClusterRole', name: 'own' }
  world.request('create', `${rbac}/v1/ClusterRole`, { body: { metadata: { name: 'own' }, rules: own } })
  world.request('create', `${rbac}/v1/ClusterRole`, {
    body: { metadata: { name: 'pods' }, rules: [rule('', 'pods', 'get', 'list')] },
  })
  world.request('create', `${rbac}/v1/ClusterRoleBinding`, {
    body: { metadata: { name: 'own' }, roleRef, subjects: [{ apiGroup: rbac, kind: 'User', name: 'alice' }] },
  })
  return world
}
const createRole = (world: World, ...rules: object[]) =>
  world.request('create', `${rbac}/v1/Role`, {
    credentials: alice,
    namespace: 'default',
    body: { metadata: { name: 'r' }, rules },
  })
const bind = (world: World, name: string) =>
  world.request('create', `${rbac}/v1/RoleBinding`, {
    credentials: alice,
    namespace: 'default',
    body: { metadata: { name: 'b' }, roleRef: { apiGroup: rbac, kind: 'ClusterRole', name } },
  })

describe('escalation', () => {
  it.each<[string, object[], object, number]>([
    ['what one holds', [rule('', 'pods', 'get')], rule('', 'pods', 'get'), 201],
    ['another verb', [rule('', 'pods', 'get')], rule('', 'pods', 'list'), 403],
    ['another group', [rule('', 'pods', 'get')], rule('apps', 'pods', 'get'), 403],
    ['part of everything', [rule('*', '*', '*')], rule('apps', 'deployments', 'patch'), 201],
    ['a subresource of any resource', [rule('apps', '*/scale', 'get')], rule('apps', 'deployments/scale', 'get'), 201],
    [
      'every name where one holds one',
      [{ ...rule('', 'pods', 'get'), resourceNames: ['a'] }],
      rule('', 'pods', 'get'),
      403,
    ],
    ['a right to escalate', [rule(rbac, 'roles', 'escalate')], rule('', 'secrets', 'get'), 201],
  ])('granting %s', (_, held, granted, code) => {
    expect(createRole(worldFor(...held), granted).code).toBe(code)
  })

  it('names what is missing, verbs of a resource together', () => {
    const { body } = createRole(worldFor(rule('', 'pods', 'get')), rule('', 'pods', 'get', 'list', 'watch'))
    expect((body as { readonly message: string }).message).toBe(
      'roles.rbac.authorization.k8s.io "r" is forbidden: user "alice" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["list" "watch"]}',
    )
  })

  it.each<[string, object[], string, number]>([
    ['a role whose rights one lacks', [], 'pods', 403],
    ['a role whose rights one holds', [rule('', 'pods', 'get', 'list')], 'pods', 201],
    ['a role that one may bind', [rule(rbac, 'clusterroles', 'bind')], 'pods', 201],
    ['a role that is not there', [], 'nothing', 404],
  ])('binding %s', (_, held, name, code) => expect(bind(worldFor(...held), name).code).toBe(code))
})

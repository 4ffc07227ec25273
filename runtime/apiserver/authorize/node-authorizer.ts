import type { ClusterRole, PolicyRule } from '../../../api/types/rbac-v1.generated.ts'
import type { ServerContext } from '../server-context.ts'
import { allow, noOpinion, type AccessQuestion, type Authorizer, type Decision } from './authorizer.ts'
import { createNodePods, type NodePods } from './node-pods.ts'
import { ruleAllows } from '../../../api/rbac/rule-allows.ts'

const granted = allow('')
const prefix = 'system:node:'

const selects = (question: AccessQuestion, field: string, node: string): boolean =>
  (question.fieldSelector ?? '').split(',').some((term) => term === `${field}=${node}` || term === `${field}==${node}`)

/** Only what the node's pods refer to. */
const related = (pods: NodePods, node: string, kind: string, { namespace, name }: AccessQuestion): Decision => {
  if (name === '') return noOpinion('No Object name found')
  return pods.refersTo(node, kind, namespace ?? '', name)
    ? granted
    : noOpinion(`no relationship found between node '${node}' and this object`)
}

const readNamespaced = (pods: NodePods, node: string, kind: string, question: AccessQuestion): Decision => {
  if (!['get', 'list', 'watch'].includes(question.verb)) return noOpinion('can only read resources of this type')
  if (question.subresource !== '') return noOpinion('cannot read subresource')
  if ((question.namespace ?? '') === '') return noOpinion('can only read namespaced object of this type')
  return related(pods, node, kind, question)
}

const getOnly = (pods: NodePods, node: string, kind: string, question: AccessQuestion): Decision => {
  if (question.verb !== 'get') return noOpinion('can only get individual resources of this type')
  if (question.subresource !== '') return noOpinion('cannot get subresource')
  return related(pods, node, kind, question)
}

const owned = ['get', 'create', 'update', 'patch', 'delete']

const lease = (node: string, { verb, namespace, name }: AccessQuestion): Decision => {
  if (!owned.includes(verb)) return noOpinion('can only get, create, update, patch, or delete a node lease')
  if (namespace !== 'kube-node-lease')
    return noOpinion('can only access leases in the "kube-node-lease" system namespace')
  if (verb !== 'create' && name !== node)
    return noOpinion('can only access node lease with the same name as the requesting node')
  return granted
}

const csiNode = (node: string, { verb, subresource, name }: AccessQuestion): Decision => {
  if (!owned.includes(verb)) return noOpinion('can only get, create, update, patch, or delete a CSINode')
  if (subresource !== '') return noOpinion('cannot authorize CSINode subresources')
  if (verb !== 'create' && name !== node)
    return noOpinion('can only access CSINode with the same name as the requesting node')
  return granted
}

const nodeObject = (node: string, { verb, subresource, name }: AccessQuestion): Decision => {
  if (subresource === 'status') return verb === 'update' || verb === 'patch' ? granted : noOpinion()
  if (subresource !== '') return noOpinion()
  if (verb === 'create' || verb === 'update' || verb === 'patch') return granted
  if (verb !== 'get' && verb !== 'list' && verb !== 'watch') return noOpinion()
  if (name === node) return granted
  if (name === '') return noOpinion(`node '${node}' cannot read all nodes, only its own Node object`)
  return noOpinion(`node '${node}' cannot read '${name}', only its own Node object`)
}

const pod = (pods: NodePods, node: string, question: AccessQuestion): Decision => {
  const { verb, subresource } = question
  if (subresource === 'status') return verb === 'update' || verb === 'patch' ? granted : noOpinion()
  if (subresource === 'eviction') return verb === 'create' ? granted : noOpinion()
  if (subresource !== '') return noOpinion()
  switch (verb) {
    case 'get':
      return related(pods, node, 'pods', question)
    case 'list':
    case 'watch':
      if (selects(question, 'spec.nodeName', node)) return granted
      if (question.name !== '') return related(pods, node, 'pods', question)
      return noOpinion('can only list/watch pods with spec.nodeName field selector')
    case 'create':
    case 'delete':
      return granted
    default:
      return noOpinion()
  }
}

const serviceAccount = (pods: NodePods, node: string, question: AccessQuestion): Decision => {
  if (question.verb === 'get' && question.subresource === '')
    return readNamespaced(pods, node, 'serviceaccounts', question)
  if (question.verb !== 'create' || question.name === '')
    return noOpinion('can only create tokens for individual service accounts')
  if (question.subresource !== 'token') return noOpinion('can only create token subresource of serviceaccount')
  return related(pods, node, 'serviceaccounts', question)
}

const claim = (pods: NodePods, node: string, question: AccessQuestion): Decision => {
  if (question.subresource !== 'status') return getOnly(pods, node, 'persistentvolumeclaims', question)
  if (question.verb !== 'update' && question.verb !== 'patch') return noOpinion('can only get/update/patch this type')
  return related(pods, node, 'persistentvolumeclaims', question)
}

/** What a node may do with the resources that are subdivided between nodes; undefined: the node rules decide. */
const subdivided = (pods: NodePods, node: string, question: AccessQuestion): Decision | undefined => {
  switch (question.group === '' ? question.resource : `${question.resource}.${question.group}`) {
    case 'secrets':
    case 'configmaps':
      return readNamespaced(pods, node, question.resource, question)
    case 'persistentvolumeclaims':
      return claim(pods, node, question)
    case 'persistentvolumes':
      return getOnly(pods, node, question.resource, question)
    case 'resourceclaims.resource.k8s.io':
      return getOnly(pods, node, 'resourceclaims', question)
    case 'serviceaccounts':
      return serviceAccount(pods, node, question)
    case 'leases.coordination.k8s.io':
      return lease(node, question)
    case 'csinodes.storage.k8s.io':
      return csiNode(node, question)
    case 'nodes':
      return nodeObject(node, question)
    case 'pods':
      return pod(pods, node, question)
    default:
      return undefined
  }
}

/**
 * plugin/pkg/auth/authorizer/node. The node rules are those of the bootstrapped ClusterRole `system:node`.
 * Differs: volume attachments and resource slices follow the node rules, not the graph.
 */
export const createNodeAuthorizer = (context: ServerContext): Authorizer => {
  let pods: NodePods | undefined
  const rules = (): readonly PolicyRule[] =>
    (context.lookup('rbac.authorization.k8s.io/v1/ClusterRole', undefined, 'system:node') as ClusterRole | undefined)
      ?.rules ?? []
  return (question) => {
    const { user } = question
    if (!user.groups.includes('system:nodes') || !user.name.startsWith(prefix)) return noOpinion()
    const node = user.name.slice(prefix.length)
    if (node === '') return noOpinion(`unknown node for user ${JSON.stringify(user.name)}`)
    if (question.path === undefined) {
      pods ??= createNodePods(context)
      const decision = subdivided(pods, node, question)
      if (decision !== undefined) return decision
    }
    return rules().some((rule) => ruleAllows(rule, question)) ? granted : noOpinion()
  }
}

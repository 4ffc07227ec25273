import type { Node } from '../../api/types/core-v1.generated.ts'
import type { ClusterSpec, NodeSpec, PoolSpec } from '../../dsl/plan/cluster-spec.ts'
import { providerIdOf } from '../cloud/create-cloud.ts'
import { initialized, uninitialized } from '../controllers/cloud-node/initialized.ts'
import { nodeObject, type NodePlace } from './node-object.ts'

const zoneLabel = 'topology.kubernetes.io/zone'

/** A machine as its kubelet registers it with `--cloud-provider=external`: the cloud is to say where it stands, and until then it is tainted. */
export const asNewInstance = (node: NodeSpec): NodeSpec => {
  const { [zoneLabel]: _, ...labels } = node.labels
  return { ...node, labels, taints: [...node.taints, { key: uninitialized, value: 'true', effect: 'NoSchedule' }] }
}

/** A node that the cloud's controllers have been over. */
export const cloudNodeObject = (place: NodePlace): object => {
  const { name, pool, labels } = place.spec
  const zone = labels[zoneLabel]
  return initialized(nodeObject(place) as Node, {
    providerId: providerIdOf(name, zone),
    type: pool,
    zone,
    addresses: [],
    shutDown: false,
  })
}

/** What a further node of a pool looks like, in the n-th of its zones. */
export const templateNode = (pool: PoolSpec, zone: number, place: Omit<NodePlace, 'spec' | 'index'>): Node => {
  const where = pool.zones.length === 0 ? undefined : pool.zones[zone % pool.zones.length]!
  const name = `${pool.name}-template`
  const spec: NodeSpec = {
    ...pool.template,
    name,
    labels: {
      ...pool.template.labels,
      'kubernetes.io/hostname': name,
      ...(where === undefined ? {} : { [zoneLabel]: where }),
    },
  }
  return cloudNodeObject({ ...place, spec, index: 0 }) as Node
}

const rule = (apiGroup: string, resources: readonly string[], ...verbs: readonly string[]): object => ({
  apiGroups: [apiGroup],
  resources,
  verbs,
})
const reading = ['get', 'list', 'watch']

const account = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name, namespace: 'kube-system' },
})
const binding = (name: string, role: string, of: string): object => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
  subjects: [{ kind: 'ServiceAccount', name: of, namespace: 'kube-system' }],
})

/** What the cluster autoscaler may do, as its example manifests say. */
const autoscalerRole: object = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'cluster-autoscaler' },
  rules: [
    rule('', ['events', 'endpoints'], 'create', 'patch', 'update'),
    rule('', ['configmaps'], 'create', ...reading, 'update', 'delete'),
    rule('', ['nodes'], ...reading, 'update', 'patch', 'delete'),
    rule('', ['pods/eviction'], 'create'),
    rule(
      '',
      ['namespaces', 'pods', 'services', 'replicationcontrollers', 'persistentvolumeclaims', 'persistentvolumes'],
      ...reading,
    ),
    rule('apps', ['daemonsets', 'replicasets', 'statefulsets'], ...reading),
    rule('batch', ['jobs', 'cronjobs'], ...reading),
    rule('policy', ['poddisruptionbudgets'], ...reading),
    rule(
      'storage.k8s.io',
      ['storageclasses', 'csinodes', 'csidrivers', 'csistoragecapacities', 'volumeattachments'],
      ...reading,
    ),
    rule('resource.k8s.io', ['resourceclaims', 'resourceslices', 'deviceclasses'], ...reading),
  ],
}

/** Who the cloud's controllers are, and what they may do. */
export const cloudObjects = (spec: ClusterSpec): readonly object[] => {
  if (spec.cloud === undefined) return []
  const manager = 'cloud-controller-manager'
  const objects = [account(manager), binding(`system:${manager}`, 'cluster-admin', manager)]
  if (spec.pools.every((pool) => pool.max === undefined)) return objects
  const name = 'cluster-autoscaler'
  return [...objects, account(name), autoscalerRole, binding(name, name, name)]
}

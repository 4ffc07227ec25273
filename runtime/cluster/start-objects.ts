import bootstrapControllers from '../../api/schema/data/bootstrap-with-controller-manager.json' with { type: 'json' }
import bootstrapServer from '../../api/schema/data/bootstrap-apiserver.json' with { type: 'json' }
import type { KubeObject } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import { builtinScheme } from '../../api/scheme/builtin-scheme.ts'
import { webhookObjects } from './webhook-servers.ts'
import type { ClusterSpec } from '../../dsl/plan/cluster-spec.ts'
import { uuidOf } from '../apiserver/uids.ts'
import { InvariantError } from '../kernel/invariant-error.ts'
import { csiNodeDriver, csiNodeObject, storageClassObjects } from '../storage/storage-objects.ts'
import { cloudNodeObject, cloudObjects } from './cloud-objects.ts'
import { nodeObject } from './node-object.ts'

export interface StartObject {
  readonly resource: Resource
  readonly object: KubeObject
}

interface Recorded {
  readonly object: {
    readonly apiVersion: string
    readonly kind: string
    readonly metadata: { readonly name: string; readonly namespace?: string }
  }
}

const certificate = '-----BEGIN CERTIFICATE-----\nkscn\n-----END CERTIFICATE-----\n'
/** The recordings name what differs from run to run; here it is given one value. */
const fillIn = (value: unknown, time: string): unknown => {
  if (typeof value === 'string')
    return value === '<certificate>'
      ? certificate
      : value === '<time>'
        ? time
        : value === '<date>'
          ? time.slice(0, 10)
          : value
  if (Array.isArray(value)) return value.map((item) => fillIn(item, time))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillIn(item, time)]))
}

/** Holds a process's own identity, which no simulated server has. */
const leftOut = (object: Recorded['object']): boolean => object.kind === 'Lease'

const namespaceObject = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
  spec: { finalizers: ['kubernetes'] },
  status: { phase: 'Active' },
})
const serviceAccountObject = (namespace: string): object => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'default', namespace },
})
const rootCaObject = (namespace: string): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: 'kube-root-ca.crt',
    namespace,
    annotations: {
      'kubernetes.io/description':
        'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
    },
  },
  data: { 'ca.crt': certificate },
})
const apiserverAddress = '192.168.255.1'
/** What the API server itself keeps for the `kubernetes` service (pkg/controlplane/reconcilers). */
const kubernetesEndpoints: readonly object[] = [
  {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' },
    },
    subsets: [{ addresses: [{ ip: apiserverAddress }], ports: [{ name: 'https', port: 6443, protocol: 'TCP' }] }],
  },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [apiserverAddress], conditions: { ready: true } }],
    ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
  },
]

/** `1.36` → `v1.36.3`, which all behaviour is of; an older version is emulated by it. */
export const versionOf = (spec: ClusterSpec): string =>
  spec.kubernetes === '1.36' ? 'v1.36.3' : `v${spec.kubernetes}.0`

/** Everything that a cluster of this shape holds at t=0, in the order in which it is stored. */
export const startObjects = (spec: ClusterSpec, time: string): readonly StartObject[] => {
  const scheme = builtinScheme()
  const byKey = new Map<string, StartObject>()
  const add = (plain: object): void => {
    const draft = plain as Recorded['object']
    const resource = scheme.byKind(`${draft.apiVersion}/${draft.kind}`)
    if (resource === undefined)
      throw new InvariantError('cluster', 'a start object of an unknown kind', { kind: draft.kind })
    const key = `${resource.id} ${draft.metadata.namespace ?? ''}/${draft.metadata.name}`
    const index = byKey.size + 1
    const before = byKey.get(key)
    const object = {
      ...draft,
      metadata: {
        ...draft.metadata,
        uid: before?.object.metadata.uid ?? uuidOf(0x6b73636e, index),
        creationTimestamp: time,
        ...(resource.generation ? { generation: 1 } : {}),
      },
    } as unknown as KubeObject
    byKey.set(key, { resource, object })
  }
  for (const { object } of bootstrapServer as readonly Recorded[])
    if (!leftOut(object)) add(fillIn(object, time) as object)
  for (const { object } of bootstrapControllers as readonly Recorded[]) add(fillIn(object, time) as object)
  for (const name of spec.namespaces) add(namespaceObject(name))
  const namespaces = [...new Set(['default', 'kube-node-lease', 'kube-public', 'kube-system', ...spec.namespaces])]
  for (const name of namespaces) {
    add(serviceAccountObject(name))
    add(rootCaObject(name))
  }
  for (const object of kubernetesEndpoints) add(object)
  for (const object of webhookObjects(spec.webhooks)) add(object)
  for (const object of cloudObjects(spec)) add(object)
  for (const object of spec.storageClasses.flatMap(storageClassObjects)) add(object)
  spec.nodes.forEach((node, index) => {
    const place = { spec: node, index, version: versionOf(spec), time, flags: spec.flags['kubelet'] ?? {} }
    add(spec.cloud === undefined ? nodeObject(place) : cloudNodeObject(place))
    add({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: node.name, namespace: 'kube-node-lease' },
      spec: { holderIdentity: node.name, leaseDurationSeconds: 40, renewTime: `${time.slice(0, 19)}.000000Z` },
    })
    if (spec.storageClasses.length > 0) {
      const { name } = node
      const drivers = spec.storageClasses.map((one) => csiNodeDriver(one, name))
      add(csiNodeObject({ name, uid: byKey.get(`v1/Node /${name}`)!.object.metadata.uid ?? '' }, drivers))
    }
  })
  return [...byKey.values()]
}

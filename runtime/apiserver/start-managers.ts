import type { KubeObject } from '../../api/object.ts'
import type { LedgerNote } from './managed-fields-ledger.ts'

/** What a new server writes of itself, in whose name; recorded from a server without other components. */
const always: Readonly<Record<string, string>> = {
  APIService: 'kube-apiserver',
  IPAddress: 'kube-apiserver',
  ServiceCIDR: 'kube-apiserver',
  PriorityClass: 'kube-apiserver',
  FlowSchema: 'api-priority-and-fairness-config-producer-v1',
  PriorityLevelConfiguration: 'api-priority-and-fairness-config-producer-v1',
}

const roles = new Set(['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'])
const namespaces = new Set(['default', 'kube-node-lease', 'kube-public', 'kube-system'])

const managerOf = ({ kind, metadata }: KubeObject): string | undefined => {
  if (kind === 'Namespace') return namespaces.has(metadata.name) ? 'kube-apiserver' : undefined
  if (roles.has(kind))
    return metadata.labels?.['kubernetes.io/bootstrapping'] === 'rbac-defaults' ? 'kube-apiserver' : undefined
  if (kind === 'Service' && metadata.name === 'kubernetes' && metadata.namespace === 'default') return 'kube-apiserver'
  if (kind === 'ConfigMap') {
    if (metadata.name === 'kube-root-ca.crt') return 'kube-controller-manager'
    return metadata.namespace === 'kube-system' ? 'kube-apiserver' : undefined
  }
  return always[kind]
}

const bare = ({ apiVersion, kind, metadata }: KubeObject): KubeObject => ({ apiVersion, kind, metadata })

/** Objects that were there before the run have no note of their writing: this is how the bootstrapping ones came to be. */
export const startNote = (object: KubeObject): LedgerNote | undefined => {
  const manager = managerOf(object)
  return manager === undefined
    ? undefined
    : {
        before: undefined,
        // Finalizers and phase are the registry's, not the writer's.
        ...(object.kind === 'Namespace' ? { written: bare(object) } : {}),
        manager,
        operation: 'Update',
        apiVersion: object.apiVersion,
        subresource: '',
        time: object.metadata.creationTimestamp ?? '',
      }
}

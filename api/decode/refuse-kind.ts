import { builtinScheme } from '../scheme/builtin-scheme.ts'
import type { Resource } from '../protocol/resource.ts'

/** Group versions that are registered but not served by default, with the kinds that had them. */
const oldVersions: Readonly<Record<string, readonly string[]>> = {
  'apps/v1beta1': ['ControllerRevision', 'Deployment', 'Scale', 'StatefulSet'],
  'apps/v1beta2': ['ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'Scale', 'StatefulSet'],
  'extensions/v1beta1': ['DaemonSet', 'Deployment', 'Ingress', 'NetworkPolicy', 'ReplicaSet', 'Scale'],
  'networking.k8s.io/v1beta1': ['IPAddress', 'Ingress', 'IngressClass', 'ServiceCIDR'],
  'batch/v1beta1': ['CronJob'],
  'policy/v1beta1': ['Eviction', 'PodDisruptionBudget'],
  'rbac.authorization.k8s.io/v1beta1': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  'rbac.authorization.k8s.io/v1alpha1': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  'scheduling.k8s.io/v1beta1': ['PriorityClass'],
  'storage.k8s.io/v1beta1': [
    'CSIDriver',
    'CSINode',
    'CSIStorageCapacity',
    'StorageClass',
    'VolumeAttachment',
    'VolumeAttributesClass',
  ],
  'coordination.k8s.io/v1beta1': ['Lease', 'LeaseCandidate'],
  'discovery.k8s.io/v1beta1': ['EndpointSlice'],
  'events.k8s.io/v1beta1': ['Event'],
  'node.k8s.io/v1beta1': ['RuntimeClass'],
  'admissionregistration.k8s.io/v1beta1': [
    'MutatingAdmissionPolicy',
    'MutatingAdmissionPolicyBinding',
    'MutatingWebhookConfiguration',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
    'ValidatingWebhookConfiguration',
  ],
  'flowcontrol.apiserver.k8s.io/v1beta3': ['FlowSchema', 'PriorityLevelConfiguration'],
}

/** Package of a group's internal types. */
const internalPackage = (group: string): string =>
  group === '' || group === 'events.k8s.io' ? 'core' : (group.split('.')[0] ?? group)

/**
 * Why a body of another kind or version is refused; undefined if only a part of them was given and fits. Mirrors the decoder
 * (runtime.Scheme, conversion) and createHandler's AcceptsGroupVersion.
 */
export const refuseKind = (resource: Resource, kind: string, apiVersion: string): string | undefined => {
  const wanted = {
    kind: kind === '' ? resource.kind : kind,
    apiVersion: apiVersion === '' ? resource.apiVersion : apiVersion,
  }
  if (wanted.kind === resource.kind && wanted.apiVersion === resource.apiVersion) return undefined
  const parts = wanted.apiVersion.split('/')
  const version = parts.at(-1) ?? ''
  const prefix = `${wanted.kind} in version "${version}" cannot be handled as a ${resource.kind}: `
  const builtin = builtinScheme().byKind(`${wanted.apiVersion}/${wanted.kind}`)
  const old = oldVersions[wanted.apiVersion]?.includes(wanted.kind) === true
  if (builtin === undefined && !old) {
    return `${prefix}no kind "${wanted.kind}" is registered for version "${wanted.apiVersion}" in scheme "pkg/runtime/scheme.go:111"`
  }
  if (wanted.kind === resource.kind) {
    return `the API version in the data (${wanted.apiVersion}) does not match the expected API version (${resource.apiVersion})`
  }
  return `${prefix}converting (${version}.${wanted.kind}) to (${internalPackage(resource.group)}.${resource.kind}): unknown conversion`
}

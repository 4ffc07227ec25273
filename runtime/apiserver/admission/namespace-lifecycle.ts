import type { Namespace } from '../../../api/types/core-v1.generated.ts'
import { cause, notFound } from '../status.ts'
import { forbid } from './forbid.ts'
import type { AdmissionPlugin } from './plugin.ts'

const immortal = ['default', 'kube-system', 'kube-public']
const reviews = [
  'localsubjectaccessreviews',
  'subjectaccessreviews',
  'selfsubjectaccessreviews',
  'selfsubjectrulesreviews',
]
const namespaces = { group: '', plural: 'namespaces' }

/** k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle */
export const namespaceLifecycle: AdmissionPlugin = {
  name: 'NamespaceLifecycle',
  handles: (operation, resource) =>
    resource.id === 'v1/Namespace'
      ? operation === 'DELETE'
      : resource.namespaced && operation !== 'DELETE' && !reviews.includes(resource.plural),
  mutate(context, attributes, object) {
    const { namespace } = attributes
    if (namespace === undefined) return object
    const resource = context.scheme().byKind('v1/Namespace')!
    // An informer that has not heard of it yet is asked again, then etcd is.
    const found = (context.lookup('v1/Namespace', undefined, namespace) ??
      context.etcd.get(resource, namespace)?.value) as Namespace | undefined
    if (found === undefined) return notFound(namespaces, namespace)
    if (attributes.operation !== 'CREATE' || found.status?.phase !== 'Terminating') return object
    return forbid(
      attributes,
      object,
      `unable to create new content in namespace ${namespace} because it is being terminated`,
      [cause('NamespaceTerminating', `namespace ${namespace} is being terminated`, 'metadata.namespace')],
    )
  },
  validate(_context, attributes, object) {
    if (attributes.resource.id !== 'v1/Namespace' || !immortal.includes(attributes.name)) return undefined
    return forbid(attributes, object, 'this namespace may not be deleted')
  },
}

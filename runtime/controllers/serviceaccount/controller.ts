import type { Draft } from '../../../api/object.ts'
import type { Namespace } from '../../../api/types/core-v1.generated.ts'
import { namespaceTerminates } from '../../client/call.ts'
import { done, type Controller } from '../../reconcile/controller.ts'

/** kube-controller-manager's serviceaccount-controller (pkg/controller/serviceaccount): every active namespace has `default`. */
export const serviceAccountController = (): Controller<Namespace> => ({
  name: 'service-account-controller',
  reconciles: 'v1/Namespace',
  when: ({ type, object }) =>
    object.kind !== 'ServiceAccount' || (type === 'deleted' && object.metadata.name === 'default'),
  watches: { 'v1/ServiceAccount': (object) => [object.metadata.namespace ?? ''] },
  *reconcile(key, io) {
    const namespace = io.read.get(key)
    if (namespace === undefined || namespace.status?.phase !== 'Active') return done
    if (io.read.get('v1/ServiceAccount', `${key}/default`) !== undefined) return done
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: key } } as Draft
    const answer = yield* io.write.create(account)
    if (answer.ok || answer.reason === 'AlreadyExists' || namespaceTerminates(answer)) return done
    return { retry: answer.message }
  },
})

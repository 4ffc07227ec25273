import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { ConfigMap, Namespace } from '../../../api/types/core-v1.generated.ts'
import { namespaceTerminates } from '../../client/call.ts'
import { done, type Controller } from '../../reconcile/controller.ts'

// pkg/controller/certificates/rootcacertpublisher
const rootCaName = 'kube-root-ca.crt'
const descriptionAnnotation = 'kubernetes.io/description'
const description =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.'
/** The simulated cluster has no certificates; this stands where the bundle would. */
const simulatedBundle = '-----BEGIN CERTIFICATE-----\nkscn\n-----END CERTIFICATE-----\n'

/** kube-controller-manager's root-ca-certificate-publisher-controller: a config map with the CA bundle in every namespace. */
export const rootCaPublisher = (bundle: string = simulatedBundle): Controller<Namespace> => ({
  name: 'root-ca-cert-publisher',
  reconciles: 'v1/Namespace',
  when: ({ type, object }) => {
    if (object.kind === 'ConfigMap') return object.metadata.name === rootCaName && type !== 'added'
    return type !== 'deleted' && (object as Namespace).status?.phase === 'Active'
  },
  watches: { 'v1/ConfigMap': (object) => [object.metadata.namespace ?? ''] },
  *reconcile(key, io) {
    const current = io.read.get('v1/ConfigMap', `${key}/${rootCaName}`) as ConfigMap | undefined
    const data = { 'ca.crt': bundle }
    if (current === undefined) {
      const map = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: rootCaName, annotations: { [descriptionAnnotation]: description } },
        data,
      }
      const answer = yield* io.write.create(map, key)
      if (answer.ok || answer.reason === 'AlreadyExists' || answer.code === 404 || namespaceTerminates(answer))
        return done
      return { retry: answer.message }
    }
    const annotated = current.metadata.annotations?.[descriptionAnnotation] !== undefined
    if (structuralEqual(current.data, data) && annotated) return done
    const metadata = {
      ...current.metadata,
      annotations: { ...current.metadata.annotations, [descriptionAnnotation]: description },
    }
    const answer = yield* io.write.update({ ...current, metadata, data } as KubeObject)
    return answer.ok ? done : { retry: answer.message }
  },
})

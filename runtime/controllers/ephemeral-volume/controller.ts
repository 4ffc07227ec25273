import type { Draft } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { PersistentVolumeClaim, Pod } from '../../../api/types/core-v1.generated.ts'
import { keyOf } from '../../client/object-key.ts'
import { done, type Controller, type Result } from '../../reconcile/controller.ts'
import { newControllerReference } from '../../reconcile/controller-reference.ts'
import { isClaimOfPod, podClaimIndex } from '../../reconcile/pod-claims.ts'

const claimKind = 'v1/PersistentVolumeClaim'
const podKind = 'v1/Pod'

const wantsClaims = (pod: Pod): boolean =>
  pod.metadata.deletionTimestamp === undefined &&
  (pod.spec?.volumes ?? []).some((volume) => volume.ephemeral !== undefined)

/** kube-controller-manager's ephemeral-volume-controller: pkg/controller/volume/ephemeral. */
export const ephemeralVolumeController = (workers = 5): Controller<Pod> => ({
  name: 'ephemeral-volume-controller',
  eventSource: 'ephemeral_volume',
  reconciles: podKind,
  workers,
  indexes: { [podKind]: [podClaimIndex] },
  watches: {
    [podKind]: (object, _io, before) => (before === undefined && wantsClaims(object as Pod) ? [keyOf(object)] : []),
    [claimKind]: (object, io) => {
      const key = keyOf(object)
      if (io.read.get(claimKind, key) !== undefined) return []
      return (io.read.indexed(podKind, 'claim', key) as readonly Pod[]).filter(wantsClaims).map(keyOf)
    },
  },
  *reconcile(key, io): Generator<ApiRequest, Result, unknown> {
    const pod = io.read.get(key)
    if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return done
    const { namespace = '', name = '' } = pod.metadata
    for (const volume of pod.spec?.volumes ?? []) {
      if (volume.ephemeral === undefined) continue
      const claimName = `${name}-${volume.name}`
      const claim = io.read.get(claimKind, `${namespace}/${claimName}`) as PersistentVolumeClaim | undefined
      let error: string | undefined
      if (claim === undefined) {
        const template = volume.ephemeral.volumeClaimTemplate
        const { annotations, labels } = template?.metadata ?? {}
        const draft: Draft<PersistentVolumeClaim> = {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: {
            name: claimName,
            ...(labels === undefined ? {} : { labels }),
            ...(annotations === undefined ? {} : { annotations }),
            ownerReferences: [newControllerReference(pod)],
          },
          spec: template?.spec ?? {},
        }
        const answer = yield* io.write.create(draft, namespace)
        if (!answer.ok) error = `create PVC ${claimName}: ${answer.message}`
      } else if (!isClaimOfPod(pod, claim))
        error = `PVC ${namespace}/${claimName} was not created for pod ${key} (pod is not owner)`
      if (error === undefined) continue
      io.event(pod, 'Warning', 'FailedBinding', `ephemeral volume ${volume.name}: ${error}`)
      return { retry: error }
    }
    return done
  },
})

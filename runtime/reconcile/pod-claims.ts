import type { PersistentVolumeClaim, Pod } from '../../api/types/core-v1.generated.ts'
import type { Index } from '../client/indexes.ts'

/** Names of the claims a pod's volumes use, those of its ephemeral volumes included (component-helpers storage/ephemeral). */
export const claimNamesOf = (pod: Pod): readonly string[] =>
  (pod.spec?.volumes ?? []).flatMap((volume) => {
    if (volume.persistentVolumeClaim !== undefined) return [volume.persistentVolumeClaim.claimName]
    return volume.ephemeral === undefined ? [] : [`${pod.metadata.name ?? ''}-${volume.name}`]
  })

/** ephemeral.VolumeIsForPod: whether a claim was made for this pod's ephemeral volume. */
export const isClaimOfPod = (pod: Pod, claim: PersistentVolumeClaim): boolean =>
  claim.metadata.ownerReferences?.some((owner) => owner.controller === true && owner.uid === pod.metadata.uid) === true

/** Pods by `<namespace>/<claim>`: common.PodPVCIndex. */
export const podClaimIndex: Index = {
  name: 'claim',
  values: (object) => claimNamesOf(object as Pod).map((name) => `${(object as Pod).metadata.namespace ?? ''}/${name}`),
}

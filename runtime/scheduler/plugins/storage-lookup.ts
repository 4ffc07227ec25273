import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../../api/types/core-v1.generated.ts'
import type { StorageClass } from '../../../api/types/storage-v1.generated.ts'
import type { Listers } from '../framework.ts'

const betaClass = 'volume.beta.kubernetes.io/storage-class'

export const claimOf = (listers: Listers, namespace: string, name: string): PersistentVolumeClaim | undefined =>
  listers.get('v1/PersistentVolumeClaim', namespace, name) as PersistentVolumeClaim | undefined

export const volumeOf = (listers: Listers, name: string): PersistentVolume | undefined =>
  listers.get('v1/PersistentVolume', '', name) as PersistentVolume | undefined

export const storageClassOf = (listers: Listers, name: string): StorageClass | undefined =>
  listers.get('storage.k8s.io/v1/StorageClass', '', name) as StorageClass | undefined

/** GetPersistentVolumeClaimClass. */
export const claimClass = (claim: PersistentVolumeClaim): string =>
  claim.metadata.annotations?.[betaClass] ?? claim.spec?.storageClassName ?? ''

export const volumeClass = (volume: PersistentVolume): string =>
  volume.metadata.annotations?.[betaClass] ?? volume.spec?.storageClassName ?? ''

/** ephemeral.VolumeIsForPod: the text that says that a claim of the right name is somebody else's. */
export const notOwnClaim = (pod: Pod, claim: PersistentVolumeClaim): string | undefined => {
  const owner = claim.metadata.ownerReferences?.find((one) => one.controller === true)
  if (owner !== undefined && owner.uid === pod.metadata.uid) return undefined
  const claimName = `${claim.metadata.namespace ?? ''}/${claim.metadata.name}`
  return `PVC ${claimName} was not created for pod ${pod.metadata.namespace ?? ''}/${pod.metadata.name} (pod is not owner)`
}

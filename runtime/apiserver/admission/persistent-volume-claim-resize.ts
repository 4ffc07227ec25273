import { compareQuantities } from '../../../api/quantity/compare-quantities.ts'
import { quantityOf } from '../../../api/quantity/parse-quantity.ts'
import type { PersistentVolumeClaim } from '../../../api/types/core-v1.generated.ts'
import type { StorageClass } from '../../../api/types/storage-v1.generated.ts'
import type { ServerContext } from '../server-context.ts'
import { forbid } from './forbid.ts'
import type { AdmissionPlugin } from './plugin.ts'

const classOf = (claim: PersistentVolumeClaim): string =>
  claim.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? claim.spec?.storageClassName ?? ''

const allowed = (context: ServerContext, claim: PersistentVolumeClaim, old: PersistentVolumeClaim): boolean => {
  const name = classOf(claim)
  if (name === '' || name !== classOf(old)) return false
  return (
    (context.lookup('storage.k8s.io/v1/StorageClass', undefined, name) as StorageClass | undefined)
      ?.allowVolumeExpansion === true
  )
}

/** plugin/pkg/admission/storage/persistentvolume/resize */
export const persistentVolumeClaimResize: AdmissionPlugin = {
  name: 'PersistentVolumeClaimResize',
  handles: (operation, resource, subresource) =>
    operation === 'UPDATE' && resource.id === 'v1/PersistentVolumeClaim' && subresource === '',
  validate(context, attributes, object) {
    const claim = object as PersistentVolumeClaim
    const old = attributes.old as PersistentVolumeClaim
    const size = (one: PersistentVolumeClaim): string => one.spec?.resources?.requests?.['storage'] ?? '0'
    if (compareQuantities(quantityOf(size(claim)), quantityOf(size(old))) <= 0) return undefined
    if (old.status?.phase !== 'Bound')
      return forbid(attributes, object, 'Only bound persistent volume claims can be expanded')
    if (allowed(context, claim, old)) return undefined
    return forbid(
      attributes,
      object,
      'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    )
  },
}

import type { PersistentVolumeClaim } from '../../../api/types/core-v1.generated.ts'
import { newestDefault } from './default-class.ts'
import type { AdmissionPlugin } from './plugin.ts'

const annotations = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class']
const classAnnotation = 'volume.beta.kubernetes.io/storage-class'

/** plugin/pkg/admission/storage/storageclass/setdefault */
export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  handles: (operation, resource, subresource) =>
    operation === 'CREATE' && resource.id === 'v1/PersistentVolumeClaim' && subresource === '',
  mutate(context, _attributes, object) {
    const claim = object as PersistentVolumeClaim
    if (claim.metadata.annotations?.[classAnnotation] !== undefined || claim.spec?.storageClassName !== undefined)
      return claim
    const found = newestDefault(context.lookupAll('storage.k8s.io/v1/StorageClass'), annotations)
    if (found === undefined) return claim
    return { ...claim, spec: { ...claim.spec, storageClassName: found.metadata.name } } as PersistentVolumeClaim
  },
}

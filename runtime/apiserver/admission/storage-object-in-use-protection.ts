import { withMeta } from '../object-meta.ts'
import type { AdmissionPlugin } from './plugin.ts'

const finalizers: Readonly<Record<string, string>> = {
  'v1/PersistentVolume': 'kubernetes.io/pv-protection',
  'v1/PersistentVolumeClaim': 'kubernetes.io/pvc-protection',
  'storage.k8s.io/v1/VolumeAttributesClass': 'kubernetes.io/vac-protection',
}

/** plugin/pkg/admission/storage/storageobjectinuseprotection */
export const storageObjectInUseProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  handles: (operation, resource, subresource) =>
    operation === 'CREATE' && subresource === '' && finalizers[resource.id] !== undefined,
  mutate(_context, attributes, object) {
    const finalizer = finalizers[attributes.resource.id]!
    const known = object.metadata.finalizers ?? []
    return known.includes(finalizer) ? object : withMeta(object, { finalizers: [...known, finalizer] })
  },
}

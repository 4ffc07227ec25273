import type { Key } from '../../api/kind.ts'
import type { KubeObject } from '../../api/object.ts'

// k8s.io/api/discovery/v1 well_known_labels.go
export const serviceNameLabel = 'kubernetes.io/service-name'
export const managedByLabel = 'endpointslice.kubernetes.io/managed-by'
export const headlessLabel = 'service.kubernetes.io/headless'
/** endpointslice_controller.go: ControllerName. */
export const sliceManager = 'endpointslice-controller.k8s.io'

/** ServiceControllerKey: the Service that a slice belongs to. */
export const serviceKeyOf = (slice: KubeObject): Key | undefined => {
  const name = slice.metadata.labels?.[serviceNameLabel]
  return name === undefined || name === '' ? undefined : `${slice.metadata.namespace ?? ''}/${name}`
}

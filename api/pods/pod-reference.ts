import type { Container, PodSpec, Volume } from '../types/core-v1.generated.ts'

const containersOf = (spec: PodSpec): readonly Container[] => [
  ...spec.containers,
  ...(spec.initContainers ?? []),
  ...((spec.ephemeralContainers ?? []) as readonly unknown[] as readonly Container[]),
]
const env = (spec: PodSpec, has: (container: Container) => boolean): boolean => containersOf(spec).some(has)

const secretVolume = (volume: Volume): boolean =>
  volume.secret !== undefined ||
  volume.azureFile !== undefined ||
  volume.cephfs?.secretRef !== undefined ||
  volume.cinder?.secretRef !== undefined ||
  volume.flexVolume?.secretRef !== undefined ||
  volume.rbd?.secretRef !== undefined ||
  volume.scaleIO?.secretRef !== undefined ||
  volume.iscsi?.secretRef !== undefined ||
  volume.storageos?.secretRef !== undefined ||
  volume.csi?.nodePublishSecretRef !== undefined ||
  (volume.projected?.sources ?? []).some((one) => one.secret !== undefined)

const configVolume = (volume: Volume): boolean =>
  volume.configMap !== undefined || (volume.projected?.sources ?? []).some((one) => one.configMap !== undefined)

const volumeReference = (volume: Volume): string | undefined => {
  if (volume.csi !== undefined) return 'csidrivers (via CSI volumes)'
  if (volume.glusterfs !== undefined) return 'endpoints (via glusterFS volumes)'
  if (volume.persistentVolumeClaim !== undefined) return 'persistentvolumeclaims'
  if (volume.ephemeral !== undefined) return 'persistentvolumeclaims (via ephemeral volumes)'
  for (const source of volume.projected?.sources ?? []) {
    if (source.serviceAccountToken !== undefined) return 'serviceaccounts (via projected volumes)'
    if (source.clusterTrustBundle !== undefined) return 'clustertrustbundles'
    if (source.podCertificate !== undefined) return 'podcertificates'
  }
  return undefined
}

/** pkg/api/pod/util.go: HasAPIObjectReference, which kind of API object a pod refers to first. */
export const podReference = (spec: PodSpec): string | undefined => {
  const volumes = spec.volumes ?? []
  if ((spec.serviceAccountName ?? '') !== '') return 'serviceaccounts'
  const secrets =
    (spec.imagePullSecrets ?? []).length > 0 ||
    volumes.some(secretVolume) ||
    env(
      spec,
      (one) =>
        (one.env ?? []).some((variable) => variable.valueFrom?.secretKeyRef !== undefined) ||
        (one.envFrom ?? []).some((source) => source.secretRef !== undefined),
    )
  if (secrets) return 'secrets'
  const configs =
    volumes.some(configVolume) ||
    env(
      spec,
      (one) =>
        (one.env ?? []).some((variable) => variable.valueFrom?.configMapKeyRef !== undefined) ||
        (one.envFrom ?? []).some((source) => source.configMapRef !== undefined),
    )
  if (configs) return 'configmaps'
  if ((spec.resourceClaims ?? []).length > 0) return 'resourceclaims'
  for (const volume of volumes) {
    const found = volumeReference(volume)
    if (found !== undefined) return found
  }
  return undefined
}

import type { Draft } from '../../api/object.ts'
import type { Node, PersistentVolumeClaim } from '../../api/types/core-v1.generated.ts'
import type { StorageClassSpec } from '../../dsl/plan/cluster-spec.ts'
import { driverOf, zoneLabel } from './storage-objects.ts'

export const provisionedBy = 'pv.kubernetes.io/provisioned-by'
export const selectedNode = 'volume.kubernetes.io/selected-node'
export const volumeFinalizer = 'external-provisioner.volume.kubernetes.io/finalizer'

/** hash/fnv New32 */
const fnv32 = (text: string): number => {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1)
    hash = (Math.imul(hash, 0x01000193) ^ text.charCodeAt(index)) >>> 0
  return hash
}

/**
 * external-provisioner getPVCNameHashAndIndexOffset: volumes of a StatefulSet's pods (`data-db-0`, `data-db-1`, …) go round the zones,
 * from a place that the rest of the name says.
 */
const placeOf = (name: string): number => {
  const found = /^(.*)-(\d+)$/.exec(name)
  return found === null ? fnv32(name) : fnv32(found[1]!) + Number(found[2])
}

/** The zone for a claim's volume: its pod's, or one in turn. undefined: there is none. */
export const zoneFor = (claim: PersistentVolumeClaim, nodes: readonly Node[]): string | undefined => {
  const chosen = claim.metadata.annotations?.[selectedNode]
  if (chosen !== undefined) return nodes.find((node) => node.metadata.name === chosen)?.metadata.labels?.[zoneLabel]
  const zones = [...new Set(nodes.flatMap((node) => node.metadata.labels?.[zoneLabel] ?? []))].sort()
  return zones[placeOf(claim.metadata.name ?? '') % zones.length]
}

export const volumeName = (claim: PersistentVolumeClaim): string => `pvc-${claim.metadata.uid ?? ''}`

/** The PersistentVolume that a claim gets: sig-storage-lib-external-provisioner, external-provisioner pkg/controller. */
export const newVolume = (claim: PersistentVolumeClaim, spec: StorageClassSpec, zone: string | undefined): Draft => {
  const driver = driverOf(spec)
  const { namespace, name, uid, resourceVersion } = claim.metadata
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name: volumeName(claim),
      annotations: {
        [provisionedBy]: driver,
        'volume.kubernetes.io/provisioner-deletion-secret-name': '',
        'volume.kubernetes.io/provisioner-deletion-secret-namespace': '',
      },
      finalizers: [volumeFinalizer],
    },
    spec: {
      accessModes: claim.spec?.accessModes ?? [],
      capacity: { storage: claim.spec?.resources?.requests?.['storage'] ?? '0' },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid, resourceVersion },
      csi: {
        driver,
        volumeHandle: volumeName(claim),
        volumeAttributes: { 'storage.kubernetes.io/csiProvisionerIdentity': driver },
      },
      ...(zone === undefined
        ? {}
        : {
            nodeAffinity: {
              required: {
                nodeSelectorTerms: [{ matchExpressions: [{ key: zoneLabel, operator: 'In', values: [zone] }] }],
              },
            },
          }),
      persistentVolumeReclaimPolicy: 'Delete',
      storageClassName: spec.name,
      volumeMode: claim.spec?.volumeMode ?? 'Filesystem',
    },
  } as unknown as Draft
}

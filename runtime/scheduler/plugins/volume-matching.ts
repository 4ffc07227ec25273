import { wholeValue } from '../../../api/quantity/quantity-values.ts'
import type { PersistentVolume, PersistentVolumeClaim } from '../../../api/types/core-v1.generated.ts'
import { labelMatcher, nodeMatcher, type NodeFacts } from '../label-matcher.ts'
import { claimClass, volumeClass } from './storage-lookup.ts'

export const storageOf = (list: Readonly<Record<string, string>> | undefined): number =>
  wholeValue(list?.['storage'] ?? '0')

/** volume.CheckNodeAffinity: a volume's node affinity sees labels only. */
export const volumeFitsNode = (volume: PersistentVolume, node: NodeFacts): boolean => {
  const required = volume.spec?.nodeAffinity?.required
  return required === undefined || nodeMatcher(required)({ name: '', labels: node.labels })
}

/** volume.IsVolumeBoundToClaim. */
export const isVolumeOfClaim = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean => {
  const reference = volume.spec?.claimRef
  if (reference === undefined) return false
  if (reference.name !== claim.metadata.name || reference.namespace !== claim.metadata.namespace) return false
  return (reference.uid ?? '') === '' || reference.uid === claim.metadata.uid
}

/** volume.FindMatchingVolume for a node: the claim's own volume, or the smallest one that will do. */
export const matchingVolume = (
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  node: NodeFacts,
  taken: ReadonlySet<string>,
): PersistentVolume | undefined => {
  const wanted = storageOf(claim.spec?.resources?.requests)
  const selector = claim.spec?.selector === undefined ? undefined : labelMatcher(claim.spec.selector)
  let smallest: PersistentVolume | undefined
  for (const volume of volumes) {
    if (taken.has(volume.metadata.name)) continue
    const own = isVolumeOfClaim(volume, claim)
    if (volume.spec?.claimRef !== undefined && !own) continue
    if (storageOf(volume.spec?.capacity) < wanted) continue
    if ((claim.spec?.volumeMode ?? 'Filesystem') !== (volume.spec?.volumeMode ?? 'Filesystem')) continue
    if ((claim.spec?.volumeAttributesClassName ?? '') !== (volume.spec?.volumeAttributesClassName ?? '')) continue
    if (volume.metadata.deletionTimestamp !== undefined) continue
    const fits = volumeFitsNode(volume, node)
    if (own) return fits ? volume : undefined
    if (volume.status?.phase !== 'Available') continue
    if (selector !== undefined && !selector.matches(volume.metadata.labels)) continue
    if (volumeClass(volume) !== claimClass(claim) || !fits) continue
    const modes = new Set<string>(volume.spec?.accessModes ?? [])
    if (!(claim.spec?.accessModes ?? []).every((mode) => modes.has(mode))) continue
    if (smallest === undefined || storageOf(volume.spec?.capacity) < storageOf(smallest.spec?.capacity))
      smallest = volume
  }
  return smallest
}

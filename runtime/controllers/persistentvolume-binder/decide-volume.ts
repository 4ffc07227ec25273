import { compareQuantities } from '../../../api/quantity/compare-quantities.ts'
import { quantityOf } from '../../../api/quantity/parse-quantity.ts'
import { validSelector } from '../../../api/selectors/label-selector-from-object.ts'
import type { PersistentVolume, PersistentVolumeClaim } from '../../../api/types/core-v1.generated.ts'
import { classOf } from './names.ts'

// pkg/controller/volume/persistentvolume/index.go, component-helpers storage/volume/pv_helpers.go

/** IsVolumeBoundToClaim: the volume is reserved for this claim, or bound to it. */
export const isReservedFor = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean => {
  const reference = volume.spec?.claimRef
  if (reference === undefined) return false
  if (reference.name !== claim.metadata.name || reference.namespace !== claim.metadata.namespace) return false
  return (reference.uid ?? '') === '' || reference.uid === claim.metadata.uid
}

export const modesMismatch = (claim: PersistentVolumeClaim, volume: PersistentVolume): boolean =>
  (claim.spec?.volumeMode ?? 'Filesystem') !== (volume.spec?.volumeMode ?? 'Filesystem')

const holdsModes = (has: readonly string[], wanted: readonly string[]): boolean =>
  wanted.every((mode) => has.includes(mode))

const attributes = (spec: object | undefined): string =>
  (spec as { readonly volumeAttributesClassName?: string } | undefined)?.volumeAttributesClassName ?? ''

const sizeOf = (volume: PersistentVolume): string => volume.spec?.capacity?.['storage'] ?? '0'
const requested = (claim: PersistentVolumeClaim): string => claim.spec?.resources?.requests?.['storage'] ?? '0'

/** checkVolumeSatisfyClaim: why a volume that was asked for by name will not do; undefined if it does. */
export const mismatchOf = (volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined => {
  if (volume.metadata.deletionTimestamp !== undefined)
    return `the volume is marked for deletion "${volume.metadata.name ?? ''}"`
  if (compareQuantities(quantityOf(sizeOf(volume)), quantityOf(requested(claim))) < 0)
    return 'requested PV is too small'
  if (classOf(volume) !== classOf(claim)) return 'storageClassName does not match'
  if (attributes(volume.spec) !== attributes(claim.spec)) return 'volumeAttributesClassName does not match'
  if (modesMismatch(claim, volume)) return 'incompatible volumeMode'
  if (!holdsModes(volume.spec?.accessModes ?? [], claim.spec?.accessModes ?? [])) return 'incompatible accessMode'
  return undefined
}

/** FindMatchingVolume without a node: the reserved one, else the smallest that fits. */
const bestOf = (
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  delayed: boolean,
): PersistentVolume | undefined => {
  const selector = claim.spec?.selector === undefined ? undefined : validSelector(claim.spec.selector)
  const wanted = quantityOf(requested(claim))
  let best: PersistentVolume | undefined
  for (const volume of volumes) {
    const reserved = isReservedFor(volume, claim)
    if (volume.spec?.claimRef !== undefined && !reserved) continue
    if (compareQuantities(quantityOf(sizeOf(volume)), wanted) < 0 || modesMismatch(claim, volume)) continue
    if (attributes(volume.spec) !== attributes(claim.spec) || volume.metadata.deletionTimestamp !== undefined) continue
    if (reserved) return volume
    if (delayed || volume.status?.phase !== 'Available') continue
    if (selector !== undefined && !selector.matches(volume.metadata.labels)) continue
    if (classOf(volume) !== classOf(claim)) continue
    if (best === undefined || compareQuantities(quantityOf(sizeOf(volume)), quantityOf(sizeOf(best))) < 0) best = volume
  }
  return best
}

/** findBestMatchForClaim: among volumes with the fewest access modes beyond those asked for. */
export const decideVolume = (
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  delayed: boolean,
): PersistentVolume | undefined => {
  const wanted = claim.spec?.accessModes ?? []
  const groups = new Map<string, PersistentVolume[]>()
  for (const volume of volumes) {
    const modes = [...new Set(volume.spec?.accessModes ?? [])].sort()
    if (!holdsModes(modes, wanted)) continue
    const key = `${modes.length} ${modes.join()}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [volume])
    else group.push(volume)
  }
  for (const key of [...groups.keys()].sort()) {
    const found = bestOf(claim, groups.get(key)!, delayed)
    if (found !== undefined) return found
  }
  return undefined
}

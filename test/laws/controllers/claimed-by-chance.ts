import type { KubeObject } from '../../../api/object.ts'
import { compareQuantities } from '../../../api/quantity/compare-quantities.ts'
import { quantityOf } from '../../../api/quantity/parse-quantity.ts'
import { validSelector } from '../../../api/selectors/label-selector-from-object.ts'
import type { PersistentVolume, PersistentVolumeClaim } from '../../../api/types/core-v1.generated.ts'
import type { Cluster } from '../../../runtime/cluster/cluster.ts'

const boundByController = 'pv.kubernetes.io/bound-by-controller'

const fits = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean => {
  const { accessModes = [], resources, selector, storageClassName = '' } = claim.spec ?? {}
  if ((volume.spec?.storageClassName ?? '') !== storageClassName) return false
  if (!accessModes.every((mode) => volume.spec?.accessModes?.includes(mode) === true)) return false
  if (selector !== undefined && !validSelector(selector).matches(volume.metadata.labels)) return false
  const [wanted, size] = [resources?.requests?.['storage'] ?? 0, volume.spec?.capacity?.['storage'] ?? 0]
  return compareQuantities(quantityOf(size), quantityOf(wanted)) >= 0
}

/**
 * findBestMatchForClaim, pkg/controller/volume/persistentvolume: a claim takes the best of the volumes that are Available when it is
 * looked at. Claims and volumes have a worker each, so that after a start it is a race which volumes are: upstream as well.
 */
const choices = (cluster: Cluster): ReadonlySet<string> => {
  const volumes = cluster.state.list('persistentvolumes', undefined) as readonly PersistentVolume[]
  const found = new Set<string>()
  for (const claim of cluster.state.list('persistentvolumeclaims', undefined) as readonly PersistentVolumeClaim[]) {
    const own = (claim.spec?.volumeName ?? '') !== '' && claim.metadata.annotations?.[boundByController] === undefined
    const able = own ? [] : volumes.filter((volume) => fits(volume, claim))
    if (able.length > 1) for (const { metadata } of [claim, ...able]) found.add(metadata.uid ?? '')
  }
  return found
}

type Claimed = KubeObject & {
  readonly spec?: { readonly claimRef?: unknown; readonly volumeName?: unknown }
  readonly status?: { readonly phase?: string }
}

/** Objects without who of several took which: a claim is only bound or not, its volumes are only there. */
export const claimedByChance = (cluster: Cluster): ((object: KubeObject) => KubeObject) => {
  const chosen = choices(cluster)
  return (object) => {
    if (!chosen.has(object.metadata.uid ?? '')) return object
    const { status, spec, metadata, ...rest } = object as Claimed
    const { [boundByController]: _, ...annotations } = metadata.annotations ?? {}
    const { claimRef: _claim, volumeName: _volume, ...wish } = spec ?? {}
    const phase = object.kind === 'PersistentVolumeClaim' ? { status: { phase: status?.phase } } : {}
    return { ...rest, metadata: { ...metadata, annotations }, spec: wish, ...phase } as unknown as KubeObject
  }
}

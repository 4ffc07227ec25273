import { compareQuantities } from '../../../api/quantity/compare-quantities.ts'
import { quantityOf } from '../../../api/quantity/parse-quantity.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { PersistentVolume, PersistentVolumeClaim } from '../../../api/types/core-v1.generated.ts'
import { keyOf } from '../../client/object-key.ts'
import { done, type Controller, type Result } from '../../reconcile/controller.ts'

const claimKind = 'v1/PersistentVolumeClaim'

const requested = (claim: PersistentVolumeClaim): string | number => claim.spec?.resources?.requests?.['storage'] ?? 0
const capacity = (claim: PersistentVolumeClaim): string | number => claim.status?.capacity?.['storage'] ?? 0
const isMore = (a: string | number, b: string | number): boolean => compareQuantities(quantityOf(a), quantityOf(b)) > 0

/**
 * kube-controller-manager's persistentvolume-expander-controller: pkg/controller/volume/expand. A claim that asks for more than it has.
 * Differs: no in-tree driver that expands is built in, so that it always leaves the work to an external controller, as with CSI.
 */
export const persistentVolumeExpander = (): Controller<PersistentVolumeClaim> => ({
  name: 'persistentvolume-expander-controller',
  account: 'expand-controller',
  eventSource: 'volume_expand',
  reconciles: claimKind,
  // defaultWorkerCount
  workers: 10,
  watches: {
    [claimKind]: (object, _io, before) => {
      const claim = object as PersistentVolumeClaim
      if (claim.status?.phase !== 'Bound') return []
      const old = before as PersistentVolumeClaim | undefined
      if (old !== undefined && !isMore(requested(claim), requested(old)) && !isMore(capacity(claim), capacity(old)))
        return []
      return [keyOf(claim)]
    },
  },
  *reconcile(key, io): Generator<ApiRequest, Result, unknown> {
    const claim = io.read.get(key)
    if (claim === undefined) return done
    const found = yield* io.live.get('v1/PersistentVolume', claim.spec?.volumeName ?? '')
    if (!found.ok) return { retry: `failed to get PV "${claim.spec?.volumeName ?? ''}": ${found.message}` }
    const reference = (found.object as PersistentVolume).spec?.claimRef
    if (reference?.namespace !== claim.metadata.namespace || reference?.uid !== claim.metadata.uid)
      return { retry: `persistent Volume is not bound to PVC being updated : ${key}` }
    if (isMore(requested(claim), capacity(claim)))
      io.event(claim, 'Normal', 'ExternalExpanding', 'waiting for an external controller to expand this PVC')
    return done
  },
})

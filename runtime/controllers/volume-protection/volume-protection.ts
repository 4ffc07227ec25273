import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { PersistentVolume } from '../../../api/types/core-v1.generated.ts'
import { keyOf } from '../../client/object-key.ts'
import { done, type Controller, type Result } from '../../reconcile/controller.ts'
import { isHeld, needsFinalizer, without, writeFinalizers } from './finalizers.ts'

const finalizer = 'kubernetes.io/pv-protection'

/** kube-controller-manager's persistentvolume-protection-controller: a bound volume is not removed. */
export const volumeProtection = (): Controller => ({
  name: 'pv-protection-controller',
  reconciles: 'v1/PersistentVolume',
  watches: {
    'v1/PersistentVolume': (object) =>
      needsFinalizer(object, finalizer) || isHeld(object, finalizer) ? [keyOf(object)] : [],
  },
  *reconcile(key, io): Generator<ApiRequest, Result, unknown> {
    const volume = io.read.get(key) as PersistentVolume | undefined
    if (volume === undefined) return done
    if (isHeld(volume, finalizer)) {
      if (volume.status?.phase === 'Bound') return done
      return yield* writeFinalizers(io, volume, without(volume, finalizer))
    }
    if (!needsFinalizer(volume, finalizer)) return done
    return yield* writeFinalizers(io, volume, [...(volume.metadata.finalizers ?? []), finalizer])
  },
})

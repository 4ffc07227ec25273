import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { PersistentVolume, PersistentVolumeClaim } from '../../../api/types/core-v1.generated.ts'
import { keyOf } from '../../client/object-key.ts'
import { second, type Micros } from '../../kernel/micros.ts'
import { done, type Controller, type Result } from '../../reconcile/controller.ts'
import { podClaimIndex } from '../../reconcile/pod-claims.ts'
import { refusalOf } from '../../reconcile/refused.ts'
import { syncClaim } from './sync-claim.ts'
import { syncVolume } from './sync-volume.ts'
import { claimAt, claimKind, forget, volumeKind, volumeNamed, type Written } from './writes.ts'

/** Keys of volumes, beside those of claims. */
const volumePrefix = 'volume:'
const volumeKey = (name: string): string => volumePrefix + name

/**
 * kube-controller-manager's persistentvolume-binder-controller: pkg/controller/volume/persistentvolume. What fails is tried again
 * at the next resync or event. Differs: one worker for claims and volumes, upstream has one for each.
 */
export const persistentVolumeBinder = (syncPeriod: Micros = 15 * second): Controller => ({
  name: 'persistent-volume-binder',
  eventSource: 'persistentvolume-controller',
  reconciles: claimKind,
  reads: ['storage.k8s.io/v1/StorageClass', 'v1/Pod'],
  indexes: { 'v1/Pod': [podClaimIndex] },
  memory: (): Written => new Map(),
  watches: {
    [claimKind]: (object, io) => {
      const key = keyOf(object)
      if (io.read.get(claimKind, key) !== undefined) return [key]
      forget(io, claimKind, key)
      const name = (object as PersistentVolumeClaim).spec?.volumeName ?? ''
      return name === '' ? [] : [volumeKey(name)]
    },
    [volumeKind]: (object, io) => {
      const name = object.metadata.name ?? ''
      if (io.read.get(volumeKind, name) !== undefined) return [volumeKey(name)]
      forget(io, volumeKind, name)
      const reference = (object as PersistentVolume).spec?.claimRef
      return reference === undefined ? [] : [`${reference.namespace ?? ''}/${reference.name ?? ''}`]
    },
  },
  loops: [
    {
      name: 'resync of claims and volumes',
      first: syncPeriod,
      every: syncPeriod,
      *run(io): Generator<ApiRequest, void, unknown> {
        for (const claim of io.read.list(claimKind)) io.requeue(keyOf(claim), 0)
        for (const volume of io.read.list(volumeKind)) io.requeue(volumeKey(volume.metadata.name ?? ''), 0)
      },
    },
  ],
  *reconcile(key, io): Generator<ApiRequest, Result, unknown> {
    try {
      if (key.startsWith(volumePrefix)) {
        const volume = volumeNamed(io, key.slice(volumePrefix.length))
        if (volume !== undefined) yield* syncVolume(io, volume)
      } else {
        const claim = claimAt(io, key)
        if (claim !== undefined) yield* syncClaim(io, claim)
      }
    } catch (error) {
      if (refusalOf(error) === undefined) throw error
    }
    return done
  },
})

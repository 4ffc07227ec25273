import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { PersistentVolume, PersistentVolumeClaim } from '../../../api/types/core-v1.generated.ts'
import type { Io } from '../../reconcile/controller.ts'
import { must } from '../../reconcile/refused.ts'
import { modesMismatch } from './decide-volume.ts'
import { annotated, dynamicallyProvisioned, migratedTo } from './names.ts'
import { claimAt, claimKind, setVolumePhase, unbind } from './writes.ts'

type Steps<R = void> = Generator<ApiRequest, R, unknown>

function* liveClaim(io: Io, key: string): Steps<PersistentVolumeClaim | undefined> {
  const answer = yield* io.live.get(claimKind, key)
  return !answer.ok && answer.code === 404 ? undefined : (must(answer) as PersistentVolumeClaim)
}

const isReleased = (volume: PersistentVolume): boolean =>
  volume.status?.phase === 'Released' || volume.status?.phase === 'Failed'

/** The claim that a volume names, if it is still there. */
function* claimOf(io: Io, volume: PersistentVolume): Steps<PersistentVolumeClaim | undefined> {
  const { namespace = '', name = '', uid } = volume.spec.claimRef!
  const key = `${namespace}/${name}`
  let claim = claimAt(io, key)
  if (claim === undefined && !isReleased(volume)) claim = yield* liveClaim(io, key)
  if (claim !== undefined && claim.metadata.uid !== uid) claim = yield* liveClaim(io, key)
  return claim?.metadata.uid === uid ? claim : undefined
}

/** updateVolumePhaseWithEvent */
function* failVolume(io: Io, volume: PersistentVolume, reason: string, message: string): Steps {
  if (volume.status?.phase === 'Failed') return
  const failed = yield* setVolumePhase(io, volume, 'Failed', message)
  io.event(failed, 'Warning', reason, message)
}

/** deleteVolumeOperation: only host paths below /tmp have a deleter of their own; dynamic volumes have external ones. */
function* deleteVolume(io: Io, volume: PersistentVolume): Steps {
  const name = volume.metadata.name ?? ''
  const provisioner = volume.metadata.annotations?.[dynamicallyProvisioned]
  if (provisioner !== undefined && !provisioner.startsWith('kubernetes.io/')) return
  const path = volume.spec?.hostPath?.path
  if (path === undefined) {
    const message = `error getting deleter volume plugin for volume "${name}": no deletable volume plugin matched`
    return yield* failVolume(io, volume, 'VolumeFailedDelete', message)
  }
  if (!/^\/tmp\/.+/.test(path)) {
    const message = `host_path deleter only supports /tmp/.+ but received provided ${path}`
    return yield* failVolume(io, volume, 'VolumeFailedDelete', message)
  }
  const answer = yield* io.write.delete(volume)
  if (!answer.ok && answer.code !== 404) must(answer)
}

/** reclaimVolume. Differs: no volume can be recycled; upstream recycles host paths and NFS with a pod. */
function* reclaim(io: Io, volume: PersistentVolume): Steps {
  if (annotated(volume, migratedTo)) return
  switch (volume.spec?.persistentVolumeReclaimPolicy) {
    case 'Retain':
      return
    case 'Delete':
      return yield* deleteVolume(io, volume)
    case 'Recycle':
      return yield* failVolume(io, volume, 'VolumeFailedRecycle', 'No recycler plugin found for the volume!')
    default: {
      const message = 'Volume has unrecognized PersistentVolumeReclaimPolicy'
      return yield* failVolume(io, volume, 'VolumeUnknownReclaimPolicy', message)
    }
  }
}

function* release(io: Io, volume: PersistentVolume): Steps {
  const released = isReleased(volume) ? volume : yield* setVolumePhase(io, volume, 'Released')
  yield* reclaim(io, released)
}

/** syncVolume */
export function* syncVolume(io: Io, volume: PersistentVolume): Steps {
  const reference = volume.spec?.claimRef
  if (reference === undefined || (reference.uid ?? '') === '') {
    yield* setVolumePhase(io, volume, 'Available')
    return
  }
  const claim = yield* claimOf(io, volume)
  if (claim === undefined) return yield* release(io, volume)
  const name = volume.metadata.name ?? ''
  const bound = claim.spec?.volumeName ?? ''
  if (bound === '') {
    if (!modesMismatch(claim, volume)) {
      io.requeue(`${claim.metadata.namespace ?? ''}/${claim.metadata.name ?? ''}`, 0)
      return
    }
    const why = 'due to incompatible volumeMode.'
    const claimed = `Cannot bind PersistentVolume to requested PersistentVolumeClaim "${claim.metadata.name ?? ''}" ${why}`
    io.event(volume, 'Warning', 'VolumeMismatch', claimed)
    const offered = `Cannot bind PersistentVolume "${name}" to requested PersistentVolumeClaim ${why}`
    io.event(claim, 'Warning', 'VolumeMismatch', offered)
    return
  }
  if (bound === name) {
    yield* setVolumePhase(io, volume, 'Bound')
    return
  }
  const dynamic = annotated(volume, dynamicallyProvisioned)
  if (dynamic && volume.spec?.persistentVolumeReclaimPolicy === 'Delete') yield* release(io, volume)
  else yield* unbind(io, volume)
}

import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { Key, Kind } from '../../../api/kind.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { PersistentVolume, PersistentVolumeClaim } from '../../../api/types/core-v1.generated.ts'
import { keyOf } from '../../client/object-key.ts'
import type { Io, WatchIo } from '../../reconcile/controller.ts'
import { must } from '../../reconcile/refused.ts'
import { isReservedFor } from './decide-volume.ts'
import { bindCompleted, boundByController } from './names.ts'

type Steps<R> = Generator<ApiRequest, R, unknown>

export const volumeKind = 'v1/PersistentVolume'
export const claimKind = 'v1/PersistentVolumeClaim'

/** The controller's own cache: what it wrote, until the informer has it (storeObjectUpdate). By kind and key. */
export type Written = Map<string, KubeObject>

const place = (kind: Kind, key: Key): string => `${kind} ${key}`
const versionOf = (object: KubeObject): number => Number(object.metadata.resourceVersion ?? '0')

const newest = (io: Io, kind: Kind, cached: KubeObject): KubeObject => {
  const written = io.memory as Written
  const own = written.get(place(kind, keyOf(cached)))
  if (own === undefined) return cached
  if (own.metadata.uid === cached.metadata.uid && versionOf(own) > versionOf(cached)) return own
  written.delete(place(kind, keyOf(cached)))
  return cached
}

const readNewest = (io: Io, kind: Kind, key: Key): KubeObject | undefined => {
  const cached = io.read.get(kind, key)
  return cached === undefined ? undefined : newest(io, kind, cached)
}

export const volumeNamed = (io: Io, name: string): PersistentVolume | undefined =>
  readNewest(io, volumeKind, name) as PersistentVolume | undefined
export const claimAt = (io: Io, key: Key): PersistentVolumeClaim | undefined =>
  readNewest(io, claimKind, key) as PersistentVolumeClaim | undefined
export const allVolumes = (io: Io): readonly PersistentVolume[] =>
  io.read.list(volumeKind).map((one) => newest(io, volumeKind, one) as PersistentVolume)

export const forget = (io: WatchIo | Io, kind: Kind, key: Key): void => {
  ;(io.memory as Written).delete(place(kind, key))
}

function* save<T extends KubeObject>(io: Io, object: T, status: boolean): Steps<T> {
  const answer = yield* status ? io.write.updateStatus(object) : io.write.update(object)
  const saved = must(answer) as T
  ;(io.memory as Written).set(place(`${object.apiVersion}/${object.kind}`, keyOf(object)), saved)
  return saved
}

export const saveClaim = (io: Io, claim: PersistentVolumeClaim): Steps<PersistentVolumeClaim> => save(io, claim, false)
const saveVolume = (io: Io, volume: PersistentVolume): Steps<PersistentVolume> => save(io, volume, false)

export const withAnnotations = <T extends PersistentVolume | PersistentVolumeClaim>(
  object: T,
  annotations: Readonly<Record<string, string>>,
): T => ({
  ...object,
  metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...annotations } },
})

/** updateVolumePhase */
export function* setVolumePhase(
  io: Io,
  volume: PersistentVolume,
  phase: string,
  message = '',
): Steps<PersistentVolume> {
  if (volume.status?.phase === phase) return volume
  const { message: _, ...rest } = volume.status ?? {}
  const status = { ...rest, phase, ...(message === '' ? {} : { message }) }
  return yield* save(io, { ...volume, status } as PersistentVolume, true)
}

/** updateClaimStatus */
export function* setClaimStatus(
  io: Io,
  claim: PersistentVolumeClaim,
  phase: string,
  volume: PersistentVolume | undefined,
): Steps<PersistentVolumeClaim> {
  const {
    accessModes: _,
    capacity,
    currentVolumeAttributesClassName,
    ...rest
  } = (claim.status ?? {}) as NonNullable<PersistentVolumeClaim['status']> & {
    readonly currentVolumeAttributesClassName?: string
  }
  const bound = volume?.spec
  const attributesClass = (bound as { readonly volumeAttributesClassName?: string } | undefined)
    ?.volumeAttributesClassName
  const nextCapacity = volume === undefined ? undefined : claim.status?.phase === phase ? capacity : bound?.capacity
  const nextClass =
    volume === undefined
      ? undefined
      : claim.status?.phase === 'Pending' && phase === 'Bound'
        ? attributesClass
        : currentVolumeAttributesClassName
  const status = {
    ...rest,
    phase,
    ...(bound?.accessModes === undefined ? {} : { accessModes: bound.accessModes }),
    ...(nextCapacity === undefined ? {} : { capacity: nextCapacity }),
    ...(nextClass === undefined ? {} : { currentVolumeAttributesClassName: nextClass }),
  }
  if (structuralEqual(status, claim.status)) return claim
  return yield* save(io, { ...claim, status } as PersistentVolumeClaim, true)
}

/** bind: volume to claim, volume phase, claim to volume, claim phase; each only where it is still missing. */
export function* bind(io: Io, volume: PersistentVolume, claim: PersistentVolumeClaim): Steps<void> {
  const { name = '', namespace = '', uid, resourceVersion } = claim.metadata
  const reference = volume.spec?.claimRef
  let bound = volume
  if (reference === undefined || !isReservedFor(volume, claim) || reference.uid !== uid) {
    const claimRef = { kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1', resourceVersion }
    bound = { ...volume, spec: { ...volume.spec, claimRef } }
    if (!isReservedFor(volume, claim)) bound = withAnnotations(bound, { [boundByController]: 'yes' })
    bound = yield* saveVolume(io, bound)
  }
  bound = yield* setVolumePhase(io, bound, 'Bound')
  let next = claim
  const volumeName = bound.metadata.name ?? ''
  if (claim.spec?.volumeName !== volumeName)
    next = withAnnotations({ ...claim, spec: { ...claim.spec, volumeName } }, { [boundByController]: 'yes' })
  if (next.metadata.annotations?.[bindCompleted] === undefined) next = withAnnotations(next, { [bindCompleted]: 'yes' })
  if (next !== claim) next = yield* saveClaim(io, next)
  yield* setClaimStatus(io, next, 'Bound', bound)
}

/** unbindVolume: what the controller bound becomes free, what a user reserved stays reserved. */
export function* unbind(io: Io, volume: PersistentVolume): Steps<void> {
  const { claimRef, ...spec } = volume.spec
  const { [boundByController]: own, ...annotations } = volume.metadata.annotations ?? {}
  const { uid: _, ...reserved } = claimRef ?? {}
  const { annotations: __, ...metadata } = volume.metadata
  const left = Object.keys(annotations).length === 0 ? {} : { annotations }
  const next =
    own === undefined
      ? { ...volume, spec: { ...spec, claimRef: reserved } }
      : { ...volume, metadata: { ...metadata, ...left }, spec }
  const saved = yield* saveVolume(io, next)
  yield* setVolumePhase(io, saved, 'Available')
}

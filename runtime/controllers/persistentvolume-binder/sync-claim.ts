import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { PersistentVolumeClaim, Pod } from '../../../api/types/core-v1.generated.ts'
import type { StorageClass } from '../../../api/types/storage-v1.generated.ts'
import { keyOf } from '../../client/object-key.ts'
import type { Io } from '../../reconcile/controller.ts'
import { isPodTerminal } from '../../reconcile/pod-state.ts'
import { fail } from '../../reconcile/refused.ts'
import { decideVolume, isReservedFor, mismatchOf } from './decide-volume.ts'
import { annotated, bindCompleted, boundByController, classOf, defaultClass, hasClass, selectedNode } from './names.ts'
import { provision } from './provision.ts'
import { allVolumes, bind, saveClaim, setClaimStatus, volumeNamed } from './writes.ts'

type Steps<R = void> = Generator<ApiRequest, R, unknown>

const classKind = 'storage.k8s.io/v1/StorageClass'

/** IsDelayBindingMode */
const waitsForConsumer = (io: Io, claim: PersistentVolumeClaim): boolean => {
  const name = classOf(claim)
  const found = name === '' ? undefined : (io.read.get(classKind, name) as StorageClass | undefined)
  return found?.volumeBindingMode === 'WaitForFirstConsumer'
}

/** util.GetDefaultClass: the newest of them, then the first by name. */
const defaultClassOf = (io: Io): string | undefined => {
  const marked = (io.read.list(classKind) as readonly StorageClass[]).filter(
    (one) => one.metadata.annotations?.[defaultClass] === 'true',
  )
  const age = (one: StorageClass): string => one.metadata.creationTimestamp ?? ''
  const [newest] = [...marked].sort((a, b) => (age(a) === age(b) ? 0 : age(a) > age(b) ? -1 : 1))
  return newest?.metadata.name
}

/** emitEventForUnboundDelayBindingClaim */
const tellWaiting = (io: Io, claim: PersistentVolumeClaim): void => {
  const pods = (io.read.indexed('v1/Pod', 'claim', keyOf(claim)) as readonly Pod[])
    .filter((pod) => (pod.spec?.nodeName ?? '') === '' && !isPodTerminal(pod))
    .map((pod) => pod.metadata.name ?? '')
  if (pods.length === 0) {
    const message = 'waiting for first consumer to be created before binding'
    io.event(claim, 'Normal', 'WaitForFirstConsumer', message)
    return
  }
  const who = pods.length > 1 ? `pods ${pods.join(',')}` : `pod ${pods[0]!}`
  io.event(claim, 'Normal', 'WaitForPodScheduled', `waiting for ${who} to be scheduled`)
}

function* findVolume(io: Io, claim: PersistentVolumeClaim): Steps {
  const delayed = waitsForConsumer(io, claim)
  const volume = decideVolume(claim, allVolumes(io), delayed)
  if (volume !== undefined) return yield* bind(io, volume, claim)
  const fallback = hasClass(claim) ? undefined : defaultClassOf(io)
  if (fallback !== undefined) {
    yield* saveClaim(io, { ...claim, spec: { ...claim.spec, storageClassName: fallback } })
    return
  }
  if (delayed && !annotated(claim, selectedNode)) tellWaiting(io, claim)
  else if (classOf(claim) !== '') return yield* provision(io, claim)
  else {
    const message = 'no persistent volumes available for this claim and no storage class is set'
    io.event(claim, 'Normal', 'FailedBinding', message)
  }
  yield* setClaimStatus(io, claim, 'Pending', undefined)
}

/** syncUnboundClaim */
function* syncUnbound(io: Io, claim: PersistentVolumeClaim): Steps {
  const name = claim.spec?.volumeName ?? ''
  if (name === '') return yield* findVolume(io, claim)
  const volume = volumeNamed(io, name)
  if (volume === undefined) {
    yield* setClaimStatus(io, claim, 'Pending', undefined)
    return
  }
  if (volume.spec?.claimRef === undefined) {
    const mismatch = mismatchOf(volume, claim)
    if (mismatch === undefined) return yield* bind(io, volume, claim)
    io.event(claim, 'Warning', 'VolumeMismatch', `Cannot bind to requested volume "${name}": ${mismatch}`)
    yield* setClaimStatus(io, claim, 'Pending', undefined)
    return
  }
  if (isReservedFor(volume, claim)) return yield* bind(io, volume, claim)
  io.event(claim, 'Warning', 'FailedBinding', `volume "${name}" already bound to a different claim.`)
  if (!annotated(claim, boundByController)) {
    yield* setClaimStatus(io, claim, 'Pending', undefined)
    return
  }
  const { namespace = '', name: other = '' } = volume.spec.claimRef
  fail(
    `invalid binding of claim "${keyOf(claim)}" to volume "${name}": volume already claimed by "${namespace}/${other}"`,
  )
}

/** updateClaimStatusWithEvent: Lost is told once. */
function* lose(io: Io, claim: PersistentVolumeClaim, reason: string, message: string): Steps {
  if (claim.status?.phase === 'Lost') return
  const lost = yield* setClaimStatus(io, claim, 'Lost', undefined)
  io.event(lost, 'Warning', reason, message)
}

/** syncBoundClaim */
function* syncBound(io: Io, claim: PersistentVolumeClaim): Steps {
  const name = claim.spec?.volumeName ?? ''
  if (name === '') {
    const message = 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!'
    return yield* lose(io, claim, 'ClaimLost', message)
  }
  const volume = volumeNamed(io, name)
  if (volume === undefined) {
    const message = 'Bound claim has lost its PersistentVolume. Data on the volume is lost!'
    return yield* lose(io, claim, 'ClaimLost', message)
  }
  const reference = volume.spec?.claimRef
  if (reference === undefined || reference.uid === claim.metadata.uid) return yield* bind(io, volume, claim)
  const message = 'Two claims are bound to the same volume, this one is bound incorrectly'
  yield* lose(io, claim, 'ClaimMisbound', message)
}

/** syncClaim */
export const syncClaim = (io: Io, claim: PersistentVolumeClaim): Steps =>
  annotated(claim, bindCompleted) ? syncBound(io, claim) : syncUnbound(io, claim)

import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { StatefulSet } from '../../../api/types/apps-v1.generated.ts'
import type { PersistentVolumeClaim, Pod } from '../../../api/types/core-v1.generated.ts'
import { keyOf } from '../../client/object-key.ts'
import type { Answer, Io } from '../../reconcile/controller.ts'
import { fail, must } from '../../reconcile/refused.ts'
import { decideClaimOwners, hasUnexpectedController, isStale, ownersUpToDate, policyOf } from './decide-claim-owners.ts'
import { claimsOf, identityMatches, ordinalOf, storageMatches, withIdentity, withStorage } from './identity.ts'

// pkg/controller/statefulset/stateful_pod_control.go. A refusal ends the reconcile.

type Step<R = void> = Generator<ApiRequest, R, unknown>

interface Deed {
  readonly verb: 'Create' | 'Update' | 'Delete'
  readonly pod: Pod
}

const claimKind = 'v1/PersistentVolumeClaim'

const tell = (io: Io, set: StatefulSet, { verb, pod }: Deed, error?: string): void => {
  const about = `${verb} Pod ${pod.metadata.name ?? ''} in StatefulSet ${set.metadata.name ?? ''}`
  if (error === undefined) io.event(set, 'Normal', `Successful${verb}`, `${about} successful`)
  else io.event(set, 'Warning', `Failed${verb}`, `${about} failed error: ${error}`)
}

const cachedClaim = (io: Io, claim: PersistentVolumeClaim): PersistentVolumeClaim | undefined =>
  io.read.get(claimKind, keyOf(claim)) as PersistentVolumeClaim | undefined

/** createPersistentVolumeClaims: what went wrong, if anything did. */
function* createClaims(io: Io, set: StatefulSet, pod: Pod): Step<string | undefined> {
  const errors: string[] = []
  for (const claim of claimsOf(set, ordinalOf(pod))) {
    const known = cachedClaim(io, claim)
    const name = claim.metadata.name ?? ''
    if (known !== undefined) {
      if (known.metadata.deletionTimestamp !== undefined) errors.push(`pvc ${name} is being deleted`)
      continue
    }
    const answer: Answer<unknown> = yield* io.write.create(claim)
    const owner = `Pod ${pod.metadata.name ?? ''} in StatefulSet ${set.metadata.name ?? ''}`
    if (answer.ok) io.event(set, 'Normal', 'SuccessfulCreate', `Create Claim ${name} ${owner} success`)
    else {
      errors.push(`failed to create PVC ${name}: ${answer.message}`)
      if (answer.reason !== 'AlreadyExists') {
        const message = `Create Claim ${name} for ${owner} failed error: ${answer.message}`
        io.event(set, 'Warning', 'FailedCreate', message)
      }
    }
  }
  return errors.length === 0 ? undefined : errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`
}

/** ClaimsMatchRetentionPolicy */
export const claimsMatchPolicy = (io: Io, set: StatefulSet, pod: Pod): boolean =>
  claimsOf(set, ordinalOf(pod)).every((claim) => {
    const known = cachedClaim(io, claim)
    return known === undefined || ownersUpToDate(known, set, pod)
  })

/** UpdatePodClaimForRetentionPolicy */
export function* updateClaimOwners(io: Io, set: StatefulSet, pod: Pod): Step<string | undefined> {
  for (const claim of claimsOf(set, ordinalOf(pod))) {
    const known = cachedClaim(io, claim)
    if (known === undefined) continue
    const name = known.metadata.name ?? ''
    if (hasUnexpectedController(known, set, pod)) {
      const message = `PersistentVolumeClaim ${name} has a conflicting OwnerReference that acts as a manging controller, the retention policy is ignored for this claim`
      io.event(set, 'Warning', 'ConflictingController', message)
    }
    if (ownersUpToDate(known, set, pod)) continue
    const { ownerReferences: _, ...metadata } = known.metadata
    const ownerReferences = decideClaimOwners(known, set, pod)
    const next = { ...known, metadata: { ...metadata, ...(ownerReferences.length === 0 ? {} : { ownerReferences }) } }
    const answer = yield* io.write.update(next)
    if (!answer.ok) return `could not update claim ${name} for delete policy ownerRefs: ${answer.message}`
  }
  return undefined
}

/** PodClaimIsStale: a claim still belongs to the pod that was here before. */
export const claimIsStale = (io: Io, set: StatefulSet, pod: Pod): boolean =>
  policyOf(set).scaled &&
  claimsOf(set, ordinalOf(pod)).some((claim) => {
    const known = cachedClaim(io, claim)
    return known !== undefined && isStale(known, pod)
  })

export function* createStatefulPod(io: Io, set: StatefulSet, pod: Pod): Step {
  const refusedClaims = yield* createClaims(io, set, pod)
  if (refusedClaims !== undefined) {
    tell(io, set, { verb: 'Create', pod }, refusedClaims)
    fail(refusedClaims)
  }
  const created = yield* io.write.create(pod)
  if (!created.ok && created.reason === 'AlreadyExists') must(created)
  const refusedOwners = yield* updateClaimOwners(io, set, pod)
  if (refusedOwners !== undefined) {
    tell(io, set, { verb: 'Update', pod }, refusedOwners)
    fail(refusedOwners)
  }
  tell(io, set, { verb: 'Create', pod }, created.ok ? undefined : created.message)
  must(created)
}

export function* createMissingClaims(io: Io, set: StatefulSet, pod: Pod): Step {
  const refusedClaims = yield* createClaims(io, set, pod)
  if (refusedClaims !== undefined) fail(refusedClaims)
  const refusedOwners = yield* updateClaimOwners(io, set, pod)
  if (refusedOwners !== undefined) {
    tell(io, set, { verb: 'Update', pod }, refusedOwners)
    fail(refusedOwners)
  }
}

/** UpdateStatefulPod. Differs: a conflict ends the reconcile, which then starts over. */
export function* updateStatefulPod(io: Io, set: StatefulSet, pod: Pod): Step {
  let next = pod
  let consistent = true
  if (!identityMatches(set, next)) {
    next = withIdentity(set, next)
    consistent = false
  }
  if (!storageMatches(set, next)) {
    next = withStorage(set, next)
    consistent = false
    const refusedClaims = yield* createClaims(io, set, next)
    if (refusedClaims !== undefined) {
      tell(io, set, { verb: 'Update', pod: next }, refusedClaims)
      fail(refusedClaims)
    }
  }
  if (!claimsMatchPolicy(io, set, next)) {
    const refusedOwners = yield* updateClaimOwners(io, set, next)
    if (refusedOwners !== undefined) {
      tell(io, set, { verb: 'Update', pod: next }, refusedOwners)
      fail(refusedOwners)
    }
    consistent = false
  }
  if (consistent) return
  const answer = yield* io.write.update(next)
  tell(io, set, { verb: 'Update', pod: next }, answer.ok ? undefined : answer.message)
  must(answer)
}

export function* deleteStatefulPod(io: Io, set: StatefulSet, pod: Pod): Step {
  const answer = yield* io.write.delete(pod)
  const error = answer.ok || answer.code === 404 ? undefined : answer.message
  tell(io, set, { verb: 'Delete', pod }, error)
  if (error !== undefined) must(answer)
}

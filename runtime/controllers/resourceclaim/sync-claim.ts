import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import type { ResourceClaim, ResourceClaimConsumerReference } from '../../../api/types/resource-v1.generated.ts'
import { done, type Io, type Result } from '../../reconcile/controller.ts'
import { isPodDone } from './pod-claims.ts'
import { claimKind } from './sync-pod.ts'

const finalizer = 'resource.kubernetes.io/delete-protection'

type Steps<A> = Generator<ApiRequest, A, unknown>

/** UIDs of pods with claims that were seen to go. */
export type GonePods = Set<string>

/** Whether a consumer may still use the claim. One that the cache does not know is looked up: it may be too new. */
function* stillUses(
  namespace: string,
  consumer: ResourceClaimConsumerReference,
  io: Io,
): Steps<{ readonly keep: boolean } | { readonly failed: string }> {
  const isPod = (consumer.apiGroup ?? '') === '' && consumer.resource === 'pods'
  if (!isPod) return { keep: true }
  if ((io.memory as GonePods).has(consumer.uid)) return { keep: false }
  const pod = io.read.get('v1/Pod', `${namespace}/${consumer.name}`) as Pod | undefined
  if (pod !== undefined) return { keep: pod.metadata.uid === consumer.uid && !isPodDone(pod) }
  const live = yield* io.live.get('v1/Pod', `${namespace}/${consumer.name}`)
  if (!live.ok && live.code !== 404) return { failed: live.message }
  return { keep: live.ok && live.object.metadata.uid === consumer.uid }
}

const withoutFinalizer = (claim: ResourceClaim): ResourceClaim => ({
  ...claim,
  metadata: { ...claim.metadata, finalizers: (claim.metadata.finalizers ?? []).filter((one) => one !== finalizer) },
})
const withoutAllocation = ({ allocation: _, ...status }: ResourceClaim['status']): ResourceClaim['status'] => status

/** Writes the reservations that are left; with the last one the devices are free, and the claim may go. */
function* release(
  claim: ResourceClaim,
  remaining: readonly ResourceClaimConsumerReference[],
  io: Io,
): Steps<string | undefined> {
  const held = claim.metadata.finalizers?.includes(finalizer) === true
  const left = { ...claim.status, reservedFor: remaining }
  const status = remaining.length === 0 && held ? withoutAllocation(left) : left
  const written = yield* io.write.updateStatus({ ...claim, status } as ResourceClaim)
  if (!written.ok) return written.message
  const now = written.object as ResourceClaim
  if (now.metadata.finalizers?.includes(finalizer) !== true || now.status?.allocation !== undefined) return undefined
  const freed = yield* io.write.update(withoutFinalizer(now))
  return freed.ok ? undefined : freed.message
}

/** A claim that is to go and that nobody uses. */
function* letGo(claim: ResourceClaim, io: Io): Steps<string | undefined> {
  let now = claim
  if (claim.status?.allocation !== undefined) {
    const written = yield* io.write.updateStatus({ ...claim, status: withoutAllocation(claim.status) } as ResourceClaim)
    if (!written.ok) return written.message
    now = written.object as ResourceClaim
  }
  const freed = yield* io.write.update(withoutFinalizer(now))
  return freed.ok ? undefined : freed.message
}

/** syncClaim (pkg/controller/resourceclaim): takes reservations of pods away that are over, and what was made for them. */
export function* syncClaim(key: string, io: Io): Steps<Result> {
  const claim = io.read.get(claimKind, key) as ResourceClaim | undefined
  if (claim === undefined) return done
  const namespace = claim.metadata.namespace ?? ''
  const reserved = claim.status?.reservedFor ?? []
  const remaining: ResourceClaimConsumerReference[] = []
  for (const consumer of reserved) {
    const use = yield* stillUses(namespace, consumer, io)
    if ('failed' in use) return { retry: use.failed }
    if (use.keep) remaining.push(consumer)
  }
  const held = claim.metadata.finalizers?.includes(finalizer) === true
  let failed: string | undefined
  if (remaining.length < reserved.length) failed = yield* release(claim, remaining, io)
  else if (held && claim.metadata.deletionTimestamp !== undefined && remaining.length === 0)
    failed = yield* letGo(claim, io)
  if (failed !== undefined) return { retry: failed }
  if (remaining.length > 0) return done
  const owner = claim.metadata.ownerReferences?.find(
    (one) => one.controller === true && one.apiVersion === 'v1' && one.kind === 'Pod',
  )
  const pod = owner === undefined ? undefined : (io.read.get('v1/Pod', `${namespace}/${owner.name}`) as Pod | undefined)
  // A pod that is not known may be too new; of one that is gone the garbage collector thinks.
  if (pod === undefined || (pod.metadata.uid === owner!.uid && !isPodDone(pod))) return done
  const answer = yield* io.write.delete(claim)
  return answer.ok || answer.code === 404 ? done : { retry: `delete unused generated claim ${key}: ${answer.message}` }
}

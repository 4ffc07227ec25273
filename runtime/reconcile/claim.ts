import type { KubeObject } from '../../api/object.ts'
import type { ApiRequest } from '../../api/protocol/request.ts'
import { keyOf } from '../client/object-key.ts'
import type { Io } from './controller.ts'
import { controllerOf, newControllerReference } from './controller-reference.ts'

export interface Claim<T extends KubeObject> {
  readonly owner: KubeObject
  /** Owned objects and orphans, in any order. */
  readonly candidates: readonly T[]
  readonly matches: (object: T) => boolean
  /** Finalizers that go onto an adopted object and off a released one. */
  readonly finalizers?: readonly string[]
}

export interface Claimed<T extends KubeObject> {
  readonly claimed: readonly T[]
  readonly error: string | undefined
}

/**
 * pkg/controller/controller_ref_manager.go: keeps what the owner controls and its selector matches, adopts matching orphans (after a
 * live look whether the owner is being deleted), releases what no longer matches.
 */
export function* claimObjects<T extends KubeObject>(
  io: Io,
  claim: Claim<T>,
): Generator<ApiRequest, Claimed<T>, unknown> {
  const { owner, candidates, matches, finalizers } = claim
  const uid = owner.metadata.uid ?? ''
  const going = owner.metadata.deletionTimestamp !== undefined
  const claimed: T[] = []
  const errors: string[] = []
  let mayAdopt: { readonly error: string | undefined } | undefined

  function* canAdopt(): Generator<ApiRequest, string | undefined, unknown> {
    if (mayAdopt !== undefined) return mayAdopt.error
    const answer = yield* io.live.get(`${owner.apiVersion}/${owner.kind}`, keyOf(owner))
    let error: string | undefined
    if (!answer.ok) error = `can't recheck DeletionTimestamp: ${answer.message}`
    else if (answer.object.metadata.uid !== uid) {
      error = `can't recheck DeletionTimestamp: original ${owner.kind} ${keyOf(owner)} is gone: got uid ${answer.object.metadata.uid ?? ''}, wanted ${uid}`
    } else if (answer.object.metadata.deletionTimestamp !== undefined) {
      error = `${keyOf(owner)} has just been deleted at ${answer.object.metadata.deletionTimestamp}`
    }
    mayAdopt = { error }
    return error
  }

  for (const object of candidates) {
    const reference = controllerOf(object)
    if (reference !== undefined) {
      if (reference.uid !== uid) continue
      if (matches(object)) claimed.push(object)
      else if (!going) {
        const off = finalizers === undefined ? {} : { '$deleteFromPrimitiveList/finalizers': finalizers }
        const released = yield* io.write.patch(object, {
          metadata: { uid: object.metadata.uid, ownerReferences: [{ $patch: 'delete', uid }], ...off },
        })
        if (!released.ok && released.code !== 404 && released.code !== 422) errors.push(released.message)
      }
      continue
    }
    if (going || !matches(object) || object.metadata.deletionTimestamp !== undefined) continue
    const refusal = yield* canAdopt()
    if (refusal !== undefined) {
      errors.push(`can't adopt ${object.kind} ${keyOf(object)} (${object.metadata.uid ?? ''}): ${refusal}`)
      continue
    }
    const adopted = yield* io.write.patch(object, {
      metadata: {
        uid: object.metadata.uid,
        ownerReferences: [newControllerReference(owner)],
        ...(finalizers === undefined ? {} : { finalizers }),
      },
    })
    if (adopted.ok) claimed.push(object)
    else if (adopted.code !== 404) errors.push(adopted.message)
  }
  return {
    claimed,
    error: errors.length === 0 ? undefined : errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`,
  }
}

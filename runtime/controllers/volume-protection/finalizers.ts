import type { KubeObject } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import { done, type Io, type Result } from '../../reconcile/controller.ts'

// pkg/controller/volume/protectionutil

/** IsDeletionCandidate: being deleted, and held by the finalizer. */
export const isHeld = (object: KubeObject, finalizer: string): boolean =>
  object.metadata.deletionTimestamp !== undefined && object.metadata.finalizers?.includes(finalizer) === true

/** NeedToAddFinalizer */
export const needsFinalizer = (object: KubeObject, finalizer: string): boolean =>
  object.metadata.deletionTimestamp === undefined && object.metadata.finalizers?.includes(finalizer) !== true

/** Writes the object with other finalizers; what fails is tried again. */
export function* writeFinalizers(
  io: Io,
  object: KubeObject,
  finalizers: readonly string[],
): Generator<ApiRequest, Result, unknown> {
  const { finalizers: _, ...metadata } = object.metadata
  const next = { ...metadata, ...(finalizers.length === 0 ? {} : { finalizers }) }
  const answer = yield* io.write.update({ ...object, metadata: next })
  return answer.ok ? done : { retry: answer.message }
}

export const without = (object: KubeObject, finalizer: string): readonly string[] =>
  (object.metadata.finalizers ?? []).filter((one) => one !== finalizer)

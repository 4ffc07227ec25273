import { safeEncode } from '../names/safe-encode.ts'
import type { PodTemplateSpec } from '../types/core-v1.generated.ts'
import { goJson } from '../json/go-json.ts'
import { fnv32 } from './fnv.ts'
import { podTemplateHash } from './pod-template-hash.ts'

const patches = new WeakMap<PodTemplateSpec, string>()

/**
 * getPatch of the StatefulSet and the DaemonSet controller: the data of a ControllerRevision, a strategic merge patch that
 * replaces the template. Remembered by identity of a frozen template.
 */
export const revisionPatch = (template: PodTemplateSpec): string => {
  const known = patches.get(template)
  if (known !== undefined) return known
  const patch = goJson({ spec: { template: { ...template, $patch: 'replace' } } })
  if (Object.isFrozen(template)) patches.set(template, patch)
  return patch
}

/** history.HashControllerRevision of a revision with this data. */
export const controllerRevisionHash = (data: string, collisionCount?: number | null): string => {
  const sum = fnv32(data)
  const whole = collisionCount === undefined || collisionCount === null ? sum : fnv32(String(collisionCount), sum)
  return safeEncode(String(whole))
}

/** history.ControllerRevisionName. */
export const controllerRevisionName = (owner: string, hash: string): string => `${owner.slice(0, 223)}-${hash}`

export interface RevisionIdentity {
  readonly name: string
  readonly hash: string
  readonly data: string
}

/** newRevision of the StatefulSet controller. */
export const statefulSetRevision = (
  owner: string,
  template: PodTemplateSpec,
  collisionCount?: number | null,
): RevisionIdentity => {
  const data = revisionPatch(template)
  const hash = controllerRevisionHash(data, collisionCount)
  return { name: controllerRevisionName(owner, hash), hash, data }
}

/** The DaemonSet controller names its revisions by the hash of the template. */
export const daemonSetRevision = (
  owner: string,
  template: PodTemplateSpec,
  collisionCount?: number | null,
): RevisionIdentity => {
  const hash = podTemplateHash(template, collisionCount)
  return { name: `${owner}-${hash}`, hash, data: revisionPatch(template) }
}

import { applyDefaults } from '../../api/defaults/apply-defaults.ts'
import { canonicalObject, decode } from '../../api/decode/decode.ts'
import type { KubeObject } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { FieldCause } from './status.ts'

// The one seam to the pure machinery of api/: what an object of a kind looks like, and what is wrong with it.

export { applyDefaults, canonicalObject, decode }

export const prepareForCreate = (resource: Resource, object: KubeObject): KubeObject =>
  resource.generation ? { ...object, metadata: { ...object.metadata, generation: 1 } } : object

export const prepareForUpdate = (
  resource: Resource,
  object: KubeObject,
  old: KubeObject,
  subresource: string,
): KubeObject => {
  const spec = (value: KubeObject): unknown => (value as { readonly spec?: unknown }).spec
  const status = (value: KubeObject): unknown => (value as { readonly status?: unknown }).status
  if (subresource === 'status') return { ...old, status: status(object) } as KubeObject
  if (!resource.subresources.includes('status')) return object
  const kept = { ...object, ...(status(old) === undefined ? {} : { status: status(old) }) } as KubeObject
  const generation = old.metadata.generation
  if (generation === undefined || JSON.stringify(spec(kept)) === JSON.stringify(spec(old))) return kept
  return { ...kept, metadata: { ...kept.metadata, generation: generation + 1 } }
}

export const validateCreate = (_resource: Resource, _object: KubeObject): readonly FieldCause[] => []

export const validateUpdate = (
  _resource: Resource,
  _object: KubeObject,
  _old: KubeObject,
  _subresource: string,
): readonly FieldCause[] => []

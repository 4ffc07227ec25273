import type { KubeObject } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import { failure, type Refusal } from './status.ts'

const merge = (target: unknown, patch: unknown): unknown => {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const base = (typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {}) as Record<string, unknown>
  const out: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(out, key)
    else out[key] = merge(base[key], value)
  }
  return out
}

/** The seam to api/patch. */
export const patchObject = (
  type: 'json' | 'merge' | 'strategic',
  _resource: Resource,
  current: KubeObject,
  patch: unknown,
): unknown => {
  if (type === 'json') return failure(415, 'JSON patches are not served', { reason: 'UnsupportedMediaType' }) satisfies Refusal
  return merge(current, patch)
}

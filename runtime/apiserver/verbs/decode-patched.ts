import type { KubeObject } from '../../../api/object.ts'
import { applyDefaults, decode } from '../machinery.ts'
import { failure, isRefusal, type Refusal } from '../status.ts'
import type { Call } from './call.ts'
import { decodeOptions } from './create.ts'
import { matchPath } from './update.ts'

/** A patched object, decoded and defaulted as a body would be. */
export const decodePatched = (call: Call, patched: unknown): KubeObject | Refusal => {
  const { resource } = call
  const decoded = decode(resource, patched, decodeOptions(call))
  if (!decoded.ok) return failure(decoded.code, decoded.message, { reason: decoded.reason })
  for (const warning of decoded.warnings) call.warn(warning)
  const body = matchPath(call, decoded.object)
  return isRefusal(body) ? body : applyDefaults(resource, body)
}

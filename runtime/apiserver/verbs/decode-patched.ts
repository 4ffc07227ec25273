import { builtinScheme } from '../../../api/scheme/builtin-scheme.ts'
import type { Resource } from '../../../api/protocol/resource.ts'
import type { KubeObject } from '../../../api/object.ts'
import { applyDefaults, decode } from '../machinery.ts'
import { patchedText, type PatchedText } from '../patched-text.ts'
import { failure, isRefusal, type Refusal } from '../status.ts'
import type { Call } from './call.ts'
import { decodeOptions } from './create.ts'
import { matchPath } from './update.ts'

type Given = Omit<PatchedText, 'patched'>

/** What the decoder says of the patched object: of another kind than it was, as that kind. */
const complaintOf = (resource: Resource, patched: unknown, detail: string): string => {
  const { kind, apiVersion } = (patched ?? {}) as { readonly kind?: unknown; readonly apiVersion?: unknown }
  if (kind === resource.kind && apiVersion === resource.apiVersion) return detail
  const other = builtinScheme().byKind(`${String(apiVersion)}/${String(kind)}`)
  if (other === undefined || other.id === resource.id) return detail
  const decoded = decode(other, patched)
  return decoded.ok ? detail : (decoded.detail ?? detail)
}

/** The type errors of a strategic merge patch are those of the converter from maps (runtime.DefaultUnstructuredConverter). */
const converterText = (detail: string): string => {
  const found = /cannot unmarshal (\w+) into .* of type (\S+)$/.exec(detail)
  if (found === null) return detail
  const [, from = '', to = ''] = found
  if (to.startsWith('map[')) return `cannot restore map from ${from === 'number' ? 'int64' : from}`
  if (to.startsWith('[]')) return `cannot restore slice from ${from === 'number' ? 'int64' : from}`
  if (/^[A-Z]|\./.test(to)) return `cannot restore struct from: ${from === 'number' ? 'int64' : from}`
  return detail
}

const invalidPatch = (call: Call, detail: string, given: Given, patched: unknown): Refusal => {
  const { resource, context } = call
  const text = patchedText(resource, context.ledger.managersOf, { ...given, patched })
  const why = given.type === 'strategic' ? converterText(detail) : complaintOf(resource, patched, detail)
  const message = `Invalid value: ${JSON.stringify(text)}: ${why}`
  return failure(422, ` "" is invalid: patch: ${message}`, {
    reason: 'Invalid',
    details: { causes: [{ reason: 'FieldValueInvalid', message, field: 'patch' }] },
  })
}

/** A patched object, decoded and defaulted as a body would be. `given` is what it came from, unless it was applied. */
export const decodePatched = (call: Call, patched: unknown, given?: Given): KubeObject | Refusal => {
  const { resource } = call
  const decoded = decode(resource, patched, decodeOptions(call))
  if (!decoded.ok) {
    if (given !== undefined && decoded.detail !== undefined) return invalidPatch(call, decoded.detail, given, patched)
    return failure(decoded.code, decoded.message, { reason: decoded.reason })
  }
  for (const warning of decoded.warnings) call.warn(warning)
  const body = matchPath(call, decoded.object)
  return isRefusal(body) ? body : applyDefaults(resource, body)
}

import { applyJsonPatch } from '../../api/patch/json-patch.ts'
import { applyMergePatch } from '../../api/patch/merge-patch.ts'
import type { PatchResult } from '../../api/patch/patch-result.ts'
import { applyStrategicMergePatch } from '../../api/patch/strategic-merge-patch.ts'
import type { KubeObject } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import { badRequest, failure, plainError, type Refusal } from './status.ts'

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const refusalOf = (problem: { readonly error: string; readonly code: number }): Refusal => {
  switch (problem.code) {
    case 400:
      return badRequest(problem.error)
    case 413:
      return failure(413, problem.error, { reason: 'RequestEntityTooLarge' })
    case 422:
      // jsonPatcher.applyJSPatch: the library's words stay in the server's log.
      return failure(422, 'the server rejected our request due to an error in our request', {
        reason: 'Invalid',
        details: {},
      })
    default:
      return plainError(problem.error)
  }
}

/** A patch applied to the object as it is served (handlers/patch.go). Returns the same object when nothing changes. */
export const patchObject = (
  type: 'json' | 'merge' | 'strategic',
  resource: Resource,
  current: KubeObject,
  patch: unknown,
): unknown => {
  let result: PatchResult<unknown>
  if (type === 'json') result = applyJsonPatch(current, patch)
  else if (!isObject(patch))
    return badRequest(`${type === 'merge' ? 'error decoding patch: ' : ''}${notAnObject(patch)}`)
  else if (type === 'merge') result = { document: applyMergePatch(current, patch) }
  else result = applyStrategicMergePatch(resource.type ?? '', current, patch)
  return 'error' in result ? refusalOf(result) : result.document
}

const notAnObject = (patch: unknown): string => {
  const what = Array.isArray(patch)
    ? 'array'
    : patch === null
      ? 'null'
      : typeof patch === 'boolean'
        ? 'bool'
        : typeof patch
  return `json: cannot unmarshal ${what} into Go value of type map[string]interface {}`
}

import type { ApiResponse } from '../../../api/protocol/response.ts'
import type { ManagedFieldsEntry } from '../../../api/types/meta-v1.generated.ts'
import { objectKey } from '../../etcd/start-state.ts'
import { convert } from '../convert.ts'
import { patchObject } from '../patch-object.ts'
import type { Step } from '../server-context.ts'
import { badRequest, failure, isRefusal, type Refusal } from '../status.ts'
import type { Call } from './call.ts'
import { guaranteedUpdate, type Change } from './update.ts'
import { applyVerb } from './apply.ts'
import { decodePatched } from './decode-patched.ts'

/** An object is patched without its managedFields: what stands there is the patch's. Of the decoded object an empty list is gone. */
const givenManagers = (patched: unknown): readonly ManagedFieldsEntry[] | undefined => {
  const given = (patched as { readonly metadata?: { readonly managedFields?: unknown } }).metadata?.managedFields
  return Array.isArray(given) && given.length === 0 ? [] : undefined
}

export function* patch(call: Call): Step<ApiResponse | Refusal> {
  const { resource, stored, request } = call
  const type = request.patchType
  if (type === undefined) return badRequest('a patch needs a patch type')
  if (type === 'apply') return yield* applyVerb(call)
  if (type === 'strategic' && resource.type === undefined) {
    return failure(
      415,
      'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
      { reason: 'UnsupportedMediaType' },
    )
  }
  const result = yield* guaranteedUpdate(call, {
    key: objectKey(stored, call.namespace, request.name!),
    name: request.name!,
    unconditional: true,
    change(current): Change | Refusal {
      const patched = patchObject(type, resource, convert(stored, resource, current), request.body)
      if (isRefusal(patched)) return patched
      if (patched === current) return { object: current }
      const object = decodePatched(call, patched, {
        type,
        patch: request.body,
        current: convert(stored, resource, current),
      })
      if (isRefusal(object)) return object
      const given = givenManagers(patched)
      return { object: convert(resource, stored, object), ...(given === undefined ? {} : { given }) }
    },
  })
  if (isRefusal(result)) return result
  return { code: 200, body: convert(stored, resource, result.object) }
}

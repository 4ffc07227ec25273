import type { ApiResponse } from '../../../api/protocol/response.ts'
import { objectKey } from '../../etcd/start-state.ts'
import { convert } from '../convert.ts'
import { patchObject } from '../patch-object.ts'
import type { Step } from '../server-context.ts'
import { badRequest, failure, isRefusal, type Refusal } from '../status.ts'
import type { Call } from './call.ts'
import { guaranteedUpdate, type Change } from './update.ts'
import { applyVerb } from './apply.ts'
import { decodePatched } from './decode-patched.ts'

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
      return isRefusal(object) ? object : { object: convert(resource, stored, object) }
    },
  })
  if (isRefusal(result)) return result
  return { code: 200, body: convert(stored, resource, result.object) }
}

import { applyPatch } from '../../../api/managed-fields/field-manager.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { ApiResponse } from '../../../api/protocol/response.ts'
import type { ManagedFieldsEntry } from '../../../api/types/meta-v1.generated.ts'
import { objectKey } from '../../etcd/start-state.ts'
import { convert } from '../convert.ts'
import { fieldTypesOf, resetFilter } from '../derive-managers.ts'
import type { Step } from '../server-context.ts'
import { forbiddenText } from '../authorize/authorizer.ts'
import { questionOf } from '../authorize/question.ts'
import { badRequest, failure, forbidden, invalid, isRefusal, notFound, plainError, type Refusal } from '../status.ts'
import type { Call } from './call.ts'
import { createObject } from './create.ts'
import { decodePatched } from './decode-patched.ts'
import { guaranteedUpdate, matchPath, type Change } from './update.ts'

interface Applied {
  readonly object: KubeObject
  readonly managers: readonly ManagedFieldsEntry[]
}

/** The body as it was sent must be of the resource's kind and for the object in the URL (applyPatcher.applyPatchToCurrentObject). */
const checkConfig = (call: Call, body: unknown): KubeObject | Refusal => {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return badRequest('error decoding YAML: a mapping is expected')
  const config = body as KubeObject
  // unstructured.GetKind and GetAPIVersion: what is no text counts as not there.
  const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
  const [kind, apiVersion] = [textOf(config.kind), textOf(config.apiVersion)]
  if (kind !== call.resource.kind || apiVersion !== call.resource.apiVersion) {
    const slash = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`
    return badRequest(`invalid object type: ${slash}, Kind=${kind}`)
  }
  return config
}

/** FieldManager.Apply on what stands there, then decoding and defaulting as for any patch. */
const applied = (call: Call, live: KubeObject | undefined, config: KubeObject): Applied | Refusal => {
  const { context, resource, stored } = call
  const result = applyPatch(
    {
      types: fieldTypesOf(resource),
      live: live === undefined ? undefined : convert(stored, resource, live),
      entries: live === undefined ? undefined : context.ledger.managersOf(live),
      manager: call.options.fieldManager ?? '',
      subresource: call.subresource,
      time: context.clock.timestamp(),
      reset: resetFilter(resource, call.subresource),
    },
    config,
    call.options.force === true,
  )
  if ('conflicts' in result) {
    const { message, causes } = result.conflicts
    return failure(409, message, { reason: 'Conflict', details: { causes } })
  }
  if ('error' in result) return result.code === 400 ? badRequest(result.error) : plainError(result.error)
  const object = decodePatched(call, result.object)
  if (isRefusal(object)) return object
  return { object: convert(resource, stored, object), managers: result.entries ?? [] }
}

/** Who may patch may not therefore create (withAuthorization in handlers/patch.go and create on update). */
export const mayCreate = (call: Call): Refusal | undefined => {
  const question = { ...questionOf(call.request, call.user), verb: 'create' }
  const decision = call.authorize(question)
  if (decision.decision === 'allow') return undefined
  return forbidden(call.resource, question.name, forbiddenText(question, decision.reason))
}

/** Server-side apply (handlers/patch.go, applyPatcher). */
export function* applyVerb(call: Call): Step<ApiResponse | Refusal> {
  const { context, resource, stored, request, options } = call
  if ((options.fieldManager ?? '') === '') {
    return invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
      { reason: 'FieldValueRequired', message: 'Required value: is required for apply patch', field: 'fieldManager' },
    ])
  }
  const config = checkConfig(call, request.body)
  if (isRefusal(config)) return config
  const key = objectKey(stored, call.namespace, request.name!)
  if (context.etcd.get(stored, key) === undefined) {
    if (call.subresource !== '') return notFound(resource, request.name!)
    const refused = mayCreate(call)
    if (refused !== undefined) return refused
    const fresh = applied(call, undefined, config)
    if (isRefusal(fresh)) return fresh
    const matched = matchPath(call, fresh.object)
    if (isRefusal(matched)) return matched
    const created = yield* createObject(call, convert(stored, resource, matched), fresh.managers)
    if (isRefusal(created)) return created
    return { code: 201, body: convert(stored, resource, created) }
  }
  const result = yield* guaranteedUpdate(call, {
    key,
    name: request.name!,
    unconditional: true,
    change(current): Change | Refusal {
      const next = applied(call, current, config)
      return isRefusal(next) ? next : { object: next.object, managers: next.managers, operation: 'Apply' }
    },
  })
  if (isRefusal(result)) return result
  return { code: 200, body: convert(stored, resource, result.object) }
}

import { objectSubject, resourceName } from '../../api/object-key.ts'
import type { ApiRequest } from '../../api/protocol/request.ts'
import type { ApiResponse } from '../../api/protocol/response.ts'
import type { RequestNote } from '../record/request-note.ts'

const agentOf = (userAgent: string): string => {
  const slash = userAgent.indexOf('/')
  return slash === -1 ? userAgent : userAgent.slice(0, slash)
}

/** The object a request is about: its name in the request or, of a create, in the answer. */
export const requestSubject = (request: ApiRequest, response: ApiResponse): string => {
  const name = request.name ?? (response.body as { readonly metadata?: { readonly name?: string } }).metadata?.name
  if (name !== undefined && name !== '') return objectSubject(request.resource, request.namespace, name)
  const resource = resourceName(request.resource)
  return request.namespace === undefined ? resource : `${resource}/${request.namespace}`
}

export const requestNote = (
  request: ApiRequest,
  response: ApiResponse,
  ...[user, reached, sentAt]: readonly [string, RequestNote['reached'], number]
): RequestNote => {
  const failed = response.code >= 400
  const status = failed ? (response.body as { readonly reason?: string; readonly message?: string }) : undefined
  return Object.freeze({
    verb: request.verb,
    resource: resourceName(request.resource),
    subresource: request.subresource,
    user,
    agent: agentOf(request.userAgent),
    code: response.code,
    reason: status?.reason,
    message: status?.message,
    reached,
    sentAt,
  })
}

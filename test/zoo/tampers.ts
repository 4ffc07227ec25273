import type { KubeObject } from '../../api/object.ts'
import type { ApiRequest, Verb } from '../../api/protocol/request.ts'
import type { ApiResponse } from '../../api/protocol/response.ts'
import type { Tamper } from './planted-bug.ts'

/** Which requests of a component a mistake is in. */
export interface Where {
  readonly verb?: Verb
  readonly resource: string
  readonly subresource?: string | undefined
}

const matches = (where: Where, request: ApiRequest): boolean =>
  request.resource.plural === where.resource &&
  (where.verb === undefined || request.verb === where.verb) &&
  (!('subresource' in where) || request.subresource === where.subresource)

type Draft = { [field: string]: unknown }

/** The object at a path of fields, made new on the way; undefined where there is none. */
const changedAt = (value: unknown, path: readonly string[], change: (old: unknown) => unknown): unknown => {
  const [field, ...rest] = path
  if (field === undefined) return change(value)
  if (typeof value !== 'object' || value === null) return value
  const made = { ...(value as Draft) }
  const next = changedAt(made[field], rest, change)
  if (next === undefined) delete made[field]
  else made[field] = next
  return made
}

const ok = (request: ApiRequest): ApiResponse => ({ code: 200, body: request.body as KubeObject })

/** The component writes something else than it should into a field. */
export const writesWrong = (who: string, where: Where, path: string, change: (old: unknown) => unknown): Tamper => ({
  who,
  request: (request) =>
    matches(where, request) ? { ...request, body: changedAt(request.body, path.split('.'), change) } : request,
})

/** The component believes it has written, and has not. */
export const neverWrites = (who: string, where: Where, from = 1): Tamper => {
  return {
    who,
    request: (request, count) => (matches(where, request) && count >= from ? { answer: ok(request) } : request),
  }
}

/** The component sends its request twice, as after an answer that it did not wait for. */
export const writesTwice = (who: string, where: Where): Tamper => ({
  who,
  request: (request) => (matches(where, request) ? [request, request] : request),
})

/** Whatever the server says, the component takes it for success. */
export const ignoresRefusals = (who: string, where: Where): Tamper => ({
  who,
  answer: (response, request) =>
    matches(where, request) && response.code >= 400 ? { code: 200, body: request.body as KubeObject } : response,
})

/** Events of a type never reach the caches. */
export const deafTo = (
  resource: string,
  type: 'ADDED' | 'MODIFIED' | 'DELETED',
  when: (object: KubeObject) => boolean = () => true,
  who?: string,
): Tamper => ({
  ...(who === undefined ? {} : { who }),
  event: (event, request) =>
    request.resource.plural === resource && event.type === type && when(event.object) ? undefined : event,
})

/** The component hears of an object as it should not be. */
export const hearsWrong = (
  resource: string,
  path: string,
  change: (old: unknown) => unknown,
  who?: string,
): Tamper => ({
  ...(who === undefined ? {} : { who }),
  event: (event, request) =>
    request.resource.plural === resource && (event.type === 'ADDED' || event.type === 'MODIFIED')
      ? { ...event, object: changedAt(event.object, path.split('.'), change) as KubeObject }
      : event,
})

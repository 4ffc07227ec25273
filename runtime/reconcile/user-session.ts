import type { Kind } from '../../api/kind.ts'
import type { ApiRequest } from '../../api/protocol/request.ts'
import type { KubeObject } from '../../api/object.ts'
import type { Micros } from '../kernel/micros.ts'
import type { LastWrite } from '../record/complaint.ts'
import { callsOf } from './parallel-request.ts'
import { forkOf } from './forked-request.ts'
import type { Answer, Call } from './controller.ts'
import { userError } from './user-program.ts'

/** One reconcile of the user's, as it is followed. */
export interface UserSession {
  /** A call that the author may perform. `make` is undefined where no server could take it. */
  call(
    verb: string,
    kind: Kind,
    make: (() => Call<unknown>) | undefined,
    otherwise: () => Answer<unknown>,
  ): Call<unknown>
  /** Of what the author yielded: a request, or why it is none. */
  request(yielded: unknown): ApiRequest
  /** Calls that were made and never performed. */
  unsent(): readonly string[]
  /** Refused writes whose answers nobody looked at. */
  unseen(): readonly { readonly what: string; readonly code: number; readonly reason: string }[]
  /** A request had no answer, or one that says that the time was wrong: what follows is not the author's fault. */
  readonly excused: boolean
  readonly requests: number
}

const writes: ReadonlySet<string> = new Set([
  'create',
  'update',
  'updateStatus',
  'patch',
  'patchStatus',
  'delete',
  'evict',
])

const isRequest = (value: unknown): value is ApiRequest =>
  typeof value === 'object' && value !== null && typeof (value as { verb?: unknown }).verb === 'string'

const placeOf = (request: ApiRequest): string =>
  [request.namespace, request.name ?? (request.body as Partial<KubeObject> | undefined)?.metadata?.name]
    .filter((one) => one !== undefined && one !== '')
    .join('/')

const nothingToSay = { kind: 'misuse', place: undefined } as const

/** Longest run of requests in one reconcile: more is a loop. */
const mostRequests = 2_000

export interface UserSessionOptions {
  readonly now: () => Micros
  /** Told of each write and what came of it. */
  readonly wrote: (write: LastWrite) => void
  /** Told of each object that a write went through to. */
  readonly touched: (what: string, object: KubeObject) => void
}

export const createUserSession = ({ now, wrote, touched }: UserSessionOptions): UserSession => {
  const unsent = new Map<object, string>()
  const unseen = new Map<object, { readonly what: string; readonly code: number; readonly reason: string }>()
  let excused = false
  let requests = 0

  function* performed(token: object, verb: string, made: Call<unknown>): Call<unknown> {
    unsent.delete(token)
    let what = verb
    // Between the author and the call, so that it knows what was asked and what was answered.
    let step = made.next()
    while (step.done !== true) {
      const request = step.value
      what = `${verb} ${request.resource.plural}${request.resource.group === '' ? '' : `.${request.resource.group}`} ${placeOf(request)}`
      requests += 1
      if (requests > mostRequests)
        throw userError(`it made ${mostRequests} requests and has not returned`, nothingToSay)
      step = made.next(yield request)
    }
    const answer = step.value
    if (!answer.ok && (answer.code === 0 || answer.code === 409 || answer.code === 429 || answer.code >= 500))
      excused = true
    if (!writes.has(verb)) return answer
    wrote({ at: now(), what: what.trim(), answer: answer.ok ? 'ok' : `${answer.code} ${answer.reason}` })
    if (answer.ok) {
      touched(what.trim(), answer.object as KubeObject)
      return answer
    }
    const { code, reason, message } = answer
    const refusal = {
      get ok(): false {
        unseen.delete(refusal)
        return false
      },
      code,
      reason,
      message,
    }
    unseen.set(refusal, { what: what.trim(), code, reason })
    return Object.freeze(refusal)
  }

  function* answered(token: object, answer: Answer<unknown>): Call<unknown> {
    unsent.delete(token)
    return answer
  }

  return {
    call(verb, kind, make, otherwise) {
      const token = {}
      unsent.set(token, `${verb} ${kind}`)
      return make === undefined ? answered(token, otherwise()) : performed(token, verb, make())
    },
    request(yielded) {
      if (isRequest(yielded)) return yielded
      const parallel = yielded as ApiRequest
      if (typeof yielded === 'object' && yielded !== null && (callsOf(parallel) ?? forkOf(parallel)) !== undefined)
        return parallel
      const generator = typeof (yielded as { next?: unknown } | null | undefined)?.next === 'function'
      throw userError(
        generator
          ? 'it yields a call: write `yield*` instead of `yield`'
          : 'it yields what is no request of `live` or `write`',
        nothingToSay,
      )
    },
    unsent: () => [...unsent.values()],
    unseen: () => [...unseen.values()],
    get excused() {
      return excused
    },
    get requests() {
      return requests
    },
  }
}

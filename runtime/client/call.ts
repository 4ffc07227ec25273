import type { ApiRequest } from '../../api/protocol/request.ts'
import type { ApiResponse } from '../../api/protocol/response.ts'
import type { Status } from '../../api/types/meta-v1.generated.ts'

/** One request: `const answer = yield* write.update(object)`. */
export type Call<A> = Generator<ApiRequest, Answer<A>, unknown>

/** A refusal is an answer. Without one (partition, dead server) it is `reason: 'Timeout'`, `code: 0`, outcome unknown. */
export type Answer<A> = Success<A> | Refusal

export interface Success<A> {
  readonly ok: true
  readonly object: A
}

export interface Refusal {
  readonly ok: false
  readonly code: number
  readonly reason: string
  readonly message: string
  /** Reasons of the status's causes, such as `NamespaceTerminating`. */
  readonly causes?: readonly string[]
}

/** Whether a write failed because its namespace is going away (apierrors.HasStatusCause NamespaceTerminating). */
export const namespaceTerminates = (answer: Answer<unknown>): boolean =>
  !answer.ok && answer.causes?.includes('NamespaceTerminating') === true

/** What client-go makes of a response: an error for every code from 400 on, and for no answer at all. */
export const answerOf = <A>(response: ApiResponse): Answer<A> => {
  if (response.code >= 200 && response.code < 300) return { ok: true, object: response.body as A }
  const status = response.body as Partial<Status> | undefined
  const causes = status?.details?.causes?.map((cause) => cause.reason ?? '')
  return {
    ok: false,
    code: response.code,
    reason: status?.reason ?? (response.code === 0 ? 'Timeout' : ''),
    message: status?.message ?? '',
    ...(causes === undefined ? {} : { causes }),
  }
}

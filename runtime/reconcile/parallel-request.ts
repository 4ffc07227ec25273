import type { ApiRequest } from '../../api/protocol/request.ts'
import type { Answer, Call } from './controller.ts'

/** Yielded in place of one request: the calls are performed side by side and answered together. */
interface ParallelRequest extends ApiRequest {
  readonly calls: readonly Call<unknown>[]
}

export const callsOf = (request: ApiRequest): readonly Call<unknown>[] | undefined =>
  (request as Partial<ParallelRequest>).calls

export function* together<A>(calls: readonly Call<A>[]): Generator<ApiRequest, readonly Answer<A>[], unknown> {
  if (calls.length === 0) return []
  if (calls.length === 1) return [yield* calls[0]!]
  return (yield { calls } as unknown as ParallelRequest) as readonly Answer<A>[]
}

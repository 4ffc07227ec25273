import type { ApiRequest } from '../../api/protocol/request.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Call } from './controller.ts'

/** Starts a call beside what is under way; `then` is told its answer, `failed` what it threw. */
export type StartCall = (call: Call<unknown>, then: (answer: unknown) => void, failed: (error: unknown) => void) => void

/** Yielded in place of one request by code that starts requests when it likes: it goes on once `resume` is called. */
export interface Fork {
  begin(start: StartCall, resume: (result: unknown) => void): void
}

interface ForkedRequest extends ApiRequest {
  readonly fork: Fork
}
interface SleepRequest extends ApiRequest {
  readonly sleep: Micros
}

export const forkOf = (request: ApiRequest): Fork | undefined => (request as Partial<ForkedRequest>).fork

export const sleepOf = (request: ApiRequest): Micros | undefined => (request as Partial<SleepRequest>).sleep

export const forked = (fork: Fork): ApiRequest => ({ fork }) as unknown as ForkedRequest

/** Time passes, and nothing is asked for. */
export function* sleeping(time: Micros): Call<undefined> {
  yield { sleep: time } as unknown as SleepRequest
  return { ok: true, object: undefined }
}

import type { ApiRequest } from '../../api/protocol/request.ts'
import { namespaceTerminates, type Refusal } from '../client/call.ts'
import { done, type Answer, type Result } from './controller.ts'

const refusals = new WeakMap<Error, Refusal>()

/** The object of an answer; a refusal ends the reconcile, as Go's `return err` does (see `endingOnRefusal`). */
export const must = <A>(answer: Answer<A>): A => {
  if (answer.ok) return answer.object
  const error = new Error(answer.message)
  refusals.set(error, answer)
  throw error
}

/** Ends the reconcile with an error of its own making. */
export const fail = (message: string): never => must<never>({ ok: false, code: 0, reason: '', message })

/** The refusal behind an error thrown by `must`. */
export const refusalOf = (error: unknown): Refusal | undefined =>
  error instanceof Error ? refusals.get(error) : undefined

/**
 * Runs a reconcile that uses `must`: a refusal means one more try with back-off, unless the object's namespace is going away
 * (handleErr of the workload controllers).
 */
export function* endingOnRefusal(
  body: Generator<ApiRequest, Result | void, unknown>,
): Generator<ApiRequest, Result, unknown> {
  try {
    return (yield* body) ?? done
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal === undefined) throw error
    return namespaceTerminates(refusal) ? done : { retry: refusal.message }
  }
}

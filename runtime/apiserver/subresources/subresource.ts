import type { ApiResponse } from '../../../api/protocol/response.ts'
import type { Step } from '../server-context.ts'
import type { Refusal } from '../status.ts'
import type { Call } from '../verbs/call.ts'

type Handler = (call: Call) => Step<ApiResponse | Refusal>

/** A subresource that is not the object itself. A verb that it lacks is 405. */
export interface Subresource {
  /** `pods/binding`: plural and subresource. */
  readonly path: string
  readonly get?: Handler
  readonly create?: Handler
  readonly update?: Handler
  readonly patch?: Handler
}

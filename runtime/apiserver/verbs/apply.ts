import type { ApiResponse } from '../../../api/protocol/response.ts'
import type { Step } from '../server-context.ts'
import { failure, type Refusal } from '../status.ts'
import type { Call } from './call.ts'

/** Server-side apply. Refused until api/managed-fields is there. */
export function* applyVerb(_call: Call): Step<ApiResponse | Refusal> {
  return failure(415, 'server-side apply is not served', { reason: 'UnsupportedMediaType' })
}

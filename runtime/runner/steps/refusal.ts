import type { ApiResponse } from '../../../api/protocol/response.ts'
import type { Status } from '../../../api/types/meta-v1.generated.ts'

/** A step's request that was refused, or a step that kubectl would not even send. */
export interface Refusal {
  /** API status reason (`Forbidden`, `Invalid`, `Timeout`), or '' of kubectl's own complaints. */
  readonly reason: string
  readonly message: string
  readonly code: number
  /** What it was about: `deployments.apps/default/web`. */
  readonly subject: string
}

/** The refusal that a response is; undefined if it is none. */
export const refusalOf = (response: ApiResponse, subject: string): Refusal | undefined => {
  if (response.code >= 200 && response.code < 300) return undefined
  const status = response.body as Partial<Status>
  return {
    reason: status.reason ?? (response.code === 0 ? 'Timeout' : ''),
    message: status.message ?? '',
    code: response.code,
    subject,
  }
}

/** A complaint of kubectl's own. */
export const complaint = (message: string, subject: string, reason = ''): Refusal => ({
  reason,
  message,
  code: -1,
  subject,
})

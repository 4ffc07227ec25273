import type { KubeObject } from '../object.ts'
import type { Status } from '../types/meta-v1.generated.ts'

export interface ListBody {
  readonly kind: string
  readonly apiVersion: string
  readonly metadata: {
    readonly resourceVersion: string
    readonly continue?: string
    readonly remainingItemCount?: number
  }
  readonly items: readonly KubeObject[]
}

/** What comes back: an object, a list, or a metav1.Status (every refusal is one). code 0: no answer came (connection lost). */
export interface ApiResponse {
  readonly code: number
  readonly body: KubeObject | ListBody | Status
  /** Stands in place of the body: a log. */
  readonly text?: string
  readonly warnings?: readonly string[]
  /** Seconds, of a 429 or 503. */
  readonly retryAfter?: number
}

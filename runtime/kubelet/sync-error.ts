import type { Micros } from '../kernel/micros.ts'

/** Why a sync is to be repeated. */
export interface SyncError {
  readonly message: string
  /** End of the earliest back-off among the causes: upstream's MinBackoffExpiration. */
  readonly backoffUntil?: Micros
  readonly networkNotReady?: boolean
}

import type { Micros } from '../kernel/micros.ts'

/** Outcome of one attempt to start a container: a SyncResult with action StartContainer. */
export interface StartResult {
  readonly container: string
  readonly error?: StartError
}

export interface StartError {
  /** The waiting reason. */
  readonly reason: string
  readonly message: string
  readonly backoffUntil?: Micros
}

/** kubecontainer.PodSyncResult */
export interface PodSyncResult {
  readonly starts: readonly StartResult[]
  /** Anything at all was done or tried. */
  readonly acted: boolean
  /** Failures that are no start's. */
  readonly errors: readonly string[]
  /** Containers removed by RestartAllContainers. */
  readonly removed: boolean
  /** Why running containers could not be given other sizes. */
  readonly resizeError: string | undefined
}

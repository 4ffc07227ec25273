import type { Micros } from '../kernel/micros.ts'

/**
 * Node heartbeats without events. A healthy kubelet renews its lease every `period` from `first` on; nobody writes that down
 * until somebody asks. Only silence is an event. The cluster owns the board and keeps it in step with power and network:
 * `silence` is called when a kubelet dies, stops or can no longer reach an API server, `beat` when it can again.
 */
export interface Heartbeats {
  beat(node: string, first: Micros, period: Micros): void
  silence(node: string): void
  /** Last renewal at or before now; undefined if there has been none. */
  last(node: string): Micros | undefined
  /** Whether renewals go on. */
  beating(node: string): boolean
  /** The long way round: renewals are written, and counted when they were. Nobody may sit a silence out. */
  readonly eager?: boolean
  /** Tells of every change between beating and silence. Returns how to stop listening. */
  subscribe(listener: (node: string, beating: boolean) => void): () => void
}

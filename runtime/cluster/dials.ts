import type { RegistryTrouble } from '../registry/create-registries.ts'
import type { Interference } from '../client/interference.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Pressure } from '../node/machine.ts'

/** What faults may turn on a cluster besides power, processes and network. Every setter returns how to heal it. */
export interface Dials {
  /** The talk of processes with the API servers. */
  readonly interference: Interference
  /** Every disk of etcd, or that of one member, takes so much longer for a commit. */
  slowEtcd(members: readonly string[], by: Micros): () => void
  /** The history up to now is given up. */
  compactEtcd(): void
  /** The watch cache of an API server hears of every commit so much later. */
  lagWatchCache(server: string, by: Micros): () => void
  /** A node's wall clock is ahead by so much. */
  skewClock(node: string, by: Micros): () => void
  /** Something outside the pods takes memory, disk or process numbers, until only so much (or half the eviction threshold) is available. */
  take(node: string, pressure: Pressure, available: number | undefined): () => void
  /** Pulls from a registry by its name or host: `down`, or slower by so much. */
  disturbRegistry(name: string, trouble: RegistryTrouble): () => void
}

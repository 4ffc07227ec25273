import type { Cluster } from '../cluster/cluster.ts'

/** What a fault acts on: the cluster, and the names its target means. */
export interface FaultRequest {
  readonly cluster: Cluster
  /** Names of what it is about, as scenarios write them: `node/workers-0`, `controller/deployment`, `zone/a`. */
  readonly targets: readonly string[]
  /** The other ends, of a partition. */
  readonly from: readonly string[]
}

/** A fault that is under way, or one that undid itself at once. */
export interface Injection {
  /** Undoes it. Called at most once. */
  heal(): void
}

/** One kind of fault. Healing puts back what it took. */
export interface Fault {
  /** The words after `inject`. */
  readonly name: string
  inject(request: FaultRequest): Injection
}

/** An injected fault as the runner keeps it. */
export interface FaultHandle {
  readonly name: string
  /** Names by which `heal` finds it. */
  readonly targets: readonly string[]
  readonly healed: boolean
  /** It ends by itself, after the time it was given. */
  readonly healsItself: boolean
  heal(): void
}

import type { Cluster } from '../cluster/cluster.ts'
import type { Operation } from '../../dsl/plan/operation.ts'
import type { Micros } from '../kernel/micros.ts'

/** What a fault acts on: the cluster, the names its target means, and what its clauses say. */
export interface FaultRequest {
  readonly cluster: Cluster
  /** Names of what it is about, as scenarios write them: `node/workers-0`, `controller/deployment`, `zone/a`. */
  readonly targets: readonly string[]
  /** The other ends, of a partition. */
  readonly from: readonly string[]
  /** The words between target and clauses: `memory`, 503, the length behind `every`, `after-write` and its number. */
  readonly args?: readonly (string | number)[]
  /** `by 300ms` */
  readonly by?: Micros
  /** `to 50Mi`, in bytes. */
  readonly to?: number
  /** `on "POST pods"` */
  readonly on?: string
  /** `restart 5s`: what crashes at an instant of its own starts again so much later. */
  readonly restart?: Micros
  /** Of a fault that rolls the dice for each request; 1: it always strikes. */
  readonly probability?: number
}

/** A fault that is under way, or one that undid itself at once. */
export interface Injection {
  /** Undoes it. Called at most once. */
  heal(): void
  /** Whether it has met anything yet that it could strike; absent: it has. */
  struck?(): boolean
}

/** One kind of fault. Healing puts back what it took. */
export interface Fault {
  /** The words after `inject`. */
  readonly name: string
  /** Its probability is that of each single request, not that of the fault. */
  readonly perRequest?: true
  /** It strikes at an instant that it waits for: `restart` counts from there. */
  readonly waits?: true
  /** Why it may never strike; without it: what it strikes was down already. */
  readonly vain?: string
  /** Why it cannot be injected as it stands, in a sentence; undefined: it can. */
  refuses?(request: FaultRequest): string | undefined
  inject(request: FaultRequest): Injection
}

/** An injected fault as the runner keeps it. */
export interface FaultHandle {
  readonly name: string
  /** Names by which `heal` finds it. */
  readonly targets: readonly string[]
  readonly healed: boolean
  /** Whether it has met anything that it could strike. */
  readonly struck: boolean
  /** Why it may not have. */
  readonly vain: string
  /** The statement that injected it. */
  readonly statement: Pick<Operation, 'span' | 'text'>
  /** It ends by itself, after the time it was given. */
  readonly healsItself: boolean
  heal(): void
}

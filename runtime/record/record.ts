import type { KubeObject } from '../../api/object.ts'
import type { BehaviorSpec } from '../../dsl/plan/behavior-spec.ts'
import type { Span } from '../../dsl/source/span.ts'
import type { Choice } from '../kernel/choices.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Exploration } from './exploration.ts'
import type { Finding } from './finding.ts'
import type { StateStart } from './state-start.ts'
import type { Timeline } from './timeline.ts'

export type Verdict = 'PASS' | 'FAIL' | 'ERROR' | 'VACUOUS' | 'SKIP' | 'UNSUPPORTED'

/** One run of one scenario: all that a reporter, the HTML page and a replay may see. Frozen. */
export interface Record {
  readonly schemaVersion: 1
  readonly title: string
  /** `[failures=2 limit=3]`, or ''. */
  readonly row: string
  readonly span: Span
  readonly tags: readonly string[]
  readonly verdict: Verdict
  /** Why it was skipped or is not supported. */
  readonly note: string | undefined
  readonly seed: string
  readonly planHash: string
  readonly timeline: Timeline
  /** What the cluster held before the first entry; left out where nothing was there. */
  readonly start?: StateStart
  /** Rolling hash of the timeline: two runs with the same hash were the same run. */
  readonly hash: string
  readonly findings: readonly Finding[]
  readonly sentences: readonly SentenceResult[]
  /** In the order in which they were taken; left out where there are none. */
  readonly snapshots?: readonly SnapshotResult[]
  /** What the scenario says about its containers, in the order in which it says so; later ones win. */
  readonly behaviors?: readonly BehaviorSpec[]
  /** What the cluster was still to do when the run ended, soonest first. */
  readonly pending?: readonly PendingWork[]
  readonly choices: readonly Choice[]
  /** Virtual length of the run and number of kernel events. */
  readonly duration: Micros
  readonly events: number
  /** Of a property: what its exploration came to. The rest of the record is that of one run: the failing one, shrunk, or the first. */
  readonly exploration?: Exploration
  /** Wall clock at t=0 in microseconds since 1970, for printing dates. */
  readonly clock: number
}

/** One sentence that was judged: what it cost in time, and how much slack was left. */
export interface SentenceResult {
  readonly text: string
  readonly span: Span
  readonly began: Micros
  readonly ended: Micros
  readonly deadline: Micros | undefined
  readonly held: boolean
  /** Of what held `within` a time: how much of it was left. */
  readonly slack?: Micros
  /** Of a monitor that compares amounts: the extremes it saw, and in how many states. */
  readonly margin?: { readonly minimum: string; readonly maximum: string; readonly states: number }
  /** A `sometimes`: `held` says whether this run came there. */
  readonly coverage?: true
}

/** Something that is going to happen: `kubelet/workers-0`, `pod/web restarts (CrashLoopBackOff)`. */
export interface PendingWork {
  readonly at: Micros
  readonly actor: string
  /** What the wait is for; '' where nobody said. */
  readonly label: string
}

/** What a `snapshot` took, and how it stands to what was kept under its name. */
export interface SnapshotResult {
  readonly name: string
  readonly span: Span
  /** Normalised: what no two runs agree about is left out. */
  readonly objects: readonly KubeObject[]
  readonly outcome: 'new' | 'same' | 'changed'
}

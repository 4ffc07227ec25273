import type { KubeObject } from '../../api/object.ts'
import type { Micros } from '../kernel/micros.ts'
import type { RequestNote } from '../record/request-note.ts'
import type { SchedulingVerdict } from '../record/scheduling-verdict.ts'
import type { State } from '../record/state.ts'

/** One property of Kubernetes, judged at every commit that concerns it. */
export interface Invariant {
  /** As scenarios write it behind `always`. */
  readonly name: string
  /** Rows of the catalogue that it covers: `SCH-10`. */
  readonly rows: readonly string[]
  /** What holds, in a sentence. */
  readonly says: string
  /** What it is woken by: a resource (`pods`), a prefix of ground truth (`containers/`), `verdict`, `request`, `quiet`. */
  readonly reads: readonly string[]
  /** Whether every run upholds it: only what no fault, race or user of a right Kubernetes can break. */
  readonly upheld: boolean
  /** Begins in the present state: what is there already is told as changes without a `before`. */
  track(ledger: Ledger): Tracker
}

/** What it is told, in the order of the timeline. Each call costs no more than what changed. */
export interface Tracker {
  change?(change: Change): void
  truth?(subject: string, data: unknown): void
  verdict?(subject: string, verdict: SchedulingVerdict): void
  request?(subject: string, note: RequestNote): void
  /** The script did something, or a fault came or went: what follows has a cause outside. */
  stirred?(): void
  /** Asked before its violations are: for what also depends on the clock. */
  look?(): void
  /** The next instant, after now, at which a look may find something by the clock alone. */
  next?(): Micros | undefined
}

export interface Change {
  readonly resource: string
  readonly subject: string
  readonly object: KubeObject | undefined
  readonly before: KubeObject | undefined
  /** 0: it was there when the tracker began. */
  readonly revision: number
  /** Its entry of the timeline, if it is one. */
  readonly entry?: number
}

/** Where a tracker keeps what is broken. A subject has one violation at a time: the first that was told. */
export interface Ledger {
  readonly state: State
  /** Who wrote it: the actor behind the entry of a change. */
  writer(entry: number | undefined): string | undefined
  /** Nothing of the cluster is under way. */
  settled(): boolean
  broken(subject: string, message: string): void
  /** It is as it should be again: of properties of states. What a transition broke stays broken. */
  mended(subject: string): void
}

/** A violation that stands. */
export interface Violation {
  readonly subject: string
  readonly message: string
  readonly entry: number
}

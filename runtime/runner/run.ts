import type { BehaviorSpec } from '../../dsl/plan/behavior-spec.ts'
import type { Block, Operation } from '../../dsl/plan/operation.ts'
import type { ScenarioPlan } from '../../dsl/plan/plan.ts'
import type { Inputs } from '../../dsl/plan/property.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { World } from '../expect/moment.ts'
import type { FaultHandle } from '../faults/fault.ts'
import type { Finding } from '../record/finding.ts'
import type { SentenceResult, SnapshotResult } from '../record/record.ts'
import type { JudgeBoard } from './judge-board.ts'
import type { ChangesOutcome } from './run-changes.ts'
import type { MonitorHandle } from './monitors.ts'
import type { LookAheadSubject } from './look-ahead.ts'
import type { SnapshotStore } from './run-snapshot.ts'
import type { Script } from './wait.ts'
import type { ScriptContext, Track } from './track.ts'

/** One execution of a scenario: what its tracks share. */
export interface Run {
  readonly scenario: ScenarioPlan
  readonly cluster: Cluster
  readonly world: World
  readonly board: JudgeBoard
  readonly marks: Map<string, number>
  /** Of a property: what its inputs are in this run. */
  readonly inputs: Inputs
  readonly sentences: SentenceResult[]
  /** user → groups */
  readonly users: Map<string, readonly string[]>
  readonly faults: FaultHandle[]
  /** `heal` statements for what no fault had struck. */
  readonly vainHeals: Operation[]
  /** Those of the plan, and those that the script has declared so far; later ones win. */
  readonly behaviors: BehaviorSpec[]
  readonly monitors: MonitorHandle[]
  /** Nouns and paths of sentences that were judged, for vacuity. */
  readonly judged: JudgedSentence[]
  /** A claim was false, or the script could not do what it said. The run stops after this instant, unless it keeps going. */
  report(finding: Finding, subject?: LookAheadSubject): void
  /** Starts a track; it begins after the work of this instant that comes before it. */
  start(code: (track: Track) => Script): Track
  /** The body has come to its end: endless loops stop. */
  readonly ending: boolean
  readonly forks: Forks
  /** undefined: nothing is kept anywhere. */
  readonly snapshots: SnapshotStore | undefined
  readonly taken: SnapshotResult[]
  readonly keepGoing: boolean
  /** A failure has been reported, and the script goes no further. */
  readonly halted: boolean
  /** Of this construct nothing can be run in this version: the run ends as UNSUPPORTED. */
  unsupported(what: string): void
}

/**
 * `expect changes if { … }`: the same run once more up to this point, where the block is run and nothing else of the script
 * goes on. Forks count in the order in which the script comes to them.
 */
export interface Forks {
  next(): number
  /** This run is the fork of that number; undefined: it is the run itself. */
  readonly here: number | undefined
  /** Runs the fork to its end. */
  tryOut(ordinal: number): ChangesOutcome
  /** All tracks but this one stand still from now on, and nothing is watched any more. */
  freeze(track: Track): void
  end(outcome: ChangesOutcome): void
  /** The statements that are tried out. */
  body(block: Block, context: ScriptContext): Script
}

export interface JudgedSentence {
  readonly span: Finding['span']
  readonly text: string
  readonly nouns: readonly object[]
  readonly paths: readonly object[]
  /** Invariants of the library that it names. */
  readonly library: readonly string[]
  readonly triggered: (() => number) | undefined
}

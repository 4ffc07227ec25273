import type { Span } from '../../dsl/source/span.ts'

/** What came of a property's exploration: part of the one record that tells of it. */
export interface Exploration {
  /** Of the exploration; each run has one of its own. */
  readonly seed: string
  /** Runs that the exploration has in all shards together. */
  readonly total: number
  /** Runs that were to be made (of this shard), and that were made. */
  readonly budget: number
  readonly runs: number
  /** The strategy that all runs were to have, if one was asked for. */
  readonly strategy?: string
  /** Runs by how their schedules were drawn, by name. */
  readonly strategies: Readonly<Record<string, number>>
  readonly coverage: readonly { readonly sentence: string; readonly span: Span; readonly reached: number }[]
  readonly shard: { readonly index: number; readonly count: number } | undefined
  /** Why it ended before its budget; undefined: it did not, or a failure ended it. */
  readonly cut: string | undefined
  /** How much of what there is the runs were, where the strategy can say that. */
  readonly scope?: string
  /** Runs that were struck once and came to rest: whether they ended as the undisturbed one. */
  readonly compared?: {
    readonly runs: number
    readonly otherwise: number
    /** The first that did not: which run, and what was different. */
    readonly first?: { readonly run: number; readonly difference: string }
  }
  readonly failure: ExplorationFailure | undefined
}

export interface ExplorationFailure {
  /** Which run it was, counted from 1. */
  readonly run: number
  readonly strategy: string
  /** What kind of failure, as design/exploration.md 3.4 names them. */
  readonly verdict: FailureVerdict
  /** Of a suspected livelock: who does what, again and again. */
  readonly livelock?: { readonly process: string; readonly round: readonly string[]; readonly rounds: number }
  /** Runs that tried to make it smaller; `cut`: they ended before nothing went any more. */
  readonly shrinks: number
  readonly cut?: boolean
  readonly inputs: readonly {
    readonly name: string
    readonly text: string
    readonly steps: readonly string[] | undefined
  }[]
  readonly schedule: readonly string[]
  /** What the failure does without: the statements and documents that begin at these offsets. */
  readonly dropped: readonly number[]
  /** Nodes that are enough, of the pools that had more. */
  readonly pools: Readonly<Record<string, number>>
  readonly size: FailureSize
  /** Finds the unshrunk run again: `kscn replay TOKEN`. */
  readonly token: string
  readonly example: string
}

export type FailureVerdict =
  'fail.safety' | 'fail.stuck' | 'fail.deadline' | 'suspected.livelock' | 'inconclusive.budget' | 'error'

/** Measure of "simpler", the most telling first. */
export interface FailureSize {
  readonly faults: number
  readonly holds: number
  readonly steps: number
  /** Nodes, and the documents that the script writes. */
  readonly objects: number
  readonly statements: number
}

import type { Micros } from '../../../dsl/plan/micros.ts'

/** What an operator decided. `at` is the instant at which that became certain. */
export interface Ruling {
  readonly held: boolean
  readonly at: Micros
}

/** One state of the run, and the truth of an operator's predicates in it. */
export interface Observation {
  readonly at: Micros
  /** Last timeline entry of the state. */
  readonly entry: number
  /** Truth of the predicate with that number; of events, only those emitted at or after the entry `since` count. */
  holds(predicate: number, since?: number): boolean
}

/**
 * One temporal operator over a step function of time (language reference 3.6). It is shown every state, several of one
 * instant included, and told when time has come to its `wake` and all states of that instant have been shown.
 */
export interface Operator {
  observe(state: Observation): Ruling | undefined
  elapse(at: Micros): Ruling | undefined
  /** Next instant at which `elapse` has something to say. */
  readonly wake: Micros | undefined
  /** The cluster has settled, with the last state shown. */
  settled?(at: Micros): Ruling | undefined
  /** The scope of a monitor ends: nothing new is watched for. What it still waits for stays open. */
  close?(): void
  /** Of a closed monitor: whether an obligation is still open. */
  readonly open?: boolean
  /** How often a `whenever` was triggered. */
  readonly triggered?: number
}

export const held = (at: Micros): Ruling => ({ held: true, at })
export const failed = (at: Micros): Ruling => ({ held: false, at })

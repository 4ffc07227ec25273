import type { Inputs } from '../../dsl/plan/property.ts'
import type { Schedule } from '../runner/schedule.ts'
import type { Strategy } from './strategy.ts'

/** One run of an exploration: everything about it follows from the property, the seed, the strategy and its index. */
export interface Case {
  readonly index: number
  readonly strategy: Strategy | 'example'
  readonly inputs: Inputs
  readonly schedule: Schedule
  readonly seed: string
}

/** What a run is given. */
export type Given = Pick<Case, 'inputs' | 'schedule' | 'seed'>

/** What chooses the runs of an exploration, besides its pinned examples. */
export interface Course {
  /** Runs that it has; never more than the exploration was given. */
  readonly total: number
  /** The nth of them. */
  caseOf(drawn: number): Omit<Case, 'index'>
  /** How much of what there is so many runs are, where that can be said. */
  scope?(made: number): string
}

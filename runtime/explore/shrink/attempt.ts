import type { ScenarioPlan } from '../../../dsl/plan/plan.ts'
import type { Inputs, PropertyPlan } from '../../../dsl/plan/property.ts'
import type { Record } from '../../record/record.ts'
import type { Schedule } from '../../runner/schedule.ts'

/** A failing run as it may be changed: what it is given, when things happen in it, what it does. */
export interface Candidate {
  readonly inputs: Inputs
  readonly schedule: Schedule
  readonly scenario: ScenarioPlan
}

/** The smallest failure so far, and the only way to a smaller one: each pass tries candidates, and those that fail alike stay. */
export interface Attempt {
  readonly property: PropertyPlan
  readonly now: Candidate
  /** What the smallest failure came to. */
  readonly record: Record
  /** Whether a run is known that holds. Without one, what comes before the claim is not touched. */
  readonly witnessed: boolean
  /** Runs a candidate; true, and it is the smallest now, if it fails in the same way. */
  take(change: Partial<Candidate>): boolean
}

import type { BehaviorSpec } from '../../../dsl/plan/behavior-spec.ts'
import type { State } from '../../record/state.ts'
import type { Timeline } from '../../record/timeline.ts'

/** What an explanation looks at: a run at its present instant, or a record at one of its own. */
export interface WhyWorld {
  readonly cluster: { readonly state: State; readonly timeline: Timeline }
  readonly behaviors: readonly BehaviorSpec[]
}

import type { Micros } from '../../../dsl/plan/micros.ts'
import { failed, held, type Operator } from './operator.ts'

/** `expect P within D`: P in some state of the closed window up to the deadline. */
export const createWithin = (deadline: Micros): Operator => ({
  observe: (state) => (state.at <= deadline && state.holds(0) ? held(state.at) : undefined),
  elapse: (at) => (at >= deadline ? failed(deadline) : undefined),
  wake: deadline,
})

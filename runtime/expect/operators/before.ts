import type { Micros } from '../../../dsl/plan/micros.ts'
import { failed, held, type Operator } from './operator.ts'

/** `expect P before Q within D`: P in some state up to the deadline, and Q neither in that one nor in any before it. */
export const createBefore = (deadline: Micros | undefined): Operator => ({
  observe(state) {
    if (deadline !== undefined && state.at > deadline) return failed(deadline)
    if (state.holds(1)) return failed(state.at)
    return state.holds(0) ? held(state.at) : undefined
  },
  elapse: (at) => (deadline !== undefined && at >= deadline ? failed(deadline) : undefined),
  wake: deadline,
})

import type { Micros } from '../../../dsl/plan/micros.ts'
import { failed, held, type Operator } from './operator.ts'

/** `expect P until Q within D`: Q in some state up to the deadline, and P in every state before that one. */
export const createUntil = (deadline: Micros | undefined): Operator => ({
  observe(state) {
    if (deadline !== undefined && state.at > deadline) return failed(deadline)
    if (state.holds(1)) return held(state.at)
    return state.holds(0) ? undefined : failed(state.at)
  },
  elapse: (at) => (deadline !== undefined && at >= deadline ? failed(deadline) : undefined),
  wake: deadline,
})

import type { Micros } from '../../../dsl/plan/micros.ts'
import { failed, held, type Operator } from './operator.ts'

/** `expect P for D`: P in every state of the half-open window up to `end`. A state at exactly `end` is outside. */
export const createThroughout = (end: Micros): Operator => ({
  observe(state) {
    if (state.at >= end) return held(end)
    return state.holds(0) ? undefined : failed(state.at)
  },
  elapse: (at) => (at >= end ? held(end) : undefined),
  wake: end,
})

import type { Micros } from '../../../dsl/plan/micros.ts'
import { failed, held, type Operator, type Ruling } from './operator.ts'

/**
 * `expect P within D1 for D2`: P throughout [t, t+D2) for some t up to the deadline. A stretch begins with the state in
 * which P turns true; it is given up for lost as soon as no start up to the deadline can work any more.
 */
export const createWithinFor = (deadline: Micros, length: Micros): Operator => {
  let start: Micros | undefined
  const done = (at: Micros): Ruling | undefined =>
    start !== undefined && at >= start + length ? held(start + length) : undefined
  return {
    observe(state) {
      const over = done(state.at)
      if (over !== undefined) return over
      if (state.holds(0)) {
        if (start === undefined && state.at <= deadline) start = state.at
        return done(state.at)
      }
      start = undefined
      return state.at > deadline ? failed(state.at) : undefined
    },
    elapse(at) {
      const over = done(at)
      if (over !== undefined) return over
      return start === undefined && at >= deadline ? failed(at) : undefined
    },
    get wake() {
      return start === undefined ? deadline : start + length
    },
  }
}

import type { Micros } from '../../../dsl/plan/micros.ts'
import { failed, type Operator } from './operator.ts'

/**
 * The longest a predicate may keep one value. `closed` says whether a change at exactly the end of the time still counts as
 * in time: an outage that ends at its deadline is over, a condition that held throughout [t, t+D) held for D.
 */
export const createStretch = (value: boolean, longest: Micros, closed: boolean): Operator => {
  let began: Micros | undefined
  let over = false
  return {
    observe(state) {
      if (over) return undefined
      if (began !== undefined && (closed ? state.at > began + longest : state.at >= began + longest)) {
        return failed(began + longest)
      }
      if (state.holds(0) !== value) began = undefined
      else began ??= state.at
      return undefined
    },
    elapse: (at) => (!over && began !== undefined && at >= began + longest ? failed(began + longest) : undefined),
    get wake() {
      return over || began === undefined ? undefined : began + longest
    },
    close() {
      over = true
    },
    open: false,
  }
}

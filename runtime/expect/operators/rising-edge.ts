import type { Observation } from './operator.ts'

/** Tells in which states a predicate turns true. What holds from the first state on has not turned. */
export const createRisingEdge = (predicate: number): ((state: Observation) => boolean) => {
  let before = true
  return (state) => {
    const now = state.holds(predicate)
    const rises = now && !before
    before = now
    return rises
  }
}

import type { Micros } from '../../../dsl/plan/micros.ts'
import { failed, held, type Operator } from './operator.ts'

/** `expect P then Q then R within D`, which also tells how many have come. */
export interface Sequence extends Operator {
  readonly reached: number
}

/**
 * P@t1, Q@t2, R@t3 with t1 ≤ t2 ≤ t3 up to the deadline. "Q@t" means in some state of t: within one instant their order does
 * not matter.
 */
export const createSequence = (count: number, deadline: Micros | undefined): Sequence => {
  let reached = 0
  let instant: Micros | undefined
  const seen = new Set<number>()
  return {
    observe(state) {
      if (deadline !== undefined && state.at > deadline) return failed(deadline)
      if (instant !== state.at) {
        seen.clear()
        instant = state.at
      }
      for (let next = reached; next < count; next += 1) if (state.holds(next)) seen.add(next)
      while (seen.has(reached)) reached += 1
      return reached >= count ? held(state.at) : undefined
    },
    elapse: (at) => (deadline !== undefined && at >= deadline ? failed(deadline) : undefined),
    wake: deadline,
    get reached() {
      return reached
    },
  }
}

import type { Micros } from '../../../dsl/plan/micros.ts'
import { failed, type Operator } from './operator.ts'
import { createRisingEdge } from './rising-edge.ts'

/** `whenever A then B within D`: each time A turns true, B holds in that state or in one at most D later. */
export const createWheneverWithin = (time: Micros): Operator => {
  const rises = createRisingEdge(0)
  let obligations: readonly { readonly at: Micros; readonly entry: number }[] = []
  let closed = false
  let triggered = 0
  return {
    observe(state) {
      const first = obligations[0]
      if (first !== undefined && state.at > first.at + time) return failed(first.at + time)
      if (!closed && rises(state)) {
        triggered += 1
        obligations = [...obligations, { at: state.at, entry: state.entry }]
      }
      if (obligations.length > 0) obligations = obligations.filter((one) => !state.holds(1, one.entry))
      return undefined
    },
    elapse(at) {
      const first = obligations[0]
      return first !== undefined && at >= first.at + time ? failed(first.at + time) : undefined
    },
    get wake() {
      const first = obligations[0]
      return first === undefined ? undefined : first.at + time
    },
    close() {
      closed = true
    },
    get open() {
      return obligations.length > 0
    },
    get triggered() {
      return triggered
    },
  }
}

import type { Micros } from '../../../dsl/plan/micros.ts'
import { failed, type Operator } from './operator.ts'
import { createRisingEdge } from './rising-edge.ts'

/** `whenever A then B for D`: each time A turns true, B holds in every state of [t, t+D). */
export const createWheneverFor = (length: Micros): Operator => {
  const rises = createRisingEdge(0)
  let obligations: readonly { readonly end: Micros; readonly entry: number }[] = []
  let closed = false
  let triggered = 0
  return {
    observe(state) {
      if (obligations.length > 0) obligations = obligations.filter((one) => state.at < one.end)
      if (!closed && rises(state)) {
        triggered += 1
        if (length > 0) obligations = [...obligations, { end: state.at + length, entry: state.entry }]
      }
      return obligations.some((one) => !state.holds(1, one.entry)) ? failed(state.at) : undefined
    },
    elapse(at) {
      obligations = obligations.filter((one) => at < one.end)
      return undefined
    },
    get wake() {
      return obligations[0]?.end
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

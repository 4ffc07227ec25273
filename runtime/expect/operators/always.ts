import { failed, type Operator } from './operator.ts'

/** `always P`: P in every state of the scope. */
export const createAlways = (): Operator => {
  let closed = false
  return {
    observe: (state) => (!closed && !state.holds(0) ? failed(state.at) : undefined),
    elapse: () => undefined,
    wake: undefined,
    close() {
      closed = true
    },
    open: false,
  }
}

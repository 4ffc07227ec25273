import { failed, type Operator } from './operator.ts'

/** `never P`: P in no state of the scope. */
export const createNever = (): Operator => {
  let closed = false
  return {
    observe: (state) => (!closed && state.holds(0) ? failed(state.at) : undefined),
    elapse: () => undefined,
    wake: undefined,
    close() {
      closed = true
    },
    open: false,
  }
}

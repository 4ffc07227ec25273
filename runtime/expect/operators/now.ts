import { failed, held, type Operator } from './operator.ts'

/** `expect P`: P in the last state of the instant. The first state shown decides. */
export const createNow = (): Operator => ({
  observe: (state) => (state.holds(0) ? held(state.at) : failed(state.at)),
  elapse: () => undefined,
  wake: undefined,
})

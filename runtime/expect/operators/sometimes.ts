import { held, type Operator } from './operator.ts'

/** `sometimes P`: P in at least one state of at least one run. One run only tells whether it was there. */
export const createSometimes = (): Operator => ({
  observe: (state) => (state.holds(0) ? held(state.at) : undefined),
  elapse: () => undefined,
  wake: undefined,
  open: false,
})

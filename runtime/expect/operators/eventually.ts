import { failed, held, type Operator } from './operator.ts'

/** `expect P eventually`: P before the cluster settles, or in the state it settles in. */
export const createEventually = (): Operator => ({
  observe: (state) => (state.holds(0) ? held(state.at) : undefined),
  elapse: () => undefined,
  wake: undefined,
  settled: (at) => failed(at),
})

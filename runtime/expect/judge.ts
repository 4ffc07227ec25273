import type { Expression } from '../../dsl/plan/expression.ts'
import type { Micros } from '../../dsl/plan/micros.ts'
import { createMoment, truthOf } from './evaluate.ts'
import type { Moment, PluralMode, Scope, World } from './moment.ts'
import type { Operator, Ruling } from './operators/operator.ts'

/** One predicate of a sentence, and what a plural without a number means in it. */
export interface Predicate {
  readonly mode: PluralMode
  test(moment: Moment): boolean
}

export const predicateOf = (expression: Expression, mode: PluralMode): Predicate => ({
  mode,
  test: (moment) => truthOf(expression, moment),
})

/** A sentence under judgement: its operator, fed with the states that concern it. */
export interface Judge {
  /** Judges the present state. */
  observe(): Ruling | undefined
  /** Time has come to `at`, and all states of that instant have been observed. */
  elapse(at: Micros): Ruling | undefined
  settled(at: Micros): Ruling | undefined
  /** What it has read so far: it need not look at states in which none of that changed. */
  readonly reads: ReadonlySet<string>
  /** Next instant at which `elapse` has to be called. */
  readonly wake: Micros | undefined
  readonly operator: Operator
  readonly moment: Moment
  /** Truth of each predicate when it was last asked. */
  readonly last: readonly (boolean | undefined)[]
  /** The truth of one predicate in the present state, without consequences. */
  holds(predicate: number): boolean
  /** Instant of the last state in which the first predicate held; undefined if there was none. */
  readonly lastTrue: Micros | undefined
  /** Tells of changes to what it judges that are no entries of the timeline. Returns how to stop listening. */
  readonly follow: ((changed: () => void) => () => void) | undefined
}

export interface JudgeOptions {
  readonly world: World
  readonly scope: Scope
  readonly operator: Operator
  readonly predicates: readonly Predicate[]
  readonly fromNow?: boolean
  readonly follow?: (changed: () => void) => () => void
}

export const createJudge = ({ world, scope, operator, predicates, fromNow, follow }: JudgeOptions): Judge => {
  const moment = createMoment(world, scope, 'expect', {
    began: world.timeline.length,
    fromNow: fromNow === true,
  })
  const last: (boolean | undefined)[] = predicates.map(() => undefined)
  let lastTrue: Micros | undefined
  const observation = {
    at: 0,
    entry: 0,
    holds(index: number, since = 0): boolean {
      const predicate = predicates[index]!
      moment.mode = predicate.mode
      moment.since = since
      const holds = predicate.test(moment)
      // The state goes on being true until the next one is shown.
      if (index === 0 && (holds || last[0] === true)) lastTrue = observation.at
      last[index] = holds
      return holds
    },
  }
  const observe = (): Ruling | undefined => {
    moment.wake = undefined
    observation.at = world.state.now
    observation.entry = world.state.entry
    return operator.observe(observation)
  }
  return {
    observe,
    elapse(at) {
      // The clock alone may have changed a predicate: an age has reached its bound.
      if (moment.wake !== undefined && at >= moment.wake) {
        const ruling = observe()
        if (ruling !== undefined) return ruling
      }
      return operator.wake !== undefined && at >= operator.wake ? operator.elapse(at) : undefined
    },
    settled: (at) => operator.settled?.(at),
    reads: moment.reads,
    get wake() {
      const own = operator.wake
      if (moment.wake === undefined) return own
      return own === undefined || moment.wake < own ? moment.wake : own
    },
    operator,
    moment,
    last,
    holds(index) {
      const predicate = predicates[index]!
      moment.mode = predicate.mode
      moment.since = 0
      moment.wake = undefined
      return predicate.test(moment)
    },
    get lastTrue() {
      return lastTrue
    },
    follow,
  }
}

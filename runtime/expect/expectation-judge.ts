import type { Expression, Noun } from '../../dsl/plan/expression.ts'
import type { Micros } from '../../dsl/plan/micros.ts'
import type { Expectation, Monitor } from '../../dsl/plan/operation.ts'
import { createMoment } from './evaluate.ts'
import { EvaluationError } from './evaluation-error.ts'
import { createJudge, predicateOf, type Judge, type Predicate } from './judge.ts'
import { marginMeter, type Margin } from './margin.ts'
import { matchesPredicate } from './matches.ts'
import type { PluralMode, Scope, SeenState, World } from './moment.ts'
import { createAlwaysWithin } from './operators/always-within.ts'
import { createAlways } from './operators/always.ts'
import { createBefore } from './operators/before.ts'
import { createEventually } from './operators/eventually.ts'
import { createNeverFor } from './operators/never-for.ts'
import { createNever } from './operators/never.ts'
import { createNow } from './operators/now.ts'
import type { Operator } from './operators/operator.ts'
import { createSequence } from './operators/sequence.ts'
import { createSometimes } from './operators/sometimes.ts'
import { createThroughout } from './operators/throughout.ts'
import { createUntil } from './operators/until.ts'
import { createWheneverFor } from './operators/whenever-for.ts'
import { createWheneverWithin } from './operators/whenever-within.ts'
import { createWithinFor } from './operators/within-for.ts'
import { createWithin } from './operators/within.ts'
import { resolveNoun } from './resolve-noun.ts'

/** The lengths of a sentence's time clauses, drawn and worked out when its statement is reached. */
export interface TimeClauses {
  readonly within: Micros | undefined
  readonly for: Micros | undefined
}

const predicatesOf = (expectation: Expectation): readonly Predicate[] => {
  const { claim } = expectation
  switch (claim.kind) {
    case 'predicate': {
      const { predicate } = claim
      if (predicate.kind === 'before') {
        return [predicateOf(predicate.first, 'expect'), predicateOf(predicate.second, 'expect')]
      }
      const own = predicateOf(predicate, 'expect')
      return expectation.until === undefined ? [own] : [own, predicateOf(expectation.until, 'expect')]
    }
    case 'sequence':
      return claim.predicates.map((predicate) => predicateOf(predicate, 'expect'))
    case 'matches':
      return [matchesPredicate(claim.noun, claim.pattern)]
    case 'changes':
      throw new EvaluationError('`expect changes` cannot be judged in this version')
  }
}

const operatorOf = (expectation: Expectation, now: Micros, times: TimeClauses): Operator => {
  const { claim } = expectation
  const deadline = times.within === undefined ? undefined : now + times.within
  if (claim.kind === 'sequence') return createSequence(claim.predicates.length, deadline)
  if (claim.kind === 'predicate' && claim.predicate.kind === 'before') return createBefore(deadline)
  if (expectation.until !== undefined) return createUntil(deadline)
  if (expectation.eventually) return createEventually()
  if (deadline !== undefined && times.for !== undefined) return createWithinFor(deadline, times.for)
  if (deadline !== undefined) return createWithin(deadline)
  return times.for === undefined ? createNow() : createThroughout(now + times.for)
}

const seenBy = (observer: Noun, world: World, scope: Scope): SeenState => {
  const components = resolveNoun(observer, createMoment(world, scope, 'expect', { began: 0, fromNow: false }))
  const [component, ...others] = components.flatMap((one) => (one.kind === 'named' ? [one.name] : []))
  if (component === undefined) throw new EvaluationError(`there is no ${observer.text} in this cluster`)
  if (others.length > 0) throw new EvaluationError(`${observer.text} are several, and \`seen by\` asks one`)
  const seen = world.seenBy?.(component)
  if (seen === undefined) throw new EvaluationError(`what ${component} sees cannot be told: it keeps no caches`)
  return seen
}

/** The judge of an `expect` that begins in the present state. */
export const expectationJudge = (expectation: Expectation, times: TimeClauses, world: World, scope: Scope): Judge => {
  const seen = expectation.seenBy === undefined ? undefined : seenBy(expectation.seenBy, world, scope)
  return createJudge({
    world: seen === undefined ? world : { ...world, state: seen.state, observer: expectation.seenBy?.text ?? '' },
    ...(seen === undefined ? {} : { follow: (changed) => seen.subscribe(changed) }),
    scope,
    operator: operatorOf(expectation, world.state.now, times),
    predicates: predicatesOf(expectation),
    fromNow: expectation.fromNow,
  })
}

export interface MonitorJudge {
  readonly judge: Judge
  /** How close the monitor came to its bound so far; undefined where it compares no amounts. */
  readonly margin: () => Margin | undefined
}

/** The judge of a monitor that begins in the present state. `sometimes` is judged over many runs: here it only tells whether it was reached. */
export const monitorJudge = (monitor: Monitor, times: TimeClauses, world: World, scope: Scope): MonitorJudge => {
  const measured = (predicate: Expression, mode: PluralMode, operator: Operator): MonitorJudge => {
    const meter = marginMeter(predicate, mode)
    return { judge: createJudge({ world, scope, operator, predicates: [meter] }), margin: () => meter.margin }
  }
  switch (monitor.kind) {
    case 'always': {
      const operator = times.within === undefined ? createAlways() : createAlwaysWithin(times.within)
      return measured(monitor.predicate, 'always', operator)
    }
    case 'never': {
      const operator = times.for === undefined ? createNever() : createNeverFor(times.for)
      return measured(monitor.predicate, 'never', operator)
    }
    case 'whenever': {
      const operator = times.for === undefined ? createWheneverWithin(times.within ?? 0) : createWheneverFor(times.for)
      const predicates = [predicateOf(monitor.trigger, 'never'), predicateOf(monitor.obligation, 'expect')]
      return { judge: createJudge({ world, scope, operator, predicates }), margin: () => undefined }
    }
    case 'sometimes': {
      const predicates = [predicateOf(monitor.predicate, 'never')]
      return {
        judge: createJudge({ world, scope, operator: createSometimes(), predicates }),
        margin: () => undefined,
      }
    }
  }
}

import type { Reporter } from '../diagnostics/report.ts'
import type { Expression } from '../plan/expression.ts'
import type { Operation } from '../plan/operation.ts'
import type { Check } from './check.ts'

/** K201: an `at` that is past whatever happens, because the waits before it take longer. */
export const pastInstant: Check = {
  name: 'past-instant',
  codes: ['K201'],
  always: true,
  scenario({ plans }, reporter) {
    for (const plan of plans) after(plan.body.operations, { from: 0, reason: undefined }, reporter)
  },
}

interface Clock {
  /** It is at least this late. */
  readonly from: number
  /** The statement that made it so. */
  readonly reason: Operation | undefined
}

const after = (operations: readonly Operation[], clock: Clock, reporter: Reporter): Clock =>
  operations.reduce((at, one) => next(one, at, reporter), clock)

const next = (operation: Operation, clock: Clock, reporter: Reporter): Clock => {
  const later = (micros: number): Clock => ({ from: clock.from + micros, reason: operation })
  switch (operation.kind) {
    case 'wait':
      return later(least(operation.amount))
    case 'at': {
      const time = greatest(operation.time)
      if (time === undefined) return clock
      if (time >= clock.from) return { from: Math.max(clock.from, least(operation.time)), reason: operation }
      reporter.report('K201', operation.span, `the clock is already past ${operation.text.slice('at'.length).trim()}`, {
        help: `it is at least t=${clock.from / 1_000_000}s here. Use \`wait\`, or move the step to \`background { }\``,
        labels: clock.reason === undefined ? [] : [{ span: clock.reason.span, text: 'after this' }],
      })
      return clock
    }
    case 'expect':
      // Only `for` alone takes its time for certain.
      return operation.expectation.for !== undefined && operation.expectation.within === undefined
        ? later(least(operation.expectation.for))
        : clock
    case 'scope':
    case 'on':
    case 'steps':
      return after(operation.body.operations, clock, reporter)
    case 'background':
    case 'repeat':
    case 'each':
    case 'every':
      after(operation.body.operations, clock, reporter)
      return clock
    case 'parallel':
      return operation.body.operations
        .map((one) => next(one, clock, reporter))
        .reduce((a, b) => (b.from > a.from ? b : a), clock)
    default:
      return clock
  }
}

const least = (time: Expression): number => {
  if (time.kind === 'literal') return time.value.type === 'duration' ? time.value.micros : 0
  if (time.kind === 'range') return least(time.from)
  if (time.kind === 'spread') return Math.max(0, least(time.base) - (greatest(time.by) ?? least(time.base)))
  return 0
}
const greatest = (time: Expression): number | undefined => {
  if (time.kind === 'literal') return time.value.type === 'duration' ? time.value.micros : undefined
  if (time.kind === 'range') return greatest(time.to)
  if (time.kind === 'spread') {
    const base = greatest(time.base)
    const by = greatest(time.by)
    return base === undefined || by === undefined ? undefined : base + by
  }
  return undefined
}

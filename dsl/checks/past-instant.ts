import type { Reporter } from '../diagnostics/report.ts'
import type { Expression } from '../plan/expression.ts'
import type { Operation } from '../plan/operation.ts'
import type { Check } from './check.ts'
import { durationText, greatest, leastClock, start, type Clock } from './least-clock.ts'

/** K201: an `at` or an `until now() >= …` that is past whatever happens, because the waits before it take longer. */
export const pastInstant: Check = {
  name: 'past-instant',
  codes: ['K201'],
  always: true,
  scenario({ plans }, reporter) {
    for (const plan of plans)
      leastClock(plan.body.operations, start, (operation, before) => look(operation, before, reporter))
  },
}

const look = (operation: Operation, clock: Clock, reporter: Reporter): void => {
  const past = (span: Operation['span'], text: string, advice: string): void =>
    reporter.report('K201', span, `the clock is already past ${text}`, {
      help: `it is at least t=${durationText(clock.from)} here. ${advice}`,
      labels: clock.reason === undefined ? [] : [{ span: clock.reason.span, text: 'after this' }],
    })
  if (operation.kind === 'at') {
    const time = greatest(operation.time)
    if (time !== undefined && time < clock.from)
      past(operation.span, operation.text.slice('at'.length).trim(), 'Use `wait`, or move the step to `background { }`')
  }
  if (operation.kind === 'expect' && operation.expectation.until !== undefined) {
    const time = reached(operation.expectation.until)
    if (time !== undefined && time <= clock.from)
      past(operation.expectation.until.span, durationText(time), 'So this holds at once: `until` waits for nothing')
  }
}

/** The instant that `now() >= 5m` waits for. */
const reached = (until: Expression): number | undefined => {
  if (until.kind !== 'compare' || (until.operator !== '>=' && until.operator !== '>')) return undefined
  const { left, right } = until
  return left.kind === 'call' && left.function === 'now' && right.kind === 'literal' && right.value.type === 'duration'
    ? right.value.micros
    : undefined
}

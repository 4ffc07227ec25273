import type { Expression } from '../plan/expression.ts'
import type { Operation } from '../plan/operation.ts'

export interface Clock {
  /** It is at least this late. */
  readonly from: number
  /** The statement that made it so. */
  readonly reason: Operation | undefined
}

export const start: Clock = { from: 0, reason: undefined }

/** How late it is at least after some operations; `visit` hears the clock before and after each one. */
export const leastClock = (
  operations: readonly Operation[],
  clock: Clock,
  visit: (operation: Operation, before: Clock, after: Clock) => void,
): Clock =>
  operations.reduce((before, one) => {
    const after = next(one, before, visit)
    visit(one, before, after)
    return after
  }, clock)

const next = (operation: Operation, clock: Clock, visit: Parameters<typeof leastClock>[2]): Clock => {
  const later = (micros: number): Clock => (micros === 0 ? clock : { from: clock.from + micros, reason: operation })
  switch (operation.kind) {
    case 'wait':
      return later(least(operation.amount))
    case 'at': {
      const time = least(operation.time)
      return time > clock.from ? { from: time, reason: operation } : clock
    }
    case 'expect':
      // Only `for` alone takes its time for certain.
      return operation.expectation.for !== undefined && operation.expectation.within === undefined
        ? later(least(operation.expectation.for))
        : clock
    case 'scope':
    case 'steps':
      return leastClock(operation.body.operations, clock, visit)
    case 'background':
    case 'each':
    case 'every':
      leastClock(operation.body.operations, clock, visit)
      return clock
    case 'repeat': {
      const once = leastClock(operation.body.operations, clock, visit)
      const times =
        operation.times.kind === 'literal' && operation.times.value.type === 'int' ? operation.times.value.value : 0
      return times > 0 ? later((once.from - clock.from) * times) : clock
    }
    case 'parallel':
      return operation.body.operations
        .map((one) => leastClock([one], clock, visit))
        .reduce((a, b) => (b.from > a.from ? b : a), clock)
    default:
      return clock
  }
}

/** The shortest that a duration can be. */
export const least = (time: Expression): number => {
  if (time.kind === 'literal') return time.value.type === 'duration' ? time.value.micros : 0
  if (time.kind === 'range') return least(time.from)
  if (time.kind === 'spread') return Math.max(0, least(time.base) - (greatest(time.by) ?? least(time.base)))
  return 0
}

/** The longest; undefined: only the run knows. */
export const greatest = (time: Expression): number | undefined => {
  if (time.kind === 'literal') return time.value.type === 'duration' ? time.value.micros : undefined
  if (time.kind === 'range') return greatest(time.to)
  if (time.kind === 'spread') {
    const base = greatest(time.base)
    const by = greatest(time.by)
    return base === undefined || by === undefined ? undefined : base + by
  }
  return undefined
}

/** `1h30m` */
export const durationText = (micros: number): string => {
  const units: readonly (readonly [string, number])[] = [['d', 86_400_000_000], ['h', 3_600_000_000], ['m', 60_000_000], ['s', 1_000_000], ['ms', 1000]] // prettier-ignore
  let rest = micros
  let out = ''
  for (const [unit, size] of units) {
    const n = Math.floor(rest / size)
    if (n > 0) out += `${n}${unit}`
    rest -= n * size
  }
  return out === '' ? '0s' : out
}

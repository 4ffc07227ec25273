import type { Json, JsonObject, Observed, RecordedCase } from './recorded-case.ts'
import { textOf } from './text-of.ts'

const second = 1000

/** Whether two values agree; numbers that are times may differ by the case's tolerance. */
const agree = (a: Json | undefined, b: Json | undefined, tolerance: number): boolean => {
  if (a === b) return true
  if (typeof a === 'number' && typeof b === 'number') return tolerance > 0 && Math.abs(a - b) <= tolerance
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((one, index) => agree(one, b[index], tolerance))
    )
  }
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  for (const key of keys) {
    const isTime = timeKeys.has(key)
    if (
      !agree(
        a[key],
        b[key],
        isTime || typeof a[key] === 'object'
          ? key === 'atMs'
            ? tolerance
            : tolerance > 0
              ? tolerance + second
              : 0
          : 0,
      )
    ) {
      return false
    }
  }
  return true
}

const timeKeys = new Set(['atMs', 'lastTransitionTime', 'startedAt', 'finishedAt', 'startTime', 'lastHeartbeatTime'])

const difference = (
  what: string,
  expected: readonly Json[],
  actual: readonly Json[],
  tolerance: number,
): string | undefined => {
  const length = Math.max(expected.length, actual.length)
  for (let index = 0; index < length; index += 1) {
    if (
      expected[index] !== undefined &&
      actual[index] !== undefined &&
      agree(expected[index], actual[index], tolerance)
    )
      continue
    const show = (value: Json | undefined): string => (value === undefined ? '(none)' : JSON.stringify(sorted(value)))
    return `${what}[${index}] (${expected.length} recorded, ${actual.length} ours)\n  recorded: ${show(expected[index])}\n  ours:     ${show(actual[index])}`
  }
  return undefined
}

const sorted = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key]!)]),
  )
}

const podsOf = (list: readonly JsonObject[]): readonly string[] =>
  [...new Set(list.map((entry) => textOf(entry['pod'])))].sort()

/** The sequence of statuses of each pod, events, calls, writes and what remains, all with their moments. */
export const compareCase = (recorded: RecordedCase, ours: Observed): string | undefined => {
  const tolerance = recorded.toleranceMs ?? 0
  const problems: string[] = []
  const check = (what: string, expected: readonly Json[], actual: readonly Json[]): void => {
    const found = difference(what, expected, actual, tolerance)
    if (found !== undefined) problems.push(found)
  }
  check('cri', recorded.cri, ours.cri)
  check('events', recorded.events, ours.events)
  for (const pod of new Set([...podsOf(recorded.statuses), ...podsOf(ours.statuses)])) {
    const mine = (list: readonly JsonObject[]): readonly JsonObject[] => list.filter((entry) => entry['pod'] === pod)
    check(`statuses of ${pod}`, mine(recorded.statuses), mine(ours.statuses))
  }
  check('writes', recorded.writes, ours.writes)
  if (recorded.nodeWrites !== undefined) check('nodeWrites', recorded.nodeWrites, ours.nodeWrites ?? [])
  check('remaining', recorded.remaining, ours.remaining)
  return problems.length === 0 ? undefined : problems.join('\n')
}

/** Moments out of a list of what happened, and what else is counted from them. */
const withoutTimes = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(withoutTimes)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !timeKeys.has(key))
      .map(([key, inner]) => [key, withoutTimes(inner)]),
  )
}
const stripped = <T extends RecordedCase | Observed>(from: T): T => ({
  ...from,
  ...Object.fromEntries(
    (['cri', 'events', 'statuses', 'writes', 'nodeWrites', 'remaining'] as const).flatMap((key) =>
      from[key] === undefined ? [] : [[key, withoutTimes(from[key] as Json)]],
    ),
  ),
})

/** The sequences alone: the same things, in the same order, whenever they happened. */
export const compareUntimed = (recorded: RecordedCase, ours: Observed): string | undefined =>
  compareCase(stripped(recorded), stripped(ours))

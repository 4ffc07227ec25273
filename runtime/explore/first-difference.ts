import { structuralHash } from '../../api/json/structural-hash.ts'
import type { Timeline } from '../record/timeline.ts'

export interface Difference {
  readonly entry: number
  readonly at: number
  readonly first: string
  readonly second: string
}

const line = (timeline: Timeline, entry: number): string =>
  entry >= timeline.length
    ? 'nothing: the run had ended'
    : `${timeline.kind(entry)} ${timeline.actor(entry)} ${timeline.action(entry)} ${timeline.subject(entry)}`

/** The first entry in which two runs differ; undefined: they are the same run. */
export const firstDifference = (a: Timeline, b: Timeline): Difference | undefined => {
  const length = Math.max(a.length, b.length)
  for (let entry = 0; entry < length; entry += 1) {
    const same =
      entry < a.length &&
      entry < b.length &&
      a.time(entry) === b.time(entry) &&
      a.cause(entry) === b.cause(entry) &&
      line(a, entry) === line(b, entry) &&
      structuralHash(a.data(entry) ?? null) === structuralHash(b.data(entry) ?? null)
    if (same) continue
    const of = entry < a.length ? a : b
    return { entry, at: of.time(entry), first: line(a, entry), second: line(b, entry) }
  }
  return undefined
}

import type { Record } from '../../runtime/record/record.ts'
import type { PackedRecord } from './packed-record.ts'
import { unpackTimeline } from './unpack-timeline.ts'

/** The record that was packed. */
export const unpackRecord = (packed: PackedRecord): Record => {
  const { timeline: _timeline, start: _start, resources: _resources, choices, note, ...plain } = packed
  const { timeline, start } = unpackTimeline(packed)
  const draws: { label: string; n: number; value: number }[] = []
  for (let at = 0; at < choices.draws.length; at += 3)
    draws.push({ label: choices.labels[choices.draws[at]!]!, n: choices.draws[at + 1]!, value: choices.draws[at + 2]! })
  return { ...plain, note: note ?? undefined, choices: draws, timeline, ...(start === undefined ? {} : { start }) }
}

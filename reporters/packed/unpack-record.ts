import { builtinScheme } from '../../api/scheme/builtin-scheme.ts'
import type { Record } from '../../runtime/record/record.ts'
import type { PackedRecord } from './packed-record.ts'
import { unpackTimeline } from './unpack-timeline.ts'

/** The record that was packed. */
export const unpackRecord = (packed: PackedRecord): Record => {
  const { timeline: _timeline, start: _start, resources: _resources, choices, note, ...plain } = packed
  const scheme = builtinScheme()
  // A built-in resource is one object in the whole process: it is compared by identity.
  const resources = packed.resources.map((one) => {
    const known = scheme.byPath(one.group, one.version, one.plural)
    return known !== undefined && known.id === one.id ? known : one
  })
  const { timeline, start } = unpackTimeline({ ...packed, resources })
  const draws: { label: string; n: number; value: number }[] = []
  for (let at = 0; at < choices.draws.length; at += 3)
    draws.push({ label: choices.labels[choices.draws[at]!]!, n: choices.draws[at + 1]!, value: choices.draws[at + 2]! })
  return { ...plain, note: note ?? undefined, choices: draws, timeline, ...(start === undefined ? {} : { start }) }
}

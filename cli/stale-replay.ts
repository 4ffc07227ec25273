import { nounOf } from '../api/noun-of.ts'
import { printTime } from '../reporters/print-time.ts'
import { entryText } from '../reporters/recent-entries.ts'
import { visibleText } from '../reporters/visible-text.ts'
import { partingFrom } from '../runtime/explore/timeline-path.ts'
import type { Record } from '../runtime/record/record.ts'
import type { Timeline } from '../runtime/record/timeline.ts'

/** What is known of a run that is to come again: the hash of its timeline, and the way it went. */
export interface KnownRun {
  readonly hash: string
  readonly path: string
}

/** Of a saved regression: the line of its head that `--save-regressions` wrote. */
export const readKnownRun = (text: string): KnownRun | undefined => {
  const found = /^# timeline\s+([0-9a-f]{16})(?:\.([\w-]+))?$/m.exec(text)
  return found === null ? undefined : { hash: found[1]!, path: found[2] ?? '' }
}

const most = 8

const lineOf = (timeline: Timeline, entry: number): string => {
  const text =
    entryText(timeline, entry) ??
    `${timeline.actor(entry)}: ${timeline.kind(entry)} ${timeline.action(entry)} ${nounOf(timeline.subject(entry))}`
  return visibleText(`  ${printTime(timeline.time(entry)).padEnd(12)} ${text}`)
}

/** Where the run above left the way of the one that was found. */
const partingLines = ({ path }: KnownRun, { timeline }: Record): readonly string[] => {
  const parting = partingFrom(path, timeline)
  if (parting === undefined) return []
  const { entry, from, length } = parting
  const size = `${length} entries then, ${timeline.length} now`
  if (entry >= timeline.length) return [`It goes the same way, and ends before it: ${size}.`]
  if (from >= length)
    return [`It goes the same way, and then on: ${size}. The first event more:`, lineOf(timeline, from)]
  const first = Math.max(from, entry - most + 1)
  const events = Array.from({ length: entry - first + 1 }, (_, index) => lineOf(timeline, first + index))
  return [
    `They part at entry ${entry + 1} of ${length}, ${printTime(timeline.time(entry))}, or at one of the few before it. These were in this run:`,
    ...events,
  ]
}

/** A replay that is another run, and where it became one. */
export const staleReplay = (known: KnownRun, record: Record): string =>
  [
    '',
    `stale-replay: this is not the run that was found (timeline ${record.hash}, not ${known.hash}).`,
    ...partingLines(known, record),
    'The control plane or the scenario has changed since; what is above is what it does now.',
    '',
  ].join('\n')

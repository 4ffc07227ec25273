import type { RequestNote } from '../record/request-note.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Record } from '../record/record.ts'
import { isWrite, processOf } from '../runner/disturb.ts'

/** What an undisturbed run teaches about where one could be disturbed. */
export interface Reference {
  /** Actors that did something after the cluster had booted, sorted. */
  readonly actors: readonly string[]
  /** Every write of a process: where it could have died, or could have stopped hearing what comes of it. */
  readonly writes: readonly { readonly process: string; readonly write: number; readonly at: Micros }[]
  readonly duration: number
}

const outside = /^(script|judge|faults|probe)/

export const learnReference = (record: Record): Reference => {
  const { timeline } = record
  const actors = new Set<string>()
  const counts = new Map<string, number>()
  const writes: { process: string; write: number; at: Micros }[] = []
  for (let entry = 0; entry < timeline.length; entry += 1) {
    const booting = timeline.time(entry) < 0
    if (!booting && !outside.test(timeline.actor(entry))) actors.add(timeline.actor(entry))
    if (timeline.kind(entry) !== 'request') continue
    const note = timeline.data(entry) as RequestNote
    const process = processOf(note)
    if (booting || process === undefined || !isWrite(note)) continue
    const write = (counts.get(process) ?? 0) + 1
    counts.set(process, write)
    writes.push({ process, write, at: timeline.time(entry) })
  }
  return { actors: [...actors].sort(), writes, duration: record.duration }
}

import { isWrite, processOf } from '../runner/disturb.ts'
import type { RequestNote } from '../record/request-note.ts'
import type { Timeline } from '../record/timeline.ts'

/** A process that does the same again and again, and comes to no end. */
export interface Livelock {
  readonly process: string
  /** What it does in each round: `create pods/default/web-*`. */
  readonly round: readonly string[]
  readonly rounds: number
}

/** Fewer could be a controller that is nearly there. */
const fewestRounds = 5
const fewestWrites = 10
const longestRound = 20

/** Without what an API server draws for a name. */
const withoutDrawn = (subject: string): string => subject.replace(/-[bcdfghjklmnpqrstvwxz2456789]{5}$/, '-*')

/** The shortest round that the last of these are made of; undefined: there is none. */
const roundOf = (lines: readonly string[]): Omit<Livelock, 'process'> | undefined => {
  for (let period = 1; period <= longestRound; period += 1) {
    let same = 0
    while (same + period < lines.length && lines[lines.length - 1 - same] === lines[lines.length - 1 - same - period])
      same += 1
    const rounds = Math.floor(same / period) + 1
    if (rounds >= fewestRounds && rounds * period >= fewestWrites) return { round: lines.slice(-period), rounds }
  }
  return undefined
}

/** Of a run that came to no end: the first process, by its name, whose last writes repeat themselves up to the end. */
export const livelockIn = (timeline: Timeline): Livelock | undefined => {
  const writes = new Map<string, string[]>()
  const last = new Map<string, number>()
  for (let entry = 0; entry < timeline.length; entry += 1) {
    if (timeline.kind(entry) !== 'request' || timeline.time(entry) < 0) continue
    const note = timeline.data(entry) as RequestNote
    const process = processOf(note)
    if (process === undefined || !isWrite(note) || note.resource.startsWith('leases')) continue
    const part = note.subresource === undefined ? '' : `/${note.subresource}`
    const line = `${note.verb} ${withoutDrawn(timeline.subject(entry))}${part}`
    const own = writes.get(process)
    if (own === undefined) writes.set(process, [line])
    else own.push(line)
    last.set(process, timeline.time(entry))
  }
  const end = timeline.length === 0 ? 0 : timeline.time(timeline.length - 1)
  for (const process of [...writes.keys()].sort()) {
    const found = roundOf(writes.get(process)!)
    // Who stopped long ago is not what keeps it going.
    if (found !== undefined && last.get(process)! >= end - end / 4) return { process, ...found }
  }
  return undefined
}

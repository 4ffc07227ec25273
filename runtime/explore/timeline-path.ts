import { createTimelineFold } from '../record/timeline-fold.ts'
import type { Timeline } from '../record/timeline.ts'

/** Places along a run at which one bit of its rolling hash is kept: 43 characters of a token. */
const most = 256
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

const placesOf = (length: number): number => Math.min(most, length)
/** The last entry that the place has heard of. */
const entryAt = (place: number, length: number): number => Math.floor(((place + 1) * length) / placesOf(length)) - 1

/** One bit a place: those that a run of so many entries had. */
const bitsOf = (timeline: Timeline, length: number): readonly number[] => {
  const fold = createTimelineFold(timeline)
  const bits: number[] = []
  for (let entry = 0; entry < Math.min(length, timeline.length); entry += 1) {
    fold.add(entry)
    if (entry === entryAt(bits.length, length)) bits.push((fold.words[0] ^ (fold.words[0] >>> 16)) & 1)
  }
  return bits
}

/** The way of a run, short enough for a token: from it a run that goes another way can be told where it left. */
export const timelinePath = (timeline: Timeline): string => {
  const { length } = timeline
  const bits = bitsOf(timeline, length)
  let text = ''
  for (let at = 0; at < bits.length; at += 6)
    text += letters[bits.slice(at, at + 6).reduce((word, bit, place) => word | (bit << place), 0)]!
  return `${length.toString(36)}-${text}`
}

/** Where a run has left the way of another. */
export interface Parting {
  /** The first entry by which they differ for certain; the number of entries: it ends before the other does. */
  readonly entry: number
  /** From here on it may have begun: before it they were the same, but for one chance in sixteen. */
  readonly from: number
  /** How many entries the other run has. */
  readonly length: number
}

/** undefined: as far as can be told, the run went that way. */
export const partingFrom = (path: string, timeline: Timeline): Parting | undefined => {
  const found = /^([0-9a-z]+)-([\w-]*)$/.exec(path)
  if (found === null) return undefined
  const length = parseInt(found[1]!, 36)
  const bits = bitsOf(timeline, length)
  const was = (place: number): number => (letters.indexOf(found[2]![Math.floor(place / 6)] ?? '') >> (place % 6)) & 1
  const wrong = bits.findIndex((bit, place) => bit !== was(place))
  if (wrong < 0) {
    const last = Math.min(timeline.length, length)
    return timeline.length === length ? undefined : { entry: last, from: last, length }
  }
  const entry = entryAt(wrong, length)
  // Behind a difference every bit is as likely right as wrong: it began at the last four places, or before.
  return { entry, from: wrong < 4 ? 0 : entryAt(wrong - 4, length) + 1, length }
}

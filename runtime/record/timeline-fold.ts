import { structuralHash } from '../../api/json/structural-hash.ts'
import type { Timeline } from './timeline.ts'

/** A rolling hash over entries, in order: over each one's instant, kind, actor, action, subject, cause and data. */
export interface TimelineFold {
  add(entry: number): void
  /** Of all that was added: two words of 32 bits. */
  readonly words: readonly [number, number]
}

export const createTimelineFold = (timeline: Timeline): TimelineFold => {
  let a = 0x243f6a88
  let b = 0x85a308d3
  const fold = (word: number): void => {
    a = Math.imul(a ^ word, 0x01000193)
    b = Math.imul(b ^ (word >>> 15) ^ (word << 17), 0x85ebca6b)
    a ^= b >>> 13
  }
  return {
    add(entry) {
      const time = timeline.time(entry)
      fold(time % 4294967296)
      fold(Math.floor(time / 4294967296))
      fold(timeline.cause(entry))
      fold(structuralHash(timeline.kind(entry)))
      fold(structuralHash(timeline.actor(entry)))
      fold(structuralHash(timeline.action(entry)))
      fold(structuralHash(timeline.subject(entry)))
      fold(structuralHash(timeline.data(entry) ?? null))
    },
    get words(): readonly [number, number] {
      return [a >>> 0, b >>> 0]
    },
  }
}

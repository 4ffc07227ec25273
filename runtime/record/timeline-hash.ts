import { structuralHash } from '../../api/json/structural-hash.ts'
import type { Timeline } from './timeline.ts'

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0')

/**
 * A hash over every entry's instant, kind, actor, action, subject, cause and data, in order. Computed when somebody asks: the
 * entries are frozen, so nothing is lost by waiting, and what nobody asks for costs nothing.
 */
export const timelineHash = (timeline: Timeline): string => {
  let a = 0x243f6a88
  let b = 0x85a308d3
  const fold = (word: number): void => {
    a = Math.imul(a ^ word, 0x01000193)
    b = Math.imul(b ^ (word >>> 15) ^ (word << 17), 0x85ebca6b)
    a ^= b >>> 13
  }
  for (let entry = 0; entry < timeline.length; entry += 1) {
    const time = timeline.time(entry)
    fold(time % 4294967296)
    fold(Math.floor(time / 4294967296))
    fold(timeline.cause(entry))
    fold(structuralHash(timeline.kind(entry)))
    fold(structuralHash(timeline.actor(entry)))
    fold(structuralHash(timeline.action(entry)))
    fold(structuralHash(timeline.subject(entry)))
    fold(structuralHash(timeline.data(entry) ?? null))
  }
  return hex(a) + hex(b)
}

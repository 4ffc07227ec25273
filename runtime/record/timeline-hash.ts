import { createTimelineFold } from './timeline-fold.ts'
import type { Timeline } from './timeline.ts'

const hex = (word: number): string => word.toString(16).padStart(8, '0')

/** A hash over all entries. Computed when somebody asks: they are frozen, so nothing is lost by waiting, and what nobody asks for costs nothing. */
export const timelineHash = (timeline: Timeline): string => {
  const fold = createTimelineFold(timeline)
  for (let entry = 0; entry < timeline.length; entry += 1) fold.add(entry)
  const [a, b] = fold.words
  return hex(a) + hex(b)
}

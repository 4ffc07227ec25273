import type { Timeline } from '../../runtime/record/timeline.ts'

/** The instants of a run at which something happened, and how many entries had happened when each was over. */
export interface Instants {
  readonly times: readonly number[]
  /** Index of the last instant at or before a time; 0 where there is none. */
  indexAt(time: number): number
  entriesAt(time: number): number
}

/** What happened before t=0 is one instant: the cluster as the scenario finds it. */
export const createInstants = (timeline: Timeline): Instants => {
  const times: number[] = [0]
  const entries: number[] = [0]
  for (let entry = 0; entry < timeline.length; entry += 1) {
    const time = Math.max(0, timeline.time(entry))
    if (time !== times.at(-1)) {
      times.push(time)
      entries.push(entry)
    }
    entries[entries.length - 1] = entry + 1
  }
  const indexAt = (time: number): number => {
    let low = 0
    let high = times.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (times[middle]! <= time) low = middle + 1
      else high = middle
    }
    return Math.max(0, low - 1)
  }
  return { times, indexAt, entriesAt: (time) => entries[indexAt(time)]! }
}

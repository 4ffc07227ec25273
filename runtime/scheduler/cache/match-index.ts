import type { PodInfo } from '../pod-info.ts'
import { count, createSlotCounter, type SlotCounter } from './slot-counter.ts'

/** What is counted: two queries with the same text count the same pods. */
export interface PodQuery {
  readonly text: string
  /** Only pods of this namespace; undefined: of all. */
  readonly namespace: string | undefined
  readonly matches: (pod: PodInfo) => boolean
}

interface Entry {
  readonly query: PodQuery
  readonly counter: SlotCounter
}

/** How many pods of each node answer to a query; counted once, then kept up with every pod that comes or goes. */
export interface MatchIndex {
  counter(query: PodQuery, everyPod: (visit: (slot: number, pod: PodInfo) => void) => void): SlotCounter
  change(slot: number, pod: PodInfo, delta: number): void
  forgetSums(): void
  /** What a query depends on beside the pods (the labels of a namespace) has changed. */
  clear(): void
}

const mostQueries = 256

export const createMatchIndex = (capacity: () => number): MatchIndex => {
  const entries = new Map<string, Entry>()
  const change = (entry: Entry, slot: number, pod: PodInfo, delta: number): void => {
    const { namespace, matches } = entry.query
    if ((namespace === undefined || namespace === pod.namespace) && matches(pod)) count(entry.counter, slot, delta)
  }
  return {
    counter(query, everyPod) {
      const known = entries.get(query.text)
      if (known !== undefined) {
        // Re-inserted, so that the first of the map is the one that was not asked for longest.
        entries.delete(query.text)
        entries.set(query.text, known)
        return known.counter
      }
      const entry: Entry = { query, counter: createSlotCounter(capacity()) }
      everyPod((slot, pod) => change(entry, slot, pod, 1))
      entries.set(query.text, entry)
      if (entries.size > mostQueries)
        for (const oldest of entries.keys()) {
          entries.delete(oldest)
          break
        }
      return entry.counter
    },
    change(slot, pod, delta) {
      for (const entry of entries.values()) change(entry, slot, pod, delta)
    },
    forgetSums() {
      for (const entry of entries.values()) entry.counter.sums.length = 0
    },
    clear: () => entries.clear(),
  }
}

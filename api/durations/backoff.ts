/** One item's back-off. Times and delays are in one unit of the caller's choice. */
export interface Backoff {
  /** Current delay; 0 without an entry. */
  get(id: string): number
  /** Doubles the delay up to the maximum; begins anew once the item was calm for twice the maximum. */
  next(id: string, eventTime: number, now: number): void
  /** Still to wait, counted from an event? */
  isInBackOffSince(id: string, eventTime: number, now: number): boolean
  /** Still to wait, counted from the last update? */
  isInBackOffSinceUpdate(id: string, eventTime: number): boolean
  reset(id: string): void
  gc(now: number): void
}

/** flowcontrol.Backoff without jitter. */
export const createBackoff = (initial: number, max: number): Backoff => {
  const entries = new Map<string, { delay: number; updated: number }>()
  const expired = (time: number, updated: number): boolean => time - updated > max * 2
  return {
    get: (id) => entries.get(id)?.delay ?? 0,
    next: (id, eventTime, now) => {
      const entry = entries.get(id)
      const delay = entry === undefined || expired(eventTime, entry.updated) ? initial : Math.min(entry.delay * 2, max)
      entries.set(id, { delay, updated: now })
    },
    isInBackOffSince: (id, eventTime, now) => {
      const entry = entries.get(id)
      return entry !== undefined && !expired(eventTime, entry.updated) && now - eventTime < entry.delay
    },
    isInBackOffSinceUpdate: (id, eventTime) => {
      const entry = entries.get(id)
      return entry !== undefined && !expired(eventTime, entry.updated) && eventTime - entry.updated < entry.delay
    },
    reset: (id) => {
      entries.delete(id)
    },
    gc: (now) => {
      for (const [id, entry] of entries) if (expired(now, entry.updated)) entries.delete(id)
    },
  }
}

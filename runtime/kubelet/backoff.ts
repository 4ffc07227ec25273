import type { Micros } from '../kernel/micros.ts'

/** client-go util/flowcontrol: Backoff, without jitter. */
export interface Backoff {
  get(id: string): Micros
  next(id: string, since: Micros): void
  /** Measured from an event, such as the end of the last run. */
  inBackoffSince(id: string, since: Micros): boolean
  inBackoffSinceUpdate(id: string, at: Micros): boolean
}

export interface BackoffOptions {
  readonly initial: Micros
  readonly max: Micros
  readonly now: () => Micros
  /** Last moment at or before now at which expired entries were thrown away; undefined if nothing but `next` does. */
  readonly collectedAt?: () => Micros
}

interface Entry {
  delay: Micros
  updatedAt: Micros
}

export const createBackoff = (options: BackoffOptions): Backoff => {
  const { initial, max, now, collectedAt } = options
  const entries = new Map<string, Entry>()
  const expired = (entry: Entry, at: Micros): boolean => at - entry.updatedAt > 2 * max
  /** Upstream's periodic GC would have dropped an expired entry by now: the same, without its ticks. */
  const find = (id: string): Entry | undefined => {
    const entry = entries.get(id)
    if (entry === undefined) return undefined
    if (collectedAt !== undefined && expired(entry, collectedAt())) {
      entries.delete(id)
      return undefined
    }
    return entry
  }
  return {
    get: (id) => find(id)?.delay ?? 0,
    next(id, since) {
      const entry = find(id)
      if (entry === undefined || expired(entry, since)) entries.set(id, { delay: initial, updatedAt: now() })
      else {
        entry.delay = Math.min(entry.delay * 2, max)
        entry.updatedAt = now()
      }
    },
    inBackoffSince(id, since) {
      const entry = find(id)
      return entry !== undefined && !expired(entry, since) && now() - since < entry.delay
    },
    inBackoffSinceUpdate(id, at) {
      const entry = find(id)
      return entry !== undefined && !expired(entry, at) && at - entry.updatedAt < entry.delay
    },
  }
}

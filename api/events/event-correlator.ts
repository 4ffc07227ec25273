import { createTokenBucket, type TokenBucket } from './token-bucket.ts'

// client-go/tools/record/events_cache.go. Times are microseconds since 1970.

/** What of an event its correlation depends on. */
export interface CorrelatedEvent {
  readonly name: string
  readonly component: string
  readonly host: string
  readonly involvedObject: {
    readonly kind: string
    readonly namespace: string
    readonly name: string
    readonly uid: string
    readonly apiVersion: string
    readonly fieldPath: string
  }
  readonly type: string
  readonly reason: string
  readonly message: string
  readonly reportingController: string
  readonly reportingInstance: string
  readonly count: number
  readonly first: number
  readonly last: number
}

export interface EventCorrelator {
  /** The event as it is to be sent: created (count 1) or patched over an earlier one (a higher count); undefined: dropped. */
  correlate(event: CorrelatedEvent, now: number): CorrelatedEvent | undefined
  /** The event was sent: what follows it counts on. */
  sent(event: CorrelatedEvent): void
}

const maxEntries = 4096
const maxSimilar = 10
const aggregationInterval = 600_000_000
const spamBurst = 25
/** One event in five minutes, as a float32. */
const spamRate: number = Math.fround(1 / 300)

/** An LRU cache: Map keeps the order of insertion, and what is used is inserted anew. */
const createCache = <T>(): { get(key: string): T | undefined; set(key: string, value: T): void } => {
  const entries = new Map<string, T>()
  return {
    get: (key) => {
      const value = entries.get(key)
      if (value !== undefined) {
        entries.delete(key)
        entries.set(key, value)
      }
      return value
    },
    set: (key, value) => {
      entries.delete(key)
      entries.set(key, value)
      if (entries.size <= maxEntries) return
      for (const oldest of entries.keys()) {
        entries.delete(oldest)
        return
      }
    },
  }
}

const objectOf = ({ component, host, involvedObject: { kind, namespace, name } }: CorrelatedEvent): string =>
  component + host + kind + namespace + name

const eventKey = (event: CorrelatedEvent): string => {
  const { uid, apiVersion, fieldPath } = event.involvedObject
  return objectOf(event) + fieldPath + uid + apiVersion + event.type + event.reason + event.message
}

const spamKey = (event: CorrelatedEvent): string =>
  objectOf(event) + event.involvedObject.uid + event.involvedObject.apiVersion + event.type

const aggregateKey = (event: CorrelatedEvent): string =>
  spamKey(event) + event.reason + event.reportingController + event.reportingInstance

interface Aggregate {
  readonly messages: Set<string>
  readonly last: number
}
interface Seen {
  readonly count: number
  readonly first: number
  readonly name: string
}

/** NewEventCorrelator: counts repetitions, combines similar events, and drops what comes too often. */
export const createEventCorrelator = (): EventCorrelator => {
  const aggregates = createCache<Aggregate>()
  const seen = createCache<Seen>()
  const limits = createCache<TokenBucket>()

  const remember = (key: string, { count, first, name }: CorrelatedEvent): void => {
    seen.set(key, { count, first, name })
  }

  /** EventAggregate: from the tenth different message on, similar events are one. */
  const aggregate = (event: CorrelatedEvent, now: number): readonly [CorrelatedEvent, string] => {
    const key = aggregateKey(event)
    const known = aggregates.get(key)
    const messages = known === undefined || now - known.last > aggregationInterval ? new Set<string>() : known.messages
    messages.add(event.message)
    aggregates.set(key, { messages, last: now })
    if (messages.size < maxSimilar) return [event, eventKey(event)]
    // Differs: upstream lets go of any message, as Go's maps have no order; here it is the oldest.
    for (const oldest of messages) {
      messages.delete(oldest)
      break
    }
    const name = `${event.involvedObject.name}.${(BigInt(now) * 1000n).toString(16)}`
    const combined = {
      ...event,
      name,
      count: 1,
      first: now,
      last: now,
      message: `(combined from similar events): ${event.message}`,
    }
    return [combined, key]
  }

  return {
    correlate: (event, now) => {
      const [aggregated, key] = aggregate(event, now)
      const before = seen.get(key)
      const observed =
        before === undefined
          ? aggregated
          : { ...aggregated, name: before.name, first: before.first, count: before.count + 1 }
      remember(key, observed)
      const spam = spamKey(observed)
      const limit = limits.get(spam) ?? createTokenBucket(spamRate, spamBurst)
      limits.set(spam, limit)
      return limit.take(now) ? observed : undefined
    },
    sent: (event) => {
      remember(eventKey(event), event)
    },
  }
}

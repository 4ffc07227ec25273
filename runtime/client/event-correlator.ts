import type { ObjectReference } from '../../api/types/core-v1.generated.ts'
import { minute, second, type Micros } from '../kernel/micros.ts'
import { createTokenBucket, type TokenBucket } from './rate-limiter.ts'

/** An event as its source gave it. */
export interface RawEvent {
  readonly regarding: ObjectReference
  readonly component: string
  readonly host: string
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
}

/** What to write: a new event, or one more occurrence of a known one. */
export interface CorrelatedEvent {
  readonly message: string
  readonly count: number
  /** Name of the first occurrence: what is created, or counted up if `count` is above 1. */
  readonly name: string
  readonly firstAt: Micros
}

export interface EventCorrelator {
  /** `name` is that of a new event. undefined: the spam filter drops it (it counts all the same). */
  correlate(event: RawEvent, name: string, now: Micros): CorrelatedEvent | undefined
}

// client-go tools/record/events_cache.go
const maxLruCacheEntries = 4096
const defaultAggregateMaxEvents = 10
const defaultAggregateInterval: Micros = 10 * minute
const defaultSpamBurst = 25
const defaultSpamQps = 1 / 300

/** The least recently used entry goes when there are too many. */
const createLru = <V>(): { get(key: string): V | undefined; set(key: string, value: V): void } => {
  const entries = new Map<string, V>()
  return {
    get(key) {
      const value = entries.get(key)
      if (value === undefined) return undefined
      entries.delete(key)
      entries.set(key, value)
      return value
    },
    set(key, value) {
      entries.delete(key)
      entries.set(key, value)
      if (entries.size > maxLruCacheEntries) {
        const [oldest] = entries.keys()
        entries.delete(oldest!)
      }
    },
  }
}

interface Observation {
  count: number
  readonly firstAt: Micros
  readonly name: string
}

interface Aggregate {
  readonly messages: Set<string>
  lastAt: Micros
}

/**
 * client-go's EventCorrelator: equal events are counted up; from the tenth on, events that differ only in their message within ten
 * minutes become one "(combined from similar events)"; each source and object may send 25 at once and one per 300 s then.
 * Differs: when the set of messages is full, upstream drops an arbitrary one (map order), here the oldest.
 */
export const createEventCorrelator = (): EventCorrelator => {
  const observations = createLru<Observation>()
  const aggregates = createLru<Aggregate>()
  const buckets = createLru<TokenBucket>()

  const spam = (source: string, event: RawEvent, now: Micros): boolean => {
    const key = `${source}\u0000${event.type}`
    let bucket = buckets.get(key)
    if (bucket === undefined) {
      bucket = createTokenBucket(defaultSpamQps, defaultSpamBurst)
      buckets.set(key, bucket)
    }
    return !bucket.accept(now)
  }

  const aggregate = (source: string, event: RawEvent, now: Micros): { message: string; key: string } => {
    const path = event.regarding.fieldPath ?? ''
    const own = {
      message: event.message,
      key: `${source}\u0000${event.type}\u0000${event.reason}\u0000${path}\u0000${event.message}`,
    }
    const key = `${source}\u0000${event.type}\u0000${event.reason}`
    let record = aggregates.get(key)
    if (record === undefined || now - record.lastAt > defaultAggregateInterval) {
      record = { messages: new Set(), lastAt: now }
      aggregates.set(key, record)
    }
    record.messages.add(event.message)
    record.lastAt = now
    if (record.messages.size < defaultAggregateMaxEvents) return own
    const [oldest] = record.messages
    record.messages.delete(oldest!)
    return { message: `(combined from similar events): ${event.message}`, key }
  }

  return {
    correlate(event, name, now) {
      const { regarding } = event
      const source = [
        event.component,
        event.host,
        regarding.kind ?? '',
        regarding.namespace ?? '',
        regarding.name ?? '',
        regarding.uid ?? '',
        regarding.apiVersion ?? '',
      ].join('\u0000')
      const { message, key } = aggregate(source, event, now)
      let seen = observations.get(key)
      if (seen === undefined) {
        seen = { count: 0, firstAt: now, name }
        observations.set(key, seen)
      }
      seen.count += 1
      if (spam(source, event, now)) return undefined
      return { message, count: seen.count, name: seen.name, firstAt: seen.firstAt }
    },
  }
}

/** Sinks give up after this many tries (client-go tools/record/event.go: maxTriesPerEvent, defaultSleepDuration). */
export const maxTriesPerEvent = 12
export const eventRetryDelay: Micros = 10 * second

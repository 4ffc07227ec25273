import type { Key } from '../../api/kind.ts'
import { millisecond, second, type Micros } from '../kernel/micros.ts'

/** client-go util/workqueue TypedRateLimiter. */
export interface RateLimiter {
  /** How long the key must wait now; counts as one more failure. */
  when(key: Key, now: Micros): Micros
  forget(key: Key): void
  /** Failures so far: NumRequeues. */
  failures(key: Key): number
}

export interface RateLimiterOptions {
  readonly base?: Micros
  readonly max?: Micros
  /** Overall token bucket beside the back-off of each key; none if absent. */
  readonly qps?: number
  readonly burst?: number
}

/** client-go ItemExponentialFailureRateLimiter: base·2^failures, at most max. */
export const createBackoffLimiter = (base: Micros = 5 * millisecond, max: Micros = 1000 * second): RateLimiter => {
  const failures = new Map<Key, number>()
  return {
    when(key) {
      const count = failures.get(key) ?? 0
      failures.set(key, count + 1)
      let wait = base
      for (let doubled = 0; doubled < count && wait < max; doubled += 1) wait *= 2
      return Math.min(wait, max)
    },
    forget(key) {
      failures.delete(key)
    },
    failures: (key) => failures.get(key) ?? 0,
  }
}

/** golang.org/x/time/rate's Limiter as far as it is used: reservations of one token, in whole microseconds. */
export interface TokenBucket {
  /** Takes a token, now or in the future; how long to wait for it. */
  reserve(now: Micros): Micros
  /** Takes a token if there is one now. */
  accept(now: Micros): boolean
}

export const createTokenBucket = (qps: number, burst: number): TokenBucket => {
  // Time at which the bucket is full again, kept instead of a count of tokens: no fractions accumulate.
  let fullAt: Micros = Number.NEGATIVE_INFINITY
  const perToken = Math.round(second / qps)
  const waitFor = (now: Micros): Micros => {
    if (fullAt < now) fullAt = now
    return fullAt + perToken - now - burst * perToken
  }
  return {
    reserve(now) {
      const wait = waitFor(now)
      fullAt += perToken
      return Math.max(0, wait)
    },
    accept(now) {
      if (waitFor(now) > 0) return false
      fullAt += perToken
      return true
    },
  }
}

/** client-go DefaultTypedControllerRateLimiter: the longer of the key's back-off (5 ms … 1000 s) and a bucket of 10/s, burst 100. */
export const createControllerRateLimiter = (options: RateLimiterOptions = {}): RateLimiter => {
  const backoff = createBackoffLimiter(options.base, options.max)
  const bucket = createTokenBucket(options.qps ?? 10, options.burst ?? 100)
  return {
    when: (key, now) => Math.max(backoff.when(key, now), bucket.reserve(now)),
    forget: (key) => backoff.forget(key),
    failures: (key) => backoff.failures(key),
  }
}

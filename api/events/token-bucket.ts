/** golang.org/x/time/rate.Limiter as TryAccept uses it. Times are microseconds. */
export interface TokenBucket {
  /** Takes a token if there is one. */
  take(now: number): boolean
}

/** `rate` tokens a second, at most `burst` of them; it begins full. Computed in doubles, as upstream does. */
export const createTokenBucket = (rate: number, burst: number): TokenBucket => {
  let tokens = burst
  let last: number | undefined
  return {
    take: (now) => {
      const elapsed = last === undefined || now < last ? 0 : now - last
      const left = Math.min(burst, tokens + (elapsed / 1_000_000) * rate) - 1
      // What is missing counts only if it takes a whole nanosecond to come.
      if (left < 0 && Math.trunc((-left / rate) * 1_000_000_000) > 0) return false
      tokens = left
      last = now
      return true
    },
  }
}

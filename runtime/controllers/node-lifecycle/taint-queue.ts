import { createTokenBucket, type TokenBucket } from '../../client/rate-limiter.ts'
import { millisecond, type Micros } from '../../kernel/micros.ts'

/** pkg/controller/nodelifecycle/scheduler RateLimitedTimedQueue: a zone's nodes that wait for their NoExecute taint. */
export interface TaintQueue {
  /** Whether a node waits and could be let through at some time. */
  readonly waiting: boolean
  /** False: it is queued, or was let through and not taken off since. */
  add(node: string): boolean
  remove(node: string): boolean
  /** The next node that the limiter lets through now. It must be given back by `settle`. */
  next(now: Micros): string | undefined
  settle(node: string, done: boolean, now: Micros): void
  swapLimiter(qps: number, now: Micros): void
}

const retryAfter: Micros = 50 * millisecond

export const createTaintQueue = (initialQps: number): TaintQueue => {
  const known = new Set<string>()
  let queue: { readonly node: string; readonly at: Micros }[] = []
  let qps = initialQps
  let bucket: TokenBucket | undefined = createTokenBucket(initialQps, 1)
  return {
    get waiting() {
      return queue.length > 0 && qps > 0
    },
    add(node) {
      if (known.has(node)) return false
      known.add(node)
      queue.push({ node, at: -Infinity })
      return true
    },
    remove(node) {
      queue = queue.filter((one) => one.node !== node)
      return known.delete(node)
    },
    next(now) {
      const head = queue[0]
      if (head === undefined || head.at > now || bucket === undefined || !bucket.accept(now)) return undefined
      return head.node
    },
    settle(node, done, now) {
      queue = queue.filter((one) => one.node !== node)
      if (!done) queue.push({ node, at: now + retryAfter })
    },
    swapLimiter(next, now) {
      if (next === qps) return
      // A limiter that had nothing left hands that over.
      const spent = bucket === undefined || !bucket.accept(now)
      qps = next
      bucket = next > 0 ? createTokenBucket(next, 1) : undefined
      if (spent) bucket?.accept(now)
    },
  }
}

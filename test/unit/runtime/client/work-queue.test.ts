import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createBackoffLimiter,
  createControllerRateLimiter,
  createTokenBucket,
} from '../../../../runtime/client/rate-limiter.ts'
import { createWorkQueue } from '../../../../runtime/client/work-queue.ts'
import { createKernel } from '../../../../runtime/kernel/kernel.ts'

const setUp = (): { kernel: ReturnType<typeof createKernel>; queue: ReturnType<typeof createWorkQueue> } => {
  const kernel = createKernel({ seed: 'queue' })
  return { kernel, queue: createWorkQueue({ kernel, actor: kernel.actor('worker'), onReady: () => undefined }) }
}

describe('work queue', () => {
  it('gives a key to one worker at a time, and again after done if it was added meanwhile', () => {
    const { queue } = setUp()
    queue.add('a')
    queue.add('a')
    expect(queue.length).toBe(1)
    expect(queue.take()?.key).toBe('a')
    queue.add('a')
    expect(queue.length).toBe(0)
    queue.done('a')
    expect(queue.take()?.key).toBe('a')
    queue.done('a')
    expect(queue.take()).toBeUndefined()
  })

  it('remembers the entry that queued a key first', () => {
    const { kernel, queue } = setUp()
    kernel.cause = 7
    queue.add('a')
    kernel.cause = 8
    queue.add('a')
    expect(queue.take()).toEqual({ key: 'a', cause: 7 })
  })

  it('keeps the earlier of two delays', () => {
    const { kernel, queue } = setUp()
    queue.addAfter('a', 1000)
    queue.addAfter('a', 500)
    queue.addAfter('a', 800)
    while (kernel.step(499));
    expect(queue.length).toBe(0)
    while (kernel.step(500));
    expect(queue.length).toBe(1)
    expect(queue.take()?.key).toBe('a')
    queue.done('a')
    while (kernel.step(5000));
    expect(queue.length).toBe(0)
  })

  it('never has a key twice, whatever is done to it', () => {
    const step = fc.record({
      what: fc.constantFrom('add', 'take', 'done', 'later'),
      key: fc.constantFrom('a', 'b', 'c'),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { kernel, queue } = setUp()
        const held = new Set<string>()
        for (const { what, key } of steps) {
          if (what === 'add') queue.add(key)
          else if (what === 'later') queue.addAfter(key, 10)
          else if (what === 'done' && held.delete(key)) queue.done(key)
          else if (what === 'take') {
            const taken = queue.take()
            if (taken === undefined) continue
            expect(held.has(taken.key)).toBe(false)
            held.add(taken.key)
          }
          expect(queue.length + queue.working).toBeLessThanOrEqual(3)
        }
        while (kernel.step(100));
      }),
    )
  })

  it('drops everything when it is shut down', () => {
    const { kernel, queue } = setUp()
    queue.add('a')
    queue.addAfter('b', 10)
    queue.shutDown()
    while (kernel.step(100));
    queue.add('c')
    expect(queue.take()).toBeUndefined()
  })
})

describe('rate limiters', () => {
  it('double from 5 ms to 1000 s, and start over when forgotten', () => {
    const limiter = createBackoffLimiter()
    const waits = Array.from({ length: 20 }, () => limiter.when('a', 0))
    expect(waits.slice(0, 4)).toEqual([5_000, 10_000, 20_000, 40_000])
    expect(waits.at(-1)).toBe(1_000_000_000)
    expect(limiter.failures('a')).toBe(20)
    limiter.forget('a')
    expect(limiter.when('a', 0)).toBe(5_000)
  })

  it('give a burst at once and then a token in each interval', () => {
    const bucket = createTokenBucket(10, 3)
    expect([0, 1, 2, 3, 4].map(() => bucket.reserve(0))).toEqual([0, 0, 0, 100_000, 200_000])
    expect(bucket.reserve(1_000_000)).toBe(0)
    const early = createTokenBucket(10, 3)
    expect([0, 1, 2, 3].map(() => early.reserve(-30_000_000))).toEqual([0, 0, 0, 100_000])
    const strict = createTokenBucket(0.1, 1)
    expect([strict.accept(0), strict.accept(9_999_999), strict.accept(10_000_000)]).toEqual([true, false, true])
  })

  it('agree with a naive bucket of whole tokens', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 50 }), (gaps) => {
        const bucket = createTokenBucket(1, 4)
        let tokens = 4
        let now = 0
        for (const gap of gaps) {
          now += gap
          tokens = Math.min(4, tokens + gap)
          expect(bucket.accept(now * 1_000_000)).toBe(tokens >= 1)
          if (tokens >= 1) tokens -= 1
        }
      }),
    )
  })

  it('of a controller take the longer of both', () => {
    const limiter = createControllerRateLimiter()
    const waits = Array.from({ length: 120 }, (_, at) => limiter.when(`k${at}`, 0))
    expect(waits[99]).toBe(5_000)
    expect(waits[119]).toBe(2_000_000)
  })
})

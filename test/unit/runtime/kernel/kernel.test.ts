import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createKernel } from '../../../../runtime/kernel/kernel.ts'

describe('kernel', () => {
  it('runs events in the order of instant, actor, sequence', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(4)), { maxLength: 60 }), (wanted) => {
        const kernel = createKernel({ seed: 's' })
        const actors = [0, 1, 2, 3, 4].map((index) => kernel.actor(`a${index}`))
        const seen: [number, number, number][] = []
        wanted.forEach(([time, actor], index) => {
          kernel.at(time, actors[actor]!, () => seen.push([kernel.now, actor, index]))
        })
        while (kernel.step(Number.MAX_SAFE_INTEGER)) continue
        const sorted = wanted
          .map(([time, actor], index): [number, number, number] => [time, actor, index])
          .sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2])
        expect(seen).toEqual(sorted)
      }),
    )
  })

  it('runs script tracks after all cluster work of the instant, also what that work adds', () => {
    const kernel = createKernel({ seed: 's' })
    const script = kernel.actor('script/1', 'script')
    const cluster = kernel.actor('kubelet/a')
    const seen: string[] = []
    kernel.at(5, script, () => seen.push('script'))
    kernel.at(5, cluster, () => {
      seen.push('cluster')
      kernel.at(5, cluster, () => seen.push('more cluster'))
    })
    while (kernel.step(10)) continue
    expect(seen).toEqual(['cluster', 'more cluster', 'script'])
  })

  it('never runs a cancelled timer and never counts it as pending', () => {
    const kernel = createKernel({ seed: 's' })
    const actor = kernel.actor('a')
    let ran = 0
    const timer = kernel.after(5, actor, () => (ran += 1))
    expect(kernel.settled).toBe(false)
    kernel.cancel(timer)
    kernel.cancel(timer)
    expect(kernel.settled).toBe(true)
    expect(kernel.nextAt()).toBeUndefined()
    expect(kernel.step(100)).toBe(false)
    expect(ran).toBe(0)
  })

  it('is settled when only housekeeping and the script are pending', () => {
    const kernel = createKernel({ seed: 's' })
    kernel.after(1, kernel.actor('a'), () => undefined, { tag: 'housekeeping' })
    kernel.after(1, kernel.actor('script/1', 'script'), () => undefined)
    expect(kernel.settled).toBe(true)
    const timer = kernel.after(2, kernel.actor('a'), () => undefined, { label: 'pod/web restarts' })
    expect(kernel.settled).toBe(false)
    expect(kernel.pending()).toEqual([timer])
  })

  it('refuses the past and fractions of a microsecond', () => {
    const kernel = createKernel({ seed: 's', startAt: 10 })
    const actor = kernel.actor('a')
    expect(() => kernel.at(9, actor, () => undefined)).toThrow('not before now')
    expect(() => kernel.after(0.5, actor, () => undefined)).toThrow('whole microsecond')
  })

  it('refuses to jump over an event', () => {
    const kernel = createKernel({ seed: 's' })
    kernel.at(5, kernel.actor('a'), () => undefined)
    kernel.idleUntil(4)
    expect(kernel.now).toBe(4)
    expect(() => kernel.idleUntil(6)).toThrow('cannot jump')
    expect(() => kernel.idleUntil(3)).toThrow('backwards')
  })

  it('gives timers the cause of what scheduled them', () => {
    const kernel = createKernel({ seed: 's' })
    const actor = kernel.actor('a')
    const causes: number[] = []
    kernel.at(1, actor, () => {
      kernel.cause = 7
      kernel.after(1, actor, () => causes.push(kernel.cause))
      kernel.cause = 8
      kernel.after(1, actor, () => causes.push(kernel.cause))
    })
    kernel.at(2, kernel.actor('b'), () => causes.push(kernel.cause))
    while (kernel.step(10)) continue
    expect(causes).toEqual([7, 8, -1])
  })

  it('draws the order of one instant when asked to, and repeats it from the recorded choices', () => {
    const run = (seed: string, replay?: Parameters<typeof createKernel>[0]['replay']) => {
      const kernel = createKernel({ seed, interleaving: 'drawn', ...(replay === undefined ? {} : { replay }) })
      const order: number[] = []
      for (let index = 0; index < 6; index += 1) kernel.at(1, kernel.actor(`a${index}`), () => order.push(index))
      while (kernel.step(1)) continue
      return { order: order.join(''), choices: kernel.choices }
    }
    const orders = new Set(Array.from({ length: 20 }, (_, seed) => run(`${seed}`).order))
    expect(orders.size).toBeGreaterThan(10)
    const first = run('one')
    expect(run('other', first.choices).order).toBe(first.order)
  })
})

describe('choose', () => {
  it('draws from a stream of its own for each label', () => {
    const only = createKernel({ seed: 's' })
    const alone = Array.from({ length: 10 }, () => only.choose('latency', 1000))
    const both = createKernel({ seed: 's' })
    const mixed = Array.from({ length: 10 }, () => {
      both.choose('ties', 7)
      return both.choose('latency', 1000)
    })
    expect(mixed).toEqual(alone)
  })

  it('stays inside 0 … n−1, and records nothing where there is no choice', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 4294967296 }), (seed, n) => {
        const kernel = createKernel({ seed })
        const value = kernel.choose('x', n)
        expect(value).toBeGreaterThanOrEqual(0)
        expect(value).toBeLessThan(n)
        expect(kernel.choices.length).toBe(n === 1 ? 0 : 1)
      }),
    )
  })

  it('gives the same values for the same seed for ever', () => {
    const kernel = createKernel({ seed: 'fixed' })
    expect(Array.from({ length: 8 }, () => kernel.choose('x', 1_000_000))).toMatchInlineSnapshot(`
      [
        25389,
        399994,
        60400,
        73087,
        384009,
        788932,
        327859,
        232128,
      ]
    `)
  })

  it('refuses an impossible question', () => {
    expect(() => createKernel({ seed: 's' }).choose('x', 0)).toThrow('at least one alternative')
  })
})

import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Operator, Ruling } from '../../../runtime/expect/operators/operator.ts'
import { createAlwaysWithin } from '../../../runtime/expect/operators/always-within.ts'
import { createAlways } from '../../../runtime/expect/operators/always.ts'
import { createBefore } from '../../../runtime/expect/operators/before.ts'
import { createEventually } from '../../../runtime/expect/operators/eventually.ts'
import { createNeverFor } from '../../../runtime/expect/operators/never-for.ts'
import { createNever } from '../../../runtime/expect/operators/never.ts'
import { createNow } from '../../../runtime/expect/operators/now.ts'
import { createSequence } from '../../../runtime/expect/operators/sequence.ts'
import { createThroughout } from '../../../runtime/expect/operators/throughout.ts'
import { createUntil } from '../../../runtime/expect/operators/until.ts'
import { createWheneverFor } from '../../../runtime/expect/operators/whenever-for.ts'
import { createWheneverWithin } from '../../../runtime/expect/operators/whenever-within.ts'
import { createWithinFor } from '../../../runtime/expect/operators/within-for.ts'
import { createWithin } from '../../../runtime/expect/operators/within.ts'

/** A state of a trace: it begins at `at` and holds until the next one begins. */
interface State {
  readonly at: number
  readonly holds: readonly boolean[]
}
type Trace = readonly State[]

/** Where a trace ends: nothing changes after it, and every window has passed. */
const horizon = 100

/** Shows an operator a trace as a run does: states in order, and its wake-ups after the states of their instant. */
const drive = (operator: Operator, trace: Trace, settles = false): Ruling | undefined => {
  for (const [index, state] of trace.entries()) {
    const ruling = operator.observe({ at: state.at, entry: index, holds: (predicate) => state.holds[predicate]! })
    if (ruling !== undefined) return ruling
    const next = trace[index + 1]?.at ?? horizon
    while (operator.wake !== undefined && operator.wake < next) {
      const late = operator.elapse(operator.wake)
      if (late !== undefined) return late
    }
  }
  return settles ? operator.settled?.(trace.at(-1)!.at) : undefined
}

const trace = (predicates: number): fc.Arbitrary<Trace> =>
  fc
    .array(
      fc.record({ gap: fc.nat(3), holds: fc.array(fc.boolean(), { minLength: predicates, maxLength: predicates }) }),
      {
        minLength: 1,
        maxLength: 12,
      },
    )
    .map((steps) => {
      let at = 0
      return steps.map((step, index) => {
        if (index > 0) at += step.gap
        return { at, holds: step.holds }
      })
    })
const time = fc.nat(6)

const p = (state: State): boolean => state.holds[0]!
const q = (state: State): boolean => state.holds[1]!
const held = (at: number): Ruling => ({ held: true, at })
const failed = (at: number): Ruling => ({ held: false, at })

describe('operators agree with their definition on random traces', () => {
  // Of each operator: more than 10,000 traces in all.
  beforeAll(() => {
    fc.configureGlobal({ ...fc.readConfigureGlobal(), numRuns: 1000 })
  })

  it('expect P', () => {
    fc.assert(
      fc.property(trace(1), (states) => {
        expect(drive(createNow(), states)).toEqual(p(states[0]!) ? held(0) : failed(0))
      }),
    )
  })

  it('expect P within D', () => {
    fc.assert(
      fc.property(trace(1), time, (states, limit) => {
        const first = states.find((state) => state.at <= limit && p(state))
        expect(drive(createWithin(limit), states)).toEqual(first === undefined ? failed(limit) : held(first.at))
      }),
    )
  })

  it('expect P for D', () => {
    fc.assert(
      fc.property(trace(1), time, (states, length) => {
        const bad = states.find((state) => state.at < length && !p(state))
        expect(drive(createThroughout(length), states)).toEqual(bad === undefined ? held(length) : failed(bad.at))
      }),
    )
  })

  it('expect P within D1 for D2', () => {
    fc.assert(
      fc.property(trace(1), time, time, (states, limit, length) => {
        /** Whether every state of [start, start + length) is true, the state `from` being the first of them. */
        const works = (from: number): boolean => {
          const start = states[from]!.at
          return states.every(
            (state, index) => index < from || (index > from && state.at >= start + length) || p(state),
          )
        }
        const start = states.findIndex((state, index) => state.at <= limit && p(state) && works(index))
        const ruling = drive(createWithinFor(limit, length), states)
        expect(ruling?.held).toBe(start >= 0)
        if (start >= 0) expect(ruling!.at).toBe(states[start]!.at + length)
        else {
          // It fails when the last hope goes: at the deadline, or when the stretch that bridged it breaks.
          const broke = states.find((state) => state.at > limit && !p(state))?.at
          const atLimit = states.findLast((state) => state.at <= limit)!
          expect(ruling!.at).toBe(p(atLimit) ? broke : limit)
        }
      }),
    )
  })

  it('expect P until Q within D', () => {
    fc.assert(
      fc.property(trace(2), time, (states, limit) => {
        const done = states.findIndex((state) => state.at <= limit && q(state))
        const bad = states.findIndex((state) => state.at <= limit && !p(state) && !q(state))
        const expected =
          done >= 0 && (bad < 0 || done < bad) ? held(states[done]!.at) : failed(bad >= 0 ? states[bad]!.at : limit)
        expect(drive(createUntil(limit), states)).toEqual(expected)
      }),
    )
  })

  it('expect P eventually', () => {
    fc.assert(
      fc.property(trace(1), (states) => {
        const first = states.find(p)
        expect(drive(createEventually(), states, true)).toEqual(
          first === undefined ? failed(states.at(-1)!.at) : held(first.at),
        )
      }),
    )
  })

  it('expect P before Q within D', () => {
    fc.assert(
      fc.property(trace(2), time, (states, limit) => {
        const first = states.find((state) => state.at <= limit && (p(state) || q(state)))
        const expected = first === undefined ? failed(limit) : q(first) ? failed(first.at) : held(first.at)
        expect(drive(createBefore(limit), states)).toEqual(expected)
      }),
    )
  })

  it('expect P then Q then R within D', () => {
    fc.assert(
      fc.property(trace(3), time, (states, limit) => {
        const instants = [...new Set(states.map((state) => state.at))].filter((at) => at <= limit)
        const some = (predicate: number, at: number): boolean =>
          states.some((state) => state.at === at && state.holds[predicate]!)
        /** A predicate also holds at an instant without a state of its own if the state before it goes on. */
        let best: number | undefined
        for (const t1 of instants) {
          if (!some(0, t1)) continue
          for (const t2 of instants) {
            // The state that t1 ended with is still there at any later instant before the next state.
            if (t2 < t1 || !some(1, t2)) continue
            for (const t3 of instants) if (t3 >= t2 && some(2, t3)) best = Math.min(best ?? t3, t3)
          }
        }
        expect(drive(createSequence(3, limit), states)).toEqual(best === undefined ? failed(limit) : held(best))
      }),
    )
  })

  it('always P, never P', () => {
    fc.assert(
      fc.property(trace(1), (states) => {
        const bad = states.find((state) => !p(state))
        const good = states.find(p)
        expect(drive(createAlways(), states)).toEqual(bad === undefined ? undefined : failed(bad.at))
        expect(drive(createNever(), states)).toEqual(good === undefined ? undefined : failed(good.at))
      }),
    )
  })

  it('always P within D', () => {
    fc.assert(
      fc.property(trace(1), time, (states, limit) => {
        let expected: Ruling | undefined
        for (const [index, state] of states.entries()) {
          if (p(state) || (index > 0 && !p(states[index - 1]!))) continue
          const back = states.slice(index).find(p)?.at ?? Infinity
          if (back > state.at + limit) expected ??= failed(state.at + limit)
        }
        expect(drive(createAlwaysWithin(limit), states)).toEqual(expected)
      }),
    )
  })

  it('never P for D', () => {
    fc.assert(
      fc.property(trace(1), fc.integer({ min: 1, max: 6 }), (states, length) => {
        let expected: Ruling | undefined
        for (const [index, state] of states.entries()) {
          if (!p(state) || (index > 0 && p(states[index - 1]!))) continue
          const over = states.slice(index).find((later) => !p(later))?.at ?? Infinity
          if (over >= state.at + length) expected ??= failed(state.at + length)
        }
        expect(drive(createNeverFor(length), states)).toEqual(expected)
      }),
    )
  })

  const rises = (states: Trace): readonly number[] =>
    states.flatMap((state, index) => (index > 0 && p(state) && !p(states[index - 1]!) ? [index] : []))

  it('whenever A then B within D', () => {
    fc.assert(
      fc.property(trace(2), time, (states, limit) => {
        const misses = rises(states).flatMap((index) => {
          const deadline = states[index]!.at + limit
          return states.slice(index).some((state) => state.at <= deadline && q(state)) ? [] : [deadline]
        })
        const operator = createWheneverWithin(limit)
        expect(drive(operator, states)).toEqual(misses.length === 0 ? undefined : failed(Math.min(...misses)))
        if (misses.length === 0) expect(operator.triggered).toBe(rises(states).length)
      }),
    )
  })

  it('whenever A then B for D', () => {
    fc.assert(
      fc.property(trace(2), time, (states, length) => {
        const breaks = rises(states).flatMap((index) => {
          const stop = states[index]!.at + length
          return states
            .slice(index)
            .filter((state) => state.at < stop && !q(state))
            .map((state) => state.at)
            .slice(0, 1)
        })
        expect(drive(createWheneverFor(length), states)).toEqual(
          breaks.length === 0 ? undefined : failed(Math.min(...breaks)),
        )
      }),
    )
  })

  it('a closed monitor watches for nothing new, and an open obligation stays', () => {
    const states = (...all: (readonly [number, boolean, boolean])[]): Trace =>
      all.map(([at, a, b]) => ({ at, holds: [a, b] }))
    const operator = createWheneverWithin(5)
    drive(operator, states([0, false, false]))
    operator.observe({ at: 1, entry: 1, holds: (index) => index === 0 })
    operator.close?.()
    expect(operator.open).toBe(true)
    expect(operator.wake).toBe(6)
    expect(operator.elapse(6)).toEqual({ held: false, at: 6 })
    const always = createAlways()
    always.close?.()
    expect(always.observe({ at: 2, entry: 2, holds: () => false })).toBeUndefined()
  })
})

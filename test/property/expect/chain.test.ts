import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createChain } from '../../../runtime/expect/chain.ts'

/** Words of each state of a history. */
type History = readonly ReadonlySet<number>[]

/** By definition: instants i1 ≤ i2 ≤ … with the links, and between two of them only states of either, unless `...` stands there. */
const naive = (history: History, gaps: readonly boolean[], sameState: boolean): number | undefined => {
  const links = gaps.length
  let best: number | undefined
  const place = (link: number, from: number): void => {
    for (let index = from; index < history.length; index += 1) {
      if (history[index]!.has(link)) {
        if (link === links - 1) best = Math.min(best ?? index, index)
        else continueFrom(link, index)
      }
    }
  }
  const continueFrom = (link: number, at: number): void => {
    for (let next = sameState ? at : at + 1; next < history.length; next += 1) {
      if (history[next]!.has(link + 1)) {
        if (link + 1 === links - 1) best = Math.min(best ?? next, next)
        else continueFrom(link + 1, next)
      }
      // A state between the two must satisfy one of them.
      if (next > at && !gaps[link]! && !history[next]!.has(link) && !history[next]!.has(link + 1)) return
    }
  }
  place(0, 0)
  return best
}

const history = (links: number): fc.Arbitrary<History> =>
  fc
    .array(fc.uniqueArray(fc.nat(links), { maxLength: 3 }), { maxLength: 8 })
    .map((states) => states.map((words) => new Set(words)))

describe('chains agree with their definition on random histories', () => {
  it.each([[true], [false]])('same state: %s', (sameState) => {
    fc.assert(
      fc.property(
        fc
          .array(fc.boolean(), { minLength: 2, maxLength: 4 })
          .chain((gaps) => fc.tuple(fc.constant(gaps), history(gaps.length))),
        ([gaps, states]) => {
          const chain = createChain(
            gaps.map((gapAfter) => ({ gapAfter })),
            sameState,
          )
          let reached: number | undefined
          for (const [index, words] of states.entries()) {
            if (chain.step((link) => words.has(link))) {
              reached = index
              break
            }
          }
          expect(reached).toBe(naive(states, gaps, sameState))
        },
      ),
      { numRuns: 2000 },
    )
  })
})

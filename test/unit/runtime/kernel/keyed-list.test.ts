import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createKeyedList } from '../../../../runtime/kernel/keyed-list.ts'

const key = fc.integer({ min: 0, max: 30 }).map((number) => `k${number}`)
const step = fc.oneof(
  fc.record({ do: fc.constant('set' as const), key, value: fc.integer() }),
  fc.record({ do: fc.constant('delete' as const), key }),
  fc.record({ do: fc.constant('list' as const) }),
  // So many changes between two lists that the last one is given up.
  fc.record({ do: fc.constant('flood' as const), from: fc.integer({ min: 0, max: 200 }) }),
)

describe('keyed list', () => {
  it('lists what a map sorted by key would, whatever happened since the last list', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const list = createKeyedList<number>()
        const reference = new Map<string, number>()
        const sorted = (): number[] =>
          [...reference].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, value]) => value)
        for (const one of steps) {
          if (one.do === 'set') {
            expect(list.set(one.key, one.value)).toBe(reference.get(one.key))
            reference.set(one.key, one.value)
          } else if (one.do === 'delete') {
            expect(list.delete(one.key)).toBe(reference.get(one.key))
            reference.delete(one.key)
          } else if (one.do === 'flood') {
            for (let index = one.from; index < one.from + 150; index += 1) {
              list.set(`f${index}`, index)
              reference.set(`f${index}`, index)
              list.delete(`f${index}`)
              reference.delete(`f${index}`)
            }
          } else expect(list.list()).toEqual(sorted())
          expect(list.size).toBe(reference.size)
        }
        expect(list.list()).toEqual(sorted())
        expect(new Map(list.entries())).toEqual(reference)
      }),
    )
  })

  it('gives out the same frozen list until something changes, and leaves it as it was then', () => {
    const list = createKeyedList<string>()
    list.set('b', 'two')
    list.set('a', 'one')
    const first = list.list()
    expect(Object.isFrozen(first)).toBe(true)
    expect(list.list()).toBe(first)
    list.set('a', 'uno')
    expect(list.list()).toEqual(['uno', 'two'])
    expect(first).toEqual(['one', 'two'])
  })
})

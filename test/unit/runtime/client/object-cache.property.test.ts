import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../../../api/object.ts'
import { labelIndex } from '../../../../runtime/client/indexes.ts'
import { createObjectCache } from '../../../../runtime/client/object-cache.ts'

const object = (name: string, label: string): KubeObject =>
  Object.freeze({ metadata: { name, namespace: 'default', labels: { app: label } } }) as unknown as KubeObject
const index = labelIndex('app')
const names = ['a', 'b', 'c', 'd']
const labels = ['x', 'y']

describe('an index of a cache', () => {
  it('has the objects of a value in the order of their keys, however they came and went', () => {
    const step = fc.record({
      name: fc.constantFrom(...names),
      label: fc.option(fc.constantFrom(...labels), { nil: undefined }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.nat(30), (steps, late) => {
        const cache = createObjectCache(late === 0 ? [index] : [])
        const naive = new Map<string, KubeObject>()
        for (const [at, { name, label }] of steps.entries()) {
          if (at === late) cache.addIndex(index)
          if (label === undefined) {
            expect(cache.delete(`default/${name}`)).toBe(naive.get(name))
            naive.delete(name)
          } else {
            const made = object(name, label)
            expect(cache.set(made)).toBe(naive.get(name))
            naive.set(name, made)
          }
        }
        cache.addIndex(index)
        for (const label of labels) {
          const expected = names.flatMap((name) => {
            const one = naive.get(name)
            return one?.metadata.labels?.['app'] === label ? [one] : []
          })
          const listed = cache.indexed(index.name, `default/${label}`)
          expect(listed).toEqual(expected)
          expect(Object.isFrozen(listed)).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('gives the same list until something changes', () => {
    const cache = createObjectCache([index])
    cache.set(object('a', 'x'))
    const key = 'default/x'
    const one = cache.indexed(index.name, key)
    expect(cache.indexed(index.name, key)).toBe(one)
    cache.set(object('b', 'x'))
    const two = cache.indexed(index.name, key)
    expect(two).toHaveLength(2)
    expect(cache.indexed(index.name, key)).toBe(two)
  })
})

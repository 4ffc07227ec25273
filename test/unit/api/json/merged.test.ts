import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { copyOf } from '../../../../api/json/copy-of.ts'
import { merged } from '../../../../api/json/merged.ts'

const fields = fc.dictionary(fc.string({ maxLength: 3 }), fc.integer())

describe('copies of fields', () => {
  it('are what a spread makes, in the order of a spread', () => {
    fc.assert(
      fc.property(fields, fields, (base, more) => {
        expect(JSON.stringify(merged(base, more))).toBe(JSON.stringify({ ...base, ...more }))
        expect(JSON.stringify(copyOf(base))).toBe(JSON.stringify({ ...base }))
      }),
    )
  })

  it('may be changed though what they were made of is frozen', () => {
    const base = Object.freeze({ a: 1 })
    const copy = copyOf(base)
    copy['a'] = 2
    expect([base.a, copy['a'], merged(base, { a: 3 })]).toEqual([1, 2, { a: 3 }])
  })

  it('have a field __proto__ as a field', () => {
    const odd = JSON.parse('{"a":1,"__proto__":{"b":2}}') as object
    const copy = copyOf(odd)
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
    expect(JSON.stringify(copy)).toBe('{"a":1,"__proto__":{"b":2}}')
    expect(JSON.stringify(merged({ a: 0 }, odd))).toBe('{"a":1,"__proto__":{"b":2}}')
  })
})

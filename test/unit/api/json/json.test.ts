import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../../api/json/canonical-json.ts'
import { deepFreeze } from '../../../../api/json/deep-freeze.ts'
import { goJson } from '../../../../api/json/go-json.ts'
import { goValueText } from '../../../../api/json/go-value-text.ts'
import { getPath, setPath } from '../../../../api/json/path.ts'
import { refuse, refused } from '../../../../api/json/refusal.ts'
import { structuralEqual } from '../../../../api/json/structural-equal.ts'
import { structuralHash } from '../../../../api/json/structural-hash.ts'

describe('structuralEqual and structuralHash', () => {
  it('agree with canonical JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (a, b) => {
        const left: unknown = JSON.parse(JSON.stringify(a))
        const right: unknown = JSON.parse(JSON.stringify(b))
        const same = canonicalJson(left) === canonicalJson(right)
        expect(structuralEqual(left, right)).toBe(same)
        if (same) expect(structuralHash(left)).toBe(structuralHash(right))
      }),
    )
  })

  it('do not mind the order of keys', () => {
    const a = { x: 1, y: [{ p: 1, q: 2 }] }
    const b = { y: [{ q: 2, p: 1 }], x: 1 }
    expect(structuralEqual(a, b)).toBe(true)
    expect(structuralHash(a)).toBe(structuralHash(b))
    expect(structuralHash({ x: 1 })).not.toBe(structuralHash({ x: '1' }))
  })

  it.each([
    [{ a: undefined }, {}, true],
    [{}, { constructor: 1 }, false],
    [{ constructor: 1 }, {}, false],
    [null, {}, false],
    [[], {}, false],
    [[1, 2], [1], false],
  ])('%j and %j: %s', (a, b, same) => {
    expect(structuralEqual(a, b)).toBe(same)
  })
})

describe('setPath', () => {
  it('copies only the way there', () => {
    const object = deepFreeze({ a: { b: { c: 1 } }, d: { e: 2 } })
    const next = setPath(object, ['a', 'b', 'c'], 3)
    expect(next).toEqual({ a: { b: { c: 3 } }, d: { e: 2 } })
    expect(next.d).toBe(object.d)
    expect(object.a.b.c).toBe(1)
  })

  it('returns the value itself where nothing changes', () => {
    const object = deepFreeze({ a: [{ b: 1 }] })
    expect(setPath(object, ['a', 0, 'b'], 1)).toBe(object)
    expect(setPath(object, ['x', 'y'], undefined)).toBe(object)
  })

  it('removes with undefined and makes what is missing', () => {
    expect(setPath({ a: { b: 1, c: 2 } }, ['a', 'b'], undefined)).toEqual({ a: { c: 2 } })
    expect(setPath({}, ['a', 'b'], 1)).toEqual({ a: { b: 1 } })
    expect(setPath({ a: [1, 2, 3] }, ['a', 1], undefined)).toEqual({ a: [1, 3] })
  })

  it('treats __proto__ as a name', () => {
    const next = setPath({}, ['__proto__'], 1) as Record<string, unknown>
    expect(Object.hasOwn(next, '__proto__')).toBe(true)
    expect(getPath(next, ['__proto__'])).toBe(1)
    expect(getPath({}, ['constructor'])).toBeUndefined()
  })

  it('is read back by getPath', () => {
    const steps = fc.array(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(steps, fc.integer(), (path, value) => {
        expect(getPath(setPath({}, path, value), path)).toBe(value)
      }),
    )
  })
})

it('deepFreeze freezes all the way and stops at frozen subtrees', () => {
  const shared = deepFreeze({ x: [1, { y: 2 }] })
  const object = deepFreeze({ shared, list: [{ z: 1 }] })
  expect(Object.isFrozen(object.list[0])).toBe(true)
  expect(Object.isFrozen(shared.x[1])).toBe(true)
  expect(object.shared).toBe(shared)
})

it.each([
  [{ b: '<a> & b', a: [1, null, true] }, '{"a":[1,null,true],"b":"\\u003ca\\u003e \\u0026 b"}'],
  ['\u2028', '"\\u2028"'],
  ['é', '"é"'],
])('goJson writes %j as Go does', (value, text) => {
  expect(goJson(value)).toBe(text)
})

it('goValueText prints maps sorted', () => {
  expect(goValueText({ b: [1, 'x', null], a: { c: true } })).toBe('map[a:map[c:true] b:[1 x <nil>]]')
})

it('refused gives back a refusal and throws all else on', () => {
  expect(refused(refuse('no', 422))).toEqual({ message: 'no', code: 422 })
  expect(refused(refuse('no'))).toEqual({ message: 'no', code: undefined })
  expect(() => refused(new TypeError('bug'))).toThrow('bug')
})

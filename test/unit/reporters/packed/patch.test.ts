import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyPatch, patchOf } from '../../../../reporters/packed/patch.ts'

const key = fc.constantFrom('a', 'b', 'c', '0', '$', '__proto__', 'length')
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, 0, 1, '', 'x', true),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 3 }),
  ),
}))
const json = (one: unknown): unknown => JSON.parse(JSON.stringify(one))

describe('patchOf and applyPatch', () => {
  it('give back what was there, through JSON', () => {
    fc.assert(
      fc.property(value, value, (before, after) => {
        const [a, b] = [json(before), json(after)]
        expect(JSON.stringify(sorted(applyPatch(a, json(patchOf(a, b)) as never)))).toBe(JSON.stringify(sorted(b)))
      }),
      { numRuns: 2000 },
    )
  })

  it('begin with nothing too', () => {
    fc.assert(
      fc.property(value, (after) => {
        const b = json(after)
        expect(applyPatch(undefined, json(patchOf(undefined, b)) as never)).toEqual(b)
      }),
    )
  })

  it('tell only what changed, and share the rest', () => {
    const before = { spec: { replicas: 1, template: { x: 1 } }, list: [1, { b: 2 }] }
    const after = { spec: { replicas: 2, template: before.spec.template }, list: [1, { b: 3 }, 4] }
    const patch = patchOf(before, after)
    expect(patch).toEqual({ spec: { replicas: 2 }, list: { '1': { b: 3 }, '2': 4 } })
    const result = applyPatch(before, patch) as typeof after
    expect(result).toEqual(after)
    expect(result.spec.template).toBe(before.spec.template)
  })
})

/** The order of keys is not part of a value. */
function sorted(one: unknown): unknown {
  if (Array.isArray(one)) return one.map(sorted)
  if (typeof one !== 'object' || one === null) return one
  return Object.entries(one)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => [name, sorted(inner)])
}

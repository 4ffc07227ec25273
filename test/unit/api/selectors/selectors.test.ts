import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deepFreeze } from '../../../../api/json/deep-freeze.ts'
import { parseFieldSelector } from '../../../../api/selectors/field-selector.ts'
import { selectorFromObject, validSelector } from '../../../../api/selectors/label-selector-from-object.ts'
import { selectorFromSet } from '../../../../api/selectors/label-selector.ts'
import { nodeSelector } from '../../../../api/selectors/node-selector.ts'
import { parseLabelSelector } from '../../../../api/selectors/parse-label-selector.ts'

const keys = fc.constantFrom('a', 'b', 'c')
const values = fc.constantFrom('', 'x', 'y')
const labels = fc.dictionary(keys, values)
const requirement = fc.record({
  key: keys,
  operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
  values: fc.uniqueArray(values, { minLength: 1 }),
})

/** The definition, term by term. */
const naive = (term: { key: string; operator: string; values: string[] }, set: Record<string, string>): boolean => {
  const value = set[term.key]
  switch (term.operator) {
    case 'In':
      return value !== undefined && term.values.includes(value)
    case 'NotIn':
      return value === undefined || !term.values.includes(value)
    case 'Exists':
      return value !== undefined
    default:
      return value === undefined
  }
}

describe('label selectors', () => {
  it('match by definition, and no match lacks a required equality', () => {
    fc.assert(
      fc.property(fc.array(requirement, { maxLength: 3 }), labels, labels, (terms, matchLabels, set) => {
        const matchExpressions = terms.map((term) =>
          term.operator.includes('n') && !term.operator.includes('xist') ? term : { ...term, values: [] },
        )
        const all = matchExpressions.map((term) => (term.operator.includes('xist') ? { ...term, values: [] } : term))
        const selector = validSelector({ matchLabels, matchExpressions: all })
        const expected =
          Object.entries(matchLabels).every(([key, value]) => set[key] === value) &&
          all.every((term) => naive(term, set))
        expect(selector.matches(set)).toBe(expected)
        if (expected) for (const [key, value] of selector.equalities) expect(set[key]).toBe(value)
      }),
    )
  })

  it('parse the text they are written as', () => {
    fc.assert(
      fc.property(labels, labels, (wanted, set) => {
        const selector = selectorFromSet(wanted)
        const again = parseLabelSelector(selector.text)
        expect('error' in again ? again.error : again.matches(set)).toBe(selector.matches(set))
      }),
    )
  })

  it('are remembered by text and by identity', () => {
    expect(parseLabelSelector('a=b')).toBe(parseLabelSelector('a=b'))
    const object = deepFreeze({ matchLabels: { a: 'b' } })
    expect(selectorFromObject(object)).toBe(selectorFromObject(object))
    expect(selectorFromSet(object.matchLabels)).toBe(selectorFromSet(object.matchLabels))
  })

  it.each([
    ['a in', "unable to parse requirement: found '' expected: '('"],
    ['a,,b', "found ',', expected: identifier after ','"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
  ])('refuse %j', (text, error) => {
    expect(parseLabelSelector(text)).toEqual({ error })
  })

  it('do not see inherited names as labels', () => {
    const selector = parseLabelSelector('constructor')
    expect('error' in selector ? selector.error : selector.matches({})).toBe(false)
  })

  it('select nothing where there is none, everything where it is empty', () => {
    expect(validSelector(undefined).matches({ a: 'b' })).toBe(false)
    expect(validSelector({}).matches(undefined)).toBe(true)
    expect(validSelector({ matchExpressions: [{ key: 'a', operator: 'Bogus' }] }).nothing).toBe(true)
  })
})

it('field selectors keep escaped commas and equals signs', () => {
  const selector = parseFieldSelector('a=x\\,y,b!=z')
  if ('error' in selector) throw new Error(selector.error)
  expect(selector.requirements).toEqual([
    { field: 'a', operator: '=', value: 'x,y' },
    { field: 'b', operator: '!=', value: 'z' },
  ])
  expect(selector.matches((field) => ({ a: 'x,y', b: '' })[field] ?? '')).toBe(true)
  expect(parseFieldSelector('a=\\q')).toHaveProperty('error')
})

it('node selectors know the node names they can match at all', () => {
  const byName = (name: string) =>
    ({ matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }] }) as const
  expect(nodeSelector({ nodeSelectorTerms: [byName('a'), byName('b')] }).names).toEqual(['a', 'b'])
  const open = { matchExpressions: [{ key: 'x', operator: 'Exists' }] }
  expect(nodeSelector({ nodeSelectorTerms: [byName('a'), open] } as never).names).toBeUndefined()
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalQuantity, canonicalText } from '../../../../api/quantity/canonical-quantity.ts'
import { compareQuantities } from '../../../../api/quantity/compare-quantities.ts'
import { parseQuantity, quantityFromJson, quantityOf } from '../../../../api/quantity/parse-quantity.ts'
import { addQuantities, subtractQuantities } from '../../../../api/quantity/quantity-arithmetic.ts'
import { milliValue, resourceUnits, unitsText, wholeValue } from '../../../../api/quantity/quantity-values.ts'
import { newQuantity } from '../../../../api/quantity/quantity.ts'

const suffixes = ['', 'm', 'k', 'M', 'Ki', 'Mi', 'Gi']
const text = fc
  .tuple(fc.nat(99999), fc.option(fc.nat(999)), fc.constantFrom(...suffixes))
  .map(([whole, part, suffix]) => `${whole}${part === null ? '' : `.${part}`}${suffix}`)

describe('quantities', () => {
  it('keep their value through their canonical text', () => {
    fc.assert(
      fc.property(text, (one) => {
        const quantity = quantityOf(one)
        expect(compareQuantities(quantityOf(canonicalQuantity(quantity)), quantity)).toBe(0)
      }),
    )
  })

  it('add and subtract exactly', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const sum = addQuantities(quantityOf(a), quantityOf(b))
        expect(compareQuantities(sum, addQuantities(quantityOf(b), quantityOf(a)))).toBe(0)
        expect(compareQuantities(subtractQuantities(sum, quantityOf(b)), quantityOf(a))).toBe(0)
        expect(compareQuantities(sum, quantityOf(a))).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('have the milli value that plain arithmetic has', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.constantFrom('m', '', 'k', 'Ki'), (n, suffix) => {
        const factor = { m: 1, '': 1000, k: 1_000_000, Ki: 1_024_000 }[suffix]
        expect(milliValue(`${n}${suffix}`)).toBe(n * factor)
        expect(wholeValue(`${n}${suffix}`)).toBe(Math.ceil((n * factor) / 1000))
      }),
    )
  })

  it('are remembered by text', () => {
    expect(parseQuantity('123Mi')).toBe(parseQuantity('123Mi'))
    expect(Object.isFrozen(parseQuantity('123Mi'))).toBe(true)
  })

  it.each([
    ['', /regular expression/],
    ['1K', /suffix/],
    ['-e-10', /numeric/],
    ['1.2.3', /regular expression/],
  ])('refuse %j', (bad, problem) => {
    const result = parseQuantity(bad)
    expect('error' in result && result.error).toMatch(problem)
    expect(() => quantityOf(bad)).toThrow(problem)
  })

  it('are taken from JSON by the number as it was spelled', () => {
    const spelled = quantityFromJson(1000, '1e3')
    expect('error' in spelled ? spelled.error : canonicalQuantity(spelled)).toBe('1e3')
    expect(quantityFromJson({})).toHaveProperty('error')
  })
})

it.each([
  ['cpu', '250m', 250, '250m'],
  ['cpu', '1', 1000, '1'],
  ['memory', '1Gi', 1073741824, '1Gi'],
  ['pods', '110', 110, '110'],
])('%s %s counts %d', (resource, amount, units, back) => {
  expect(resourceUnits(resource, amount)).toBe(units)
  expect(unitsText(resource, units)).toBe(back)
})

it('canonicalText leaves alone what is no quantity', () => {
  expect(canonicalText('1000m')).toBe('1')
  expect(canonicalText('many')).toBe('many')
  expect(canonicalQuantity(newQuantity(1536 * 1024 * 1024, 'BinarySI'))).toBe('1536Mi')
})

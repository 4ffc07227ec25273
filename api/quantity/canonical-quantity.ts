import { compareQuantities } from './compare-quantities.ts'
import { parseQuantity } from './parse-quantity.ts'
import { newQuantity, roundAway, type Quantity } from './quantity.ts'

const decimalSuffixes: readonly string[] = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E']
const binarySuffixes: readonly string[] = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']

const plus1024 = newQuantity(1024, 'DecimalSI')
const minus1024 = newQuantity(-1024, 'DecimalSI')

const withoutFactors = (value: bigint, factor: bigint): readonly [bigint, number] => {
  let rest = value
  let times = 0
  while (rest % factor === 0n) {
    rest /= factor
    times += 1
  }
  return [rest, times]
}

/** Quantity.CanonicalizeBytes: the largest suffix that loses nothing and needs no fraction. */
const canonicalize = (quantity: Quantity): string => {
  if (quantity.unscaled === 0n) return '0'
  if (quantity.format === 'BinarySI') {
    const tiny = compareQuantities(quantity, minus1024) > 0 && compareQuantities(quantity, plus1024) < 0
    const whole = roundAway(quantity.unscaled, quantity.exponent, 0)
    if (!tiny && compareQuantities(newQuantity(whole, 'BinarySI'), quantity) === 0) {
      const [rest, times] = withoutFactors(whole, 1024n)
      return `${rest}${binarySuffixes[times] ?? ''}`
    }
  }
  const [rest, times] = withoutFactors(quantity.unscaled, 10n)
  const free = quantity.exponent + times
  const exponent = free - (((free % 3) + 3) % 3)
  const number = rest * (free - exponent === 0 ? 1n : free - exponent === 1 ? 10n : 100n)
  if (quantity.format === 'DecimalSI' || quantity.format === 'BinarySI') {
    // Upstream forgets the exponent where there is no suffix for it: 1000E is written "1".
    return `${number}${decimalSuffixes[exponent / 3 + 3] ?? ''}`
  }
  return exponent === 0 ? `${number}` : `${number}e${exponent}`
}

const remembered = new WeakMap<Quantity, string>()

/** The text that a quantity is written as. A text that was canonical when it was read is kept as it was spelled. */
export const canonicalQuantity = (quantity: Quantity): string => {
  if (quantity.spelled !== undefined) return quantity.spelled
  const known = remembered.get(quantity)
  if (known !== undefined) return known
  const text = canonicalize(quantity)
  remembered.set(quantity, text)
  return text
}

/** The canonical text of a quantity's text; text that is no quantity comes back as it is. */
export const canonicalText = (text: string): string => {
  const result = parseQuantity(text)
  return 'error' in result ? text : canonicalQuantity(result)
}

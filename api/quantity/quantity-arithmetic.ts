import { compareQuantities } from './compare-quantities.ts'
import { fitsInt64, newQuantity, powerOfTen, roundAway, type Quantity } from './quantity.ts'

const aligned = (a: Quantity, b: Quantity, exponent: number): bigint =>
  a.unscaled * powerOfTen(a.exponent - exponent) + b.unscaled * powerOfTen(b.exponent - exponent)

const total = (a: Quantity, b: Quantity, format: Quantity['format']): Quantity => {
  if (!a.big && !b.big) {
    if (b.unscaled === 0n) return { unscaled: a.unscaled, exponent: a.exponent, big: false, format }
    if (a.unscaled === 0n) return { unscaled: b.unscaled, exponent: b.exponent, big: false, format }
  }
  const exponent = Math.min(a.exponent, b.exponent)
  const unscaled = aligned(a, b, exponent)
  const big =
    a.big ||
    b.big ||
    !fitsInt64(unscaled) ||
    !fitsInt64(a.unscaled * powerOfTen(a.exponent - exponent)) ||
    !fitsInt64(b.unscaled * powerOfTen(b.exponent - exponent))
  return { unscaled, exponent, big, format }
}

/** Quantity.Add: a zero takes the format of what is added to it. */
export const addQuantities = (a: Quantity, b: Quantity): Quantity =>
  total(a, b, a.unscaled === 0n ? b.format : a.format)

export const negateQuantity = (quantity: Quantity): Quantity => ({
  unscaled: -quantity.unscaled,
  exponent: quantity.exponent,
  big: quantity.big,
  format: quantity.format,
})

/** Quantity.Sub. */
export const subtractQuantities = (a: Quantity, b: Quantity): Quantity =>
  total(a, negateQuantity(b), a.unscaled === 0n ? b.format : a.format)

/** Quantity.Mul; `exact` is what it returns: whether the unscaled result still is an int64. */
export const multiplyQuantity = (quantity: Quantity, factor: bigint): { quantity: Quantity; exact: boolean } => {
  const { format } = quantity
  if (!quantity.big) {
    if (quantity.unscaled === 0n) return { quantity, exact: true }
    if (factor === 0n) return { quantity: { unscaled: 0n, exponent: 0, big: false, format }, exact: true }
    const unscaled = quantity.unscaled * factor
    const fits = fitsInt64(unscaled) && (quantity.exponent <= 0 || fitsInt64(unscaled * powerOfTen(quantity.exponent)))
    if (fits) return { quantity: { unscaled, exponent: quantity.exponent, big: false, format }, exact: true }
  }
  const unscaled = quantity.unscaled * factor
  return { quantity: { unscaled, exponent: quantity.exponent, big: true, format }, exact: fitsInt64(unscaled) }
}

/** Quantity.RoundUp: to whole units of 10^exponent, away from zero; `exact` if nothing was lost. */
export const roundUpQuantity = (quantity: Quantity, exponent: number): { quantity: Quantity; exact: boolean } => {
  if (!quantity.big && quantity.exponent >= exponent) return { quantity, exact: true }
  const unscaled = roundAway(quantity.unscaled, quantity.exponent, exponent)
  const rounded = { unscaled, exponent, big: quantity.big, format: quantity.format }
  return { quantity: rounded, exact: compareQuantities(rounded, quantity) === 0 }
}

export const minQuantity = (a: Quantity, b: Quantity): Quantity => (compareQuantities(b, a) < 0 ? b : a)
export const maxQuantity = (a: Quantity, b: Quantity): Quantity => (compareQuantities(b, a) > 0 ? b : a)

export const zeroQuantity: Quantity = Object.freeze(newQuantity(0, 'DecimalSI'))

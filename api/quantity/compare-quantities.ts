import { powerOfTen, type Quantity } from './quantity.ts'

const signOf = (value: bigint): number => (value > 0n ? 1 : value < 0n ? -1 : 0)
const digits = (value: bigint): number => (value < 0n ? value.toString().length - 1 : value.toString().length)

/** -1, 0 or 1: Quantity.Cmp. Formats do not matter: `1000m` is `1`. */
export const compareQuantities = (a: Quantity, b: Quantity): -1 | 0 | 1 => {
  if (a.exponent === b.exponent) return a.unscaled < b.unscaled ? -1 : a.unscaled > b.unscaled ? 1 : 0
  const signA = signOf(a.unscaled)
  const signB = signOf(b.unscaled)
  if (signA !== signB) return signA < signB ? -1 : 1
  if (signA === 0) return 0
  // Numbers of different length are settled without scaling, which keeps 1e1000000 cheap.
  const lengthA = digits(a.unscaled) + a.exponent
  const lengthB = digits(b.unscaled) + b.exponent
  if (lengthA !== lengthB) return lengthA < lengthB === signA > 0 ? -1 : 1
  const low = Math.min(a.exponent, b.exponent)
  const left = a.unscaled * powerOfTen(a.exponent - low)
  const right = b.unscaled * powerOfTen(b.exponent - low)
  return left < right ? -1 : left > right ? 1 : 0
}

export const isZeroQuantity = (quantity: Quantity): boolean => quantity.unscaled === 0n

/** -1, 0 or 1. */
export const signOfQuantity = (quantity: Quantity): number => signOf(quantity.unscaled)

import { canonicalQuantity } from './canonical-quantity.ts'
import { quantityOf } from './parse-quantity.ts'
import { fitsInt64, maxInt64, powerOfTen, roundAway, type Quantity } from './quantity.ts'

const int64 = (value: bigint): bigint => BigInt.asIntN(64, value)

/** math.Pow10 as an int64: amd64 answers the smallest int64 for what does not fit. */
const powerAsInt64 = (n: number): bigint => (n < 19 ? powerOfTen(n) : -9223372036854775808n)

/** scaledValue of scale_int.go, with its overflow and its rounding up of negative fractions. */
const bigScaledValue = (unscaled: bigint, places: number): bigint => {
  if (places === 0) return int64(unscaled)
  if (places < 0) return int64(int64(unscaled) * powerAsInt64(-places))
  const divisor = powerOfTen(places)
  if (unscaled < maxInt64 && places < 19) {
    const low = int64(unscaled)
    return low % divisor === 0n ? low / divisor : low / divisor + 1n
  }
  const remainder = ((unscaled % divisor) + divisor) % divisor
  const quotient = (unscaled - remainder) / divisor
  return remainder === 0n ? int64(quotient) : int64(int64(quotient) + 1n)
}

const singleStep: ReadonlySet<number> = new Set([1, 2, 3, 6, 9])

/** Quantity.ScaledValue: units of 10^exponent, rounded up; what overflows an int64 comes out as upstream's. */
export const scaledValue = (quantity: Quantity, exponent: number): bigint => {
  if (quantity.big) return bigScaledValue(quantity.unscaled, -quantity.exponent + exponent)
  if (quantity.exponent < exponent) return roundAway(quantity.unscaled, quantity.exponent, exponent)
  const shift = quantity.exponent - exponent
  if (quantity.unscaled === 0n) return 0n
  if (shift > 19) return 0n
  const value = quantity.unscaled * powerOfTen(shift)
  // positiveScaleInt64 hands out the wrapped product for the scales that it multiplies in one step, and 0 for the others.
  return fitsInt64(value) ? value : singleStep.has(shift) ? int64(value) : 0n
}

/** Quantity.AsInt64: the value where it is a whole int64 that was held as one. */
export const asInt64 = (quantity: Quantity): bigint | undefined => {
  if (quantity.big || quantity.exponent < 0) return undefined
  if (quantity.unscaled === 0n) return 0n
  if (quantity.exponent > 19) return undefined
  const value = quantity.unscaled * powerOfTen(quantity.exponent)
  return fitsInt64(value) ? value : undefined
}

/** The exact decimal, as inf.Dec writes it. */
export const decimalText = ({ unscaled, exponent }: Quantity): string => {
  if (exponent >= 0) return unscaled === 0n ? '0' : `${unscaled}${'0'.repeat(exponent)}`
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(-exponent + 1, '0')
  const split = digits.length + exponent
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, split)}.${digits.slice(split)}`
}

const memo = (exponent: number): ((text: string | number) => number) => {
  const remembered = new Map<string | number, number>()
  return (text) => {
    const known = remembered.get(text)
    if (known !== undefined) return known
    const value = Number(scaledValue(quantityOf(text), exponent))
    if (remembered.size >= 10_000) remembered.clear()
    remembered.set(text, value)
    return value
  }
}

/** Bytes, pods, devices: Quantity.Value() of a validated text, rounded up. */
export const wholeValue: (text: string | number) => number = memo(0)

/** Quantity.MilliValue() of a validated text: milli-CPU. */
export const milliValue: (text: string | number) => number = memo(-3)

/**
 * The integer that scheduler and kubelet count a resource in: milli for cpu, whole units for all else. Exact up to 2^53.
 */
export const resourceUnits = (resource: string, text: string | number): number =>
  resource === 'cpu' ? milliValue(text) : wholeValue(text)

/** A resource amount counted by `resourceUnits`, as text. */
export const unitsText = (resource: string, units: number): string =>
  canonicalQuantity({
    unscaled: BigInt(units),
    exponent: resource === 'cpu' ? -3 : 0,
    big: false,
    format:
      resource === 'memory' || resource === 'ephemeral-storage' || resource.startsWith('hugepages-')
        ? 'BinarySI'
        : 'DecimalSI',
  })

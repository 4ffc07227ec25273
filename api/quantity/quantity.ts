export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent'

/**
 * An amount of a resource: unscaled × 10^exponent. Immutable. Mirrors resource.Quantity (apimachinery v0.36), which holds an
 * int64 with a scale while it can and an arbitrary decimal (inf.Dec) otherwise; which of the two decides how overflow and
 * rounding of its values come out.
 */
export interface Quantity {
  readonly unscaled: bigint
  readonly exponent: number
  /** Held as an arbitrary decimal. */
  readonly big: boolean
  /** Empty for a quantity that was never set. */
  readonly format: QuantityFormat | ''
  /** The text it was read from, where that was found to be canonical. */
  readonly spelled?: string
}

export const maxInt64: bigint = 9223372036854775807n
const minInt64 = -9223372036854775808n

/** Whether a number fits into Go's int64. */
export const fitsInt64 = (value: bigint): boolean => value <= maxInt64 && value >= minInt64

const powers: bigint[] = [1n]

/** 10^n, exact. */
export const powerOfTen = (n: number): bigint => {
  if (n > 1000) return BigInt(`1${'0'.repeat(n)}`)
  for (let i = powers.length; i <= n; i += 1) powers.push((powers[i - 1] ?? 1n) * 10n)
  return powers[n] ?? 1n
}

/** unscaled × 10^exponent in units of 10^target, rounded away from zero. */
export const roundAway = (unscaled: bigint, exponent: number, target: number): bigint => {
  if (exponent >= target) return unscaled === 0n ? 0n : unscaled * powerOfTen(exponent - target)
  if (unscaled === 0n) return 0n
  const drop = target - exponent
  if (drop > 1000 && drop > unscaled.toString().length) return unscaled > 0n ? 1n : -1n
  const divisor = powerOfTen(drop)
  const quotient = unscaled / divisor
  if (unscaled % divisor === 0n) return quotient
  return unscaled > 0n ? quotient + 1n : quotient - 1n
}

/** A whole number of 10^exponent, as NewQuantity, NewMilliQuantity and NewScaledQuantity make it. */
export const newQuantity = (value: bigint | number, format: QuantityFormat, exponent = 0): Quantity => ({
  unscaled: BigInt(value),
  exponent,
  big: false,
  format,
})

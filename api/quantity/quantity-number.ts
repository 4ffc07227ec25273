import type { Quantity } from './quantity.ts'

/** Quantity.AsApproximateFloat64: as a double, for metrics and ratios only. */
export const approximateNumber = (quantity: Quantity): number => Number(`${quantity.unscaled}e${quantity.exponent}`)

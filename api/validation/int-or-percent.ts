import { isValidPercent } from '../names/other-names.ts'
import { nonNegative } from './field-causes.ts'
import { invalid, invalids, type Cause } from './cause.ts'

const percentOf = (value: unknown): number | undefined =>
  typeof value === 'string' && isValidPercent(value).length === 0 ? Number(value.slice(0, -1)) : undefined

/** getIntOrPercentValue: a percentage as its number; text that is neither counts as Atoi makes it. */
export const intOrPercent = (value: unknown): number => {
  if (typeof value === 'number') return value
  return percentOf(value) ?? (typeof value === 'string' && /^[+-]?\d+$/.test(value) ? Number(value) : 0)
}

/** ValidatePositiveIntOrPercent */
export const positiveIntOrPercent = (value: unknown, path: string): Cause[] =>
  typeof value === 'string'
    ? invalids(path, value, isValidPercent(value))
    : nonNegative(typeof value === 'number' ? value : 0, path)

/** IsNotMoreThan100Percent */
export const notMoreThan100Percent = (value: unknown, path: string): Cause[] => {
  const percent = percentOf(value)
  return percent === undefined || percent <= 100 ? [] : [invalid(path, value, 'must not be greater than 100%')]
}

import { nonNegative } from './field-causes.ts'
import { invalid, type Cause } from './cause.ts'
import { number, optionalNumber, struct, type View } from './view.ts'

/** Counts of a status that may not be negative. */
export const countCauses = (status: View, keys: readonly string[]): Cause[] =>
  keys.flatMap((key) => nonNegative(optionalNumber(status, key), `status.${key}`))

/** Counts that may not be above another one. */
export const atMost = (status: View, key: string, limit: string, message: string): Cause[] =>
  number(status, key) > number(status, limit) ? [invalid(`status.${key}`, number(status, key), message)] : []

/** IsDecremented of status.collisionCount. */
export const collisionCauses = (object: View, old: View): Cause[] => {
  const now = optionalNumber(struct(object, 'status'), 'collisionCount')
  const before = optionalNumber(struct(old, 'status'), 'collisionCount')
  return before !== undefined && (now === undefined || now < before)
    ? [invalid('status.collisionCount', now ?? 0, 'cannot be decremented')]
    : []
}

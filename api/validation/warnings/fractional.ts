import { goQuote } from '../../names/go-quote.ts'
import { quantityOf } from '../../quantity/parse-quantity.ts'
import { scaledValue } from '../../quantity/quantity-values.ts'
import { child, type View } from '../view.ts'

const plainlyWhole = /^\d+(?:[KMGTPE]i|[kMGTPE])?$/

/** A quantity of bytes that is no whole number of them. */
export const fractionalWarning = (amounts: View | undefined, resource: string, path: string): readonly string[] => {
  const value = amounts?.[resource]
  if (typeof value !== 'string' || plainlyWhole.test(value)) return []
  if (scaledValue(quantityOf(value), -3) % 1000n === 0n) return []
  return [`${path}[${resource}]: fractional byte value ${goQuote(value)} is invalid, must be an integer`]
}

/** pkg/api/persistentvolumeclaim, GetWarningsForPersistentVolumeClaimSpec */
export const claimSpecWarnings = (spec: View | undefined, path: string): readonly string[] => {
  const resources = child(spec, 'resources')
  return [
    ...fractionalWarning(child(resources, 'requests'), 'storage', `${path}.resources.requests`),
    ...fractionalWarning(child(resources, 'limits'), 'storage', `${path}.resources.limits`),
  ]
}

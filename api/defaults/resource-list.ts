import { canonicalQuantity } from '../quantity/canonical-quantity.ts'
import { quantityOf } from '../quantity/parse-quantity.ts'
import { roundUpQuantity } from '../quantity/quantity-arithmetic.ts'
import type { Fields } from './fill.ts'

const rounded = new Map<string, string>()

const roundToMilli = (text: string): string => {
  let out = rounded.get(text)
  if (out === undefined) {
    // RoundUp forgets the text that the quantity was read from.
    const { spelled: _, ...plain } = quantityOf(text)
    const result = roundUpQuantity(plain, -3)
    out = canonicalQuantity(result.quantity)
    if (rounded.size >= 10_000) rounded.clear()
    rounded.set(text, out)
  }
  return out
}

/** SetDefaults_ResourceList: amounts below a thousandth are rounded up to one. */
export const roundResourceList = (list: Fields): Fields => {
  let out: Record<string, unknown> | undefined
  for (const name in list) {
    const text = String(list[name])
    const next = roundToMilli(text)
    if (next === text) continue
    out ??= { ...list }
    out[name] = next
  }
  return out ?? list
}

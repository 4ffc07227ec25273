import { canonicalQuantity } from '../quantity/canonical-quantity.ts'
import { quantityOf } from '../quantity/parse-quantity.ts'
import { roundUpQuantity } from '../quantity/quantity-arithmetic.ts'
import type { Fields } from './fill.ts'

const rounded = new Map<string, string>()

const roundToMilli = (text: string): string => {
  let out = rounded.get(text)
  if (out === undefined) {
    out = canonicalQuantity(roundUpQuantity(quantityOf(text), -3).quantity)
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

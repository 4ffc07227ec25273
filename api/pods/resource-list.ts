import { canonicalQuantity } from '../quantity/canonical-quantity.ts'
import { compareQuantities } from '../quantity/compare-quantities.ts'
import { quantityOf } from '../quantity/parse-quantity.ts'
import { addQuantities } from '../quantity/quantity-arithmetic.ts'
import type { Quantity } from '../quantity/quantity.ts'

/** v1.ResourceList as JSON. */
export type ResourceTexts = { readonly [resource: string]: string }

/** v1.ResourceList while it is computed with. */
export type ResourceList = Map<string, Quantity>

export const resourceList = (texts: ResourceTexts | undefined): ResourceList => {
  const list: ResourceList = new Map()
  for (const name in texts) list.set(name, quantityOf(texts[name] ?? '0'))
  return list
}

/** addResourceList: adds in place. */
export const addInto = (list: ResourceList, more: ReadonlyMap<string, Quantity>): void => {
  for (const [name, quantity] of more) {
    const known = list.get(name)
    list.set(name, known === undefined ? quantity : addQuantities(known, quantity))
  }
}

/** maxResourceList: keeps the larger of each, in place. */
export const maxInto = (list: ResourceList, other: ReadonlyMap<string, Quantity>): void => {
  for (const [name, quantity] of other) {
    const known = list.get(name)
    if (known === undefined || compareQuantities(quantity, known) > 0) list.set(name, quantity)
  }
}

/** As it is written in an object. */
export const resourceTexts = (list: ReadonlyMap<string, Quantity>): Record<string, string> => {
  const texts: Record<string, string> = {}
  for (const name of [...list.keys()].sort()) {
    const quantity = list.get(name)
    if (quantity !== undefined) texts[name] = canonicalQuantity(quantity)
  }
  return texts
}

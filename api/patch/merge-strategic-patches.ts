import { structuralEqual } from '../json/structural-equal.ts'
import { normalizeElementOrder } from './element-order.ts'
import { lookupField, lookupList, type PatchSchema } from './patch-schema.ts'
import { badFormat, isFields, unless, type Fields } from './strategic-refusal.ts'

const orderPrefix = '$setElementOrder/'
const isDeletion = (item: unknown): boolean => isFields(item) && item.$patch === 'delete'

const mergeItems = (
  first: readonly unknown[],
  second: readonly unknown[],
  { schema, mergeKey }: { readonly schema: PatchSchema; readonly mergeKey: string },
): unknown[] => {
  if (mergeKey === '') return [...new Set([...first, ...second])]
  const items = [...(first as readonly Fields[])]
  for (const change of second as readonly Fields[]) {
    const index = items.findIndex((item) => item[mergeKey] === change[mergeKey])
    const item = items[index]
    if (item === undefined) items.push(change)
    else items[index] = mergeStrategicPatches(item, change, schema)
  }
  return items
}

/** Items in the order that is to be set; deletions come last. */
const inOrder = (
  items: readonly unknown[],
  order: readonly unknown[],
  before: readonly unknown[],
  mergeKey: string,
): unknown[] => [
  ...normalizeElementOrder(
    items.filter((item) => !isDeletion(item)),
    order,
    before,
    mergeKey,
  ),
  ...items.filter(isDeletion),
]

/**
 * strategicpatch.mergeMap of two patches (MergeParallelList false): one patch that does what both do; the second wins. Directives
 * are kept, not carried out.
 */
export const mergeStrategicPatches = (first: Fields, second: Fields, schema: PatchSchema): Fields => {
  const merged: Record<string, unknown> = { ...first }
  for (const key of Object.keys(second)) {
    const value = second[key]
    const before = merged[key]
    if (key.startsWith(orderPrefix)) {
      if (before !== undefined && !structuralEqual(before, value)) throw badFormat('setElementOrder list')
      merged[key] = value
    } else if (isFields(before) && isFields(value)) {
      const meta = unless(lookupField(schema, key))
      merged[key] = meta.strategy === 'replace' ? value : mergeStrategicPatches(before, value, meta.schema)
    } else if (Array.isArray(before) && Array.isArray(value) && !key.startsWith('$')) {
      const meta = unless(lookupList(schema, key))
      const order = second[orderPrefix + key]
      if (meta.strategy !== 'merge') merged[key] = value
      else {
        const items = mergeItems(before as unknown[], value as unknown[], meta)
        merged[key] = inOrder(
          items,
          Array.isArray(order) ? (order as unknown[]) : (value as unknown[]),
          before as unknown[],
          meta.mergeKey,
        )
      }
    } else merged[key] = value
  }
  return merged
}

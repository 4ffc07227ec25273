import { isFields } from './strategic-refusal.ts'

/** Position of an item in a list, by merge key ('' for scalars). */
const positions = (list: readonly unknown[], keyOf: (item: unknown) => unknown): Map<unknown, number> => {
  const map = new Map<unknown, number>()
  list.forEach((item, i) => {
    const key = keyOf(item)
    if (!map.has(key)) map.set(key, i)
  })
  return map
}

/**
 * partition…ByPresentInList and normalizeElementOrder of strategicpatch: items that the patch names come in the patch's
 * order, the others keep the server's, and the two are merged by the server's order.
 */
export const normalizeElementOrder = (
  merged: readonly unknown[],
  patchOrder: readonly unknown[],
  serverOrder: readonly unknown[],
  mergeKey: string,
): unknown[] => {
  const keyOf = (item: unknown): unknown => (mergeKey === '' ? item : isFields(item) ? item[mergeKey] : undefined)
  const inPatch = positions(patchOrder, keyOf)
  const onServer = positions(serverOrder, keyOf)
  const byPosition = (order: Map<unknown, number>) => (a: unknown, b: unknown) =>
    (order.get(keyOf(a)) ?? -1) - (order.get(keyOf(b)) ?? -1)
  const fromPatch = merged.filter((item) => inPatch.has(keyOf(item))).sort(byPosition(inPatch))
  const others = merged.filter((item) => !inPatch.has(keyOf(item))).sort(byPosition(onServer))
  const all: unknown[] = []
  let [i, j] = [0, 0]
  while (i < others.length || j < fromPatch.length) {
    const left = onServer.get(keyOf(others[i]))
    const right = onServer.get(keyOf(fromPatch[j]))
    const leftFirst =
      j >= fromPatch.length || (i < others.length && left !== undefined && right !== undefined && left < right)
    all.push(leftFirst ? others[i++] : fromPatch[j++])
  }
  return all
}

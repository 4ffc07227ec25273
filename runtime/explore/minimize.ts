/**
 * The fewest items with which something still fails (ddmin, Zeller and Hildebrandt 2002): without ever larger parts first, then
 * without single ones. `fails` is asked about lists in their order.
 */
export const minimize = <A>(items: readonly A[], fails: (kept: readonly A[]) => boolean): readonly A[] => {
  if (items.length === 0) return items
  if (fails([])) return []
  let kept = items
  let parts = 2
  while (kept.length > 1) {
    const size = Math.ceil(kept.length / parts)
    let smaller: readonly A[] | undefined
    // From the end: what comes later more often depends on what was before than the other way round.
    for (let start = (Math.ceil(kept.length / size) - 1) * size; start >= 0; start -= size) {
      const without = [...kept.slice(0, start), ...kept.slice(start + size)]
      if (without.length > 0 && without.length < kept.length && fails(without)) {
        smaller = without
        break
      }
    }
    if (smaller !== undefined) {
      kept = smaller
      parts = Math.max(2, parts - 1)
    } else if (size === 1) return kept
    else parts = Math.min(kept.length, parts * 2)
  }
  return kept
}

/** The smallest whole number at or above `low` for which something fails, as a search by halves finds it; `high` fails. */
export const lower = (low: number, high: number, fails: (value: number) => boolean): number => {
  if (low >= high) return high
  if (fails(low)) return low
  let passes = low
  let failing = high
  while (failing - passes > 1) {
    const middle = Math.floor((passes + failing) / 2)
    if (fails(middle)) failing = middle
    else passes = middle
  }
  return failing
}

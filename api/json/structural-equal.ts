/**
 * Whether two JSON values are the same but for the order of keys. Shared subtrees are settled by identity, so that comparing
 * a revision with its path-copied successor visits only what was copied. A key whose value is undefined counts as absent.
 */
export const structuralEqual = (a: unknown, b: unknown): boolean => {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false
    for (let i = 0; i < a.length; i += 1) if (!structuralEqual(a[i], b[i])) return false
    return true
  }
  if (Array.isArray(b)) return false
  const left = a as Record<string, unknown>
  const right = b as Record<string, unknown>
  let present = 0
  for (const key in left) {
    const value = left[key]
    if (value === undefined) continue
    present += 1
    // An inherited name such as `constructor` is no key of a JSON object.
    if (!Object.hasOwn(right, key) || !structuralEqual(value, right[key])) return false
  }
  for (const key in right) if (right[key] !== undefined) present -= 1
  return present === 0
}

/**
 * Freezes a JSON value in place and returns it. A frozen subtree is taken to be frozen all the way down, which holds for
 * everything that this function froze: a path-copied object costs only its path.
 */
export const deepFreeze = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (Array.isArray(value)) {
    for (const item of value) deepFreeze(item)
  } else {
    for (const key in value) deepFreeze(value[key])
  }
  return Object.freeze(value)
}

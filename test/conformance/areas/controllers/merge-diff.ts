import { isDeepStrictEqual } from 'node:util'

type Plain = Record<string, unknown>
const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value)

/** JSON merge patch (RFC 7386) from one value to another; undefined if they are equal. Arrays are replaced whole. */
export const mergeDiff = (before: unknown, after: unknown): unknown => {
  if (isDeepStrictEqual(before, after)) return undefined
  if (!isPlain(before) || !isPlain(after)) return after
  const diff: Plain = {}
  for (const key of Object.keys(before)) if (!(key in after)) diff[key] = null
  for (const key of Object.keys(after)) {
    if (!(key in before)) diff[key] = after[key]
    else {
      const inner = mergeDiff(before[key], after[key])
      if (inner !== undefined) diff[key] = inner
    }
  }
  return diff
}

export const mergePatch = (target: unknown, patch: unknown): unknown => {
  if (!isPlain(patch)) return patch
  const result: Plain = isPlain(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = mergePatch(result[key], value)
  }
  return result
}

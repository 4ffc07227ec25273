type Fields = { readonly [field: string]: unknown }

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** pruneNulls: a part that is new takes no nulls along; in lists they stay. */
const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isObject(value)) return value
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) if (value[key] !== null) copy[key] = withoutNulls(value[key])
  return copy
}

const merge = (current: unknown, patch: unknown): unknown => {
  if (!isObject(current)) return withoutNulls(patch)
  // A list or scalar in place of an object is taken as it is, nulls and all.
  if (!isObject(patch)) return patch
  let copy: Record<string, unknown> | undefined
  for (const key of Object.keys(patch)) {
    const value = patch[key]
    const before = Object.hasOwn(current, key) ? current[key] : undefined
    if (value === null) {
      if (!Object.hasOwn(current, key)) continue
      copy ??= { ...current }
      Reflect.deleteProperty(copy, key)
    } else {
      const after = before === undefined || before === null ? withoutNulls(value) : merge(before, value)
      if (after === before) continue
      copy ??= { ...current }
      Object.defineProperty(copy, key, { value: after, writable: true, enumerable: true, configurable: true })
    }
  }
  return copy ?? current
}

/**
 * A JSON merge patch (RFC 7386) as jsonpatch.MergePatch applies it. Copies only what changes; a patch that changes nothing
 * returns the document itself. Both must be objects: the caller has refused other bodies.
 */
export const applyMergePatch = <T extends object>(document: T, patch: Fields): T => merge(document, patch) as T

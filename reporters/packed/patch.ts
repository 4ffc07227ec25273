import type { Json, JsonObject } from '../../api/object.ts'

type Holder = { readonly [key: string]: unknown }

const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null
const sameKind = (a: Holder, b: Holder): boolean => Array.isArray(a) === Array.isArray(b)
/** Keys that would mean something else in a patch, or in an object that is filled key by key. */
const special = (key: string): boolean => key === '$' || key === '__proto__'

/** A value as it is, wrapped where a patch would read it as something else. */
const whole = (value: unknown): Json =>
  value === null || (isHolder(value) && !Array.isArray(value) && Object.keys(value).some(special))
    ? { $: value as Json }
    : (value as Json)

/**
 * What makes `after` of `before`: a map of the keys that changed, null for one that went, indexes for the items of a list that
 * grew or kept its length; anything else stands for itself, `{ $: value }` where that could be misread. What is the same object
 * on both sides is not looked into. Undefined counts as absent.
 */
export const patchOf = (before: unknown, after: unknown): Json => {
  if (!isHolder(before) || !isHolder(after)) return whole(after)
  if (!sameKind(before, after)) return Array.isArray(after) ? (after as Json) : { $: after as Json }
  const list = Array.isArray(after)
  if (list && after.length < (before as unknown as readonly unknown[]).length) return after as Json
  const patch: { [key: string]: Json } = {}
  for (const key of Object.keys(after)) {
    if (special(key)) return { $: after as Json }
    const to = after[key]
    const from = before[key]
    if (to === from || to === undefined) continue
    if (from === undefined) patch[key] = whole(to)
    else {
      const inner = patchOf(from, to)
      if (isHolder(to) && isHolder(inner) && !Array.isArray(inner) && Object.keys(inner).length === 0) {
        // An empty list or map that took the place of something else is no empty patch.
        if (isHolder(from) && sameKind(from, to)) continue
      }
      patch[key] = inner
    }
  }
  if (!list)
    for (const key of Object.keys(before)) {
      if (special(key)) return { $: after as Json }
      if (before[key] !== undefined && after[key] === undefined) patch[key] = null
    }
  return patch
}

/** The other way: what `patchOf` was given as `after`. Parts that did not change are shared with `before`. */
export const applyPatch = (before: unknown, patch: Json): Json => {
  if (!isHolder(patch) || Array.isArray(patch)) return patch
  const wrapped = patch['$']
  if (wrapped !== undefined) return wrapped
  if (!isHolder(before)) return patch
  if (Array.isArray(before)) {
    const list = [...(before as readonly Json[])]
    for (const key of Object.keys(patch)) list[Number(key)] = applyPatch(list[Number(key)], patch[key]!)
    return list
  }
  const result: { [key: string]: Json } = { ...(before as JsonObject) }
  for (const key of Object.keys(patch)) {
    const one = patch[key]!
    if (one === null) delete result[key]
    else result[key] = applyPatch(result[key], one)
  }
  return result
}

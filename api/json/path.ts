/** A field name or a list index. */
export type PathStep = string | number
export type JsonPath = readonly PathStep[]

const child = (value: unknown, step: PathStep): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    ? (value as Record<PathStep, unknown>)[step]
    : undefined

/** The value at a path; undefined where any step is missing. */
export const getPath = (value: unknown, path: JsonPath): unknown => {
  let current = value
  for (const step of path) current = child(current, step)
  return current
}

const assign = (copy: Record<PathStep, unknown>, step: PathStep, value: unknown): void => {
  // A plain assignment to __proto__ would set the prototype instead of a field.
  if (step === '__proto__')
    Object.defineProperty(copy, step, { value, writable: true, enumerable: true, configurable: true })
  else copy[step] = value
}

const setAt = (value: unknown, path: JsonPath, index: number, next: unknown): unknown => {
  const step = path[index]
  if (step === undefined) return next
  const before = child(value, step)
  const after = setAt(before, path, index + 1, next)
  if (after === before && (before !== undefined || next === undefined)) return value
  if (Array.isArray(value)) {
    const copy = value.slice() as unknown[]
    if (after === undefined) copy.splice(Number(step), 1)
    else copy[Number(step)] = after
    return copy
  }
  const from = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  if (after === undefined) {
    const copy: Record<string, unknown> = {}
    for (const key of Object.keys(from)) if (key !== String(step)) assign(copy, key, from[key])
    return copy
  }
  const copy = { ...from }
  assign(copy, step, after)
  return copy
}

/**
 * The value with `next` at a path, copying only the way there. Setting what is there already returns the same value; setting
 * undefined removes the field or the list item. Missing objects on the way are made.
 */
export const setPath = <T>(value: T, path: JsonPath, next: unknown): T => setAt(value, path, 0, next) as T

/** A plain assignment to __proto__ would set the prototype instead of a field. */
const put = (out: Record<string, unknown>, key: string, value: unknown): void => {
  if (key !== '__proto__') out[key] = value
  else Object.defineProperty(out, key, { value, writable: true, enumerable: true, configurable: true })
}

/** Adds the fields of an object to another, in their order. */
export const putAll = (out: Record<string, unknown>, fields: object): Record<string, unknown> => {
  const source = fields as Record<string, unknown>
  for (const key in source) put(out, key, source[key])
  return out
}

/**
 * A copy of an object's fields that may be frozen. Field by field, because Node 20's V8 gives each frozen spread of an object that was not
 * frozen itself a hidden class of its own: hundreds of bytes, and every later read of the copy misses what was learned of the others.
 */
export const copyOf = (fields: object): Record<string, unknown> => putAll({}, fields)

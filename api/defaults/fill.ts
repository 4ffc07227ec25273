/** Any struct of an object under defaulting. */
export type Fields = Readonly<Record<string, unknown>>

/** Adds fields that are nil (pointers, lists). The same object if none was. */
export const fillNil = <T extends object>(value: T, defaults: Fields): T => {
  let out: Record<string, unknown> | undefined
  for (const key in defaults) {
    const present = (value as Fields)[key]
    if (present !== undefined && present !== null) continue
    out ??= { ...(value as Fields) }
    out[key] = defaults[key]
  }
  return (out as T | undefined) ?? value
}

/** Adds fields that have Go's zero value (strings and numbers without pointer). */
export const fillZero = <T extends object>(value: T, defaults: Fields): T => {
  let out: Record<string, unknown> | undefined
  for (const key in defaults) {
    const present = (value as Fields)[key]
    if (present !== undefined && present !== null && present !== '' && present !== 0) continue
    out ??= { ...(value as Fields) }
    out[key] = defaults[key]
  }
  return (out as T | undefined) ?? value
}

/** The object with some fields replaced; undefined takes a field away. */
export const replace = <T extends object>(value: T, fields: Fields): T => {
  const out: Record<string, unknown> = { ...(value as Fields) }
  for (const key in fields) {
    // Order is put right by whoever finishes the object; a field that is undefined counts as absent there.
    out[key] = fields[key]
  }
  return out as T
}

/** Changes one field by a function; the same object if that gave the same value. */
export const change = <T extends object>(value: T, key: string, by: (field: Fields | undefined) => unknown): T => {
  const before = (value as Fields)[key]
  const after = by(before as Fields | undefined)
  return after === before ? value : replace(value, { [key]: after })
}

/** Changes each item of a list field. */
export const changeEach = <T extends object>(value: T, key: string, by: (item: Fields) => unknown): T => {
  const list = (value as Fields)[key] as readonly Fields[] | undefined | null
  if (list === undefined || list === null) return value
  let changed = false
  const out = list.map((item) => {
    const after = by(item)
    if (after !== item) changed = true
    return after
  })
  return changed ? replace(value, { [key]: out }) : value
}

import type { Json } from '../object.ts'

const word = /[A-Za-z0-9](?:[-A-Za-z0-9_]*[A-Za-z0-9])?/g

/** Every text of a value with the names in it replaced that have another one; a value without any comes back as it is. */
export const renameValues = (value: Json, names: ReadonlyMap<string, string>): Json => {
  if (names.size === 0) return value
  if (typeof value === 'string') return value.replace(word, (one) => names.get(one) ?? one)
  if (Array.isArray(value)) {
    const items = value as readonly Json[]
    const renamed: readonly Json[] = items.map((item) => renameValues(item, names))
    return renamed.every((item, index) => item === items[index]) ? value : renamed
  }
  if (value === null || typeof value !== 'object') return value
  let changed = false
  const fields = Object.entries(value as Readonly<Record<string, Json>>).map(([name, inner]): [string, Json] => {
    const renamed = renameValues(inner, names)
    if (renamed !== inner) changed = true
    return [name, renamed]
  })
  return changed ? Object.fromEntries(fields) : value
}

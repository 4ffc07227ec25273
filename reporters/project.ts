import type { Json, JsonObject } from '../api/object.ts'

const isMap = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Fields that tell the items of a list apart, for showing them side by side; what matched what is told by the rows of the difference. */
const telling = ['name', 'type', 'containerPort', 'port', 'mountPath', 'topologyKey', 'key', 'ip', 'uid']

const partner = (wanted: Json, index: number, items: readonly Json[]): Json | undefined => {
  if (isMap(wanted)) {
    const field = telling.find((one) => wanted[one] !== undefined)
    const found = field === undefined ? undefined : items.find((item) => isMap(item) && item[field] === wanted[field])
    if (found !== undefined) return found
  }
  return items[index]
}

/** What of the actual object a pattern speaks of: the rest would bury the difference. */
export const project = (actual: Json, pattern: Json): Json => {
  if (isMap(pattern) && isMap(actual)) {
    return Object.fromEntries(
      Object.keys(pattern)
        .filter((key) => actual[key] !== undefined)
        .map((key) => [key, project(actual[key]!, pattern[key]!)]),
    )
  }
  if (Array.isArray(pattern) && Array.isArray(actual)) {
    const wanted = pattern as readonly Json[]
    const items = actual as readonly Json[]
    const seen = new Set<Json>()
    return wanted.flatMap((one, index) => {
      const found = partner(one, index, items)
      if (found === undefined || seen.has(found)) return []
      if (isMap(found)) seen.add(found)
      return [project(found, one)]
    })
  }
  return actual
}

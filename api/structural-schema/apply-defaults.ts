import type { Structural } from './structural.ts'

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** isNonNullableNull: null is not taken here, and stands for an absent value. */
const refusesNull = (schema: Structural | undefined, value: unknown): boolean =>
  value === null && schema !== undefined && !schema.nullable

const childOf = (schema: Structural, key: string): Structural | undefined => {
  const own = schema.properties.get(key)
  if (own !== undefined) return own
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined
}

/** Walks what is there, each step path-copied; `change` looks at a map before its values are walked. */
const walk = (
  value: unknown,
  schema: Structural | undefined,
  change: (value: Fields, schema: Structural) => Fields,
): unknown => {
  if (schema === undefined) return value
  if (Array.isArray(value)) {
    const { items } = schema
    if (items === undefined) return value
    let changed = false
    const out = value.map((item: unknown) => {
      const next = walk(item, items, change)
      if (next !== item) changed = true
      return next
    })
    return changed ? out : value
  }
  if (!isObject(value)) return value
  let out = change(value, schema)
  for (const key of Object.keys(out)) {
    const before = out[key]
    const after = walk(before, childOf(schema, key), change)
    if (after === before) continue
    if (out === value) out = { ...value }
    ;(out as Record<string, unknown>)[key] = after
  }
  return out
}

const withDefaults = (value: Fields, schema: Structural): Fields => {
  let out: Record<string, unknown> | undefined
  for (const [key, property] of schema.properties) {
    // A default of null is none.
    if (property.default === undefined || property.default.value === null) continue
    if (Object.hasOwn(value, key) && !(value[key] === null && !property.nullable)) continue
    out ??= { ...value }
    out[key] = property.default.value
  }
  return out ?? value
}

/** defaulting.Default: fills in absent properties, and what stands null where null is not taken. */
export const applyStructuralDefaults = (value: unknown, schema: Structural): unknown =>
  walk(value, schema, withDefaults)

const withoutNulls = (value: Fields, schema: Structural): Fields => {
  let out: Record<string, unknown> | undefined
  for (const key of Object.keys(value)) {
    const child = childOf(schema, key)
    if (!refusesNull(child, value[key]) || child?.default !== undefined) continue
    out ??= { ...value }

    delete out[key]
  }
  return out ?? value
}

/** defaulting.PruneNonNullableNullsWithoutDefaults */
export const dropNulls = (value: unknown, schema: Structural): unknown => walk(value, schema, withoutNulls)

import type { Structural } from './structural.ts'

type Fields = Readonly<Record<string, unknown>>

interface Pruning {
  /** Paths of what was cut, as strict errors show them. */
  readonly unknown: string[]
  readonly path: string[]
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const identity = new Set(['apiVersion', 'kind', 'metadata'])

const pathText = (path: readonly string[]): string =>
  path.reduce((text, step) => (step.startsWith('[') || text === '' ? text + step : `${text}.${step}`), '')

const note = ({ unknown, path }: Pruning, key: string): void => {
  unknown.push(pathText([...path, key]))
}

const holdsMaps = (value: unknown): boolean => isObject(value) || (Array.isArray(value) && value.some(holdsMaps))

/** What remains where there is no schema: maps lose all of their keys. */
const emptied = (value: unknown, state: Pruning): unknown => {
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => {
      state.path.push(`[${index}]`)
      const next = emptied(item, state)
      state.path.pop()
      return next
    })
  }
  if (!isObject(value)) return value
  for (const key of Object.keys(value)) note(state, key)
  return {}
}

const pruneMap = (value: Fields, schema: Structural, root: boolean, state: Pruning): Fields => {
  const resource = root || schema.embeddedResource
  let out: Record<string, unknown> | undefined
  for (const key of Object.keys(value).sort()) {
    if (resource && identity.has(key)) continue
    const { additionalProperties } = schema
    const next =
      schema.properties.get(key) ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined)
    if (next === undefined) {
      if (schema.preserveUnknownFields) continue
      // `additionalProperties: true` lets a key in, but knows nothing of what lies below it.
      if (additionalProperties !== undefined && !holdsMaps(value[key])) continue
      out ??= { ...value }
      if (additionalProperties !== undefined) {
        state.path.push(key)
        out[key] = emptied(value[key], state)
        state.path.pop()
        continue
      }

      delete out[key]
      note(state, key)
      continue
    }
    state.path.push(key)
    const pruned = pruneValue(value[key], next, false, state)
    state.path.pop()
    if (pruned !== value[key]) {
      out ??= { ...value }
      out[key] = pruned
    }
  }
  return out ?? value
}

const pruneValue = (value: unknown, schema: Structural, root: boolean, state: Pruning): unknown => {
  if (schema.preserveUnknownFields && schema.properties.size === 0 && schema.additionalProperties === undefined)
    return value
  if (Array.isArray(value)) {
    const { items } = schema
    if (items === undefined) return schema.preserveUnknownFields ? value : emptied(value, state)
    let changed = false
    const out = value.map((item: unknown, index) => {
      state.path.push(`[${index}]`)
      const pruned = pruneValue(item, items, false, state)
      state.path.pop()
      if (pruned !== item) changed = true
      return pruned
    })
    return changed ? out : value
  }
  return isObject(value) ? pruneMap(value, schema, root, state) : value
}

/** pruning.Prune: cuts fields that the schema does not know. Path-copying; `unknown` lists what was cut. */
export const prune = (
  value: unknown,
  schema: Structural,
  root: boolean,
): { readonly value: unknown; readonly unknown: readonly string[] } => {
  const state: Pruning = { unknown: [], path: [] }
  const pruned = pruneValue(value, schema, root, state)
  return { value: pruned, unknown: state.unknown.sort() }
}

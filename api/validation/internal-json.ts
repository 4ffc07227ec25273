import goTypesJson from '../schema/data/go-types.json' with { type: 'json' }
import { internalOrder, movedInto } from './internal-order.ts'
import { typePlan } from '../decode/type-plan.ts'
import type { FieldPlan, Shape } from '../decode/shape.ts'

const goNames = goTypesJson as Readonly<
  Record<string, { readonly fields: readonly (readonly [string, string, string, string, ...unknown[]])[] }>
>

const objectMeta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'

/** Types whose internal struct is the same as the versioned one and has JSON tags. */
const tagged = (type: string): boolean => type.startsWith('io.k8s.apimachinery.')

const quoted = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Go names by JSON name; embedded structs stand in the struct itself. */
const goFieldNames = (type: string, into = new Map<string, string>()): ReadonlyMap<string, string> => {
  for (const [json, go, goType, mode] of goNames[type]?.fields ?? []) {
    const short = goType.slice(goType.lastIndexOf('.') + 1)
    if (json !== '' && mode !== 'i') into.set(json, go)
    else if (short !== 'TypeMeta') goFieldNames(`${type.slice(0, type.lastIndexOf('.'))}.${short}`, into)
  }
  return into
}

const zeroText = (shape: Shape): string => {
  switch (shape.kind) {
    case 'string':
    case 'bytes':
      return '""'
    case 'int32':
    case 'int64':
    case 'float':
    case 'intOrString':
      return '0'
    case 'bool':
      return 'false'
    case 'quantity':
      return '"0"'
    case 'struct':
      return internalJson({}, shape.type)
    default:
      return 'null'
  }
}

const shapeText = (shape: Shape, value: unknown): string => {
  if (value === undefined || value === null) return 'null'
  switch (shape.kind) {
    case 'struct':
      return internalJson(value, shape.type)
    case 'list':
      return `[${(value as readonly unknown[]).map((item) => shapeText(shape.item, item)).join(',')}]`
    case 'map': {
      const entries = value as Readonly<Record<string, unknown>>
      const keys = Object.keys(entries).sort()
      return `{${keys.map((key) => `${quoted(key)}:${shapeText(shape.value, entries[key])}`).join(',')}}`
    }
    default:
      return quoted(value)
  }
}

const fieldText = (field: FieldPlan, value: unknown): string =>
  value === undefined || value === null
    ? field.pointer
      ? 'null'
      : zeroText(field.shape)
    : shapeText(field.shape, value)

/**
 * A value as Go prints the internal struct of its type: no JSON tags, so all fields by their Go names. Field names and order
 * are those of the versioned struct.
 * Differs: but for pods, an internal struct with other fields or another order than the versioned one is printed as that.
 */
export const internalJson = (value: unknown, type: string, only?: readonly string[]): string => {
  if (value === undefined || value === null) return 'null'
  if (tagged(type)) return quoted(value)
  if (Array.isArray(value)) return `[${value.map((item) => internalJson(item, type)).join(',')}]`
  const plan = typePlan(type)
  const names = goFieldNames(type)
  const source = value as Readonly<Record<string, unknown>>
  const parts: string[] = []
  const order = internalOrder(type)
  const fields = order === undefined ? plan.fields : order.flatMap((name) => plan.byName.get(name) ?? [])
  for (const field of fields) {
    if (only?.includes(field.name) === false) continue
    const own = source[field.name]
    const moved = movedInto(type, field.name)
    if (moved.length > 0) {
      const texts = moved.flatMap((name) => {
        const one = plan.byName.get(name)
        return one === undefined ? [] : [`${quoted(names.get(name) ?? name)}:${fieldText(one, source[name])}`]
      })
      const inner = own === undefined || own === null ? '' : shapeText(field.shape, own).slice(1, -1)
      const text = `{${[...texts, ...(inner === '' ? [] : [inner])].join(',')}}`
      parts.push(`${quoted(names.get(field.name) ?? field.name)}:${own === undefined ? 'null' : text}`)
      continue
    }
    if (field.shape.kind === 'struct' && field.shape.type === objectMeta) {
      // Embedded in Go: its tagged fields stand in the place of one field.
      const inner = quoted(own ?? {}).slice(1, -1)
      if (inner !== '') parts.push(inner)
    } else parts.push(`${quoted(names.get(field.name) ?? field.name)}:${fieldText(field, own)}`)
  }
  return `{${parts.join(',')}}`
}

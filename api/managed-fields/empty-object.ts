import goScalarsJson from '../schema/data/go-scalars.json' with { type: 'json' }
import goTypesJson from '../schema/data/go-types.json' with { type: 'json' }

interface GoType {
  readonly go: string
  readonly fields: readonly (readonly [json: string, name: string, type: string, mode: string, wire: string])[]
}
const goTypes = goTypesJson as Readonly<Record<string, GoType>>
const goScalars = goScalarsJson as Readonly<Record<string, string>>

const structName = (type: string, from: string): string | undefined => {
  const own = from.slice(0, from.lastIndexOf('.') + 1)
  const short = type.slice(type.indexOf('.') + 1)
  return [own, 'io.k8s.apimachinery.pkg.apis.meta.v1.', 'io.k8s.api.core.v1.']
    .map((prefix) => prefix + short)
    .find((name) => goTypes[name]?.go === type)
}

const isTime = (type: string): boolean => type === 'v1.Time' || type === 'v1.MicroTime'

/** A Go zero value as structured-merge-diff's reflection shows it. */
const zeroOf = (type: string, from: string): unknown => {
  if (type.startsWith('*') || type.startsWith('[]') || type.startsWith('map[')) return null
  const struct = structName(type, from)
  if (struct !== undefined) return emptyObject(struct)
  const scalar = goScalars[type] ?? type
  if (scalar.startsWith('[]') || scalar.startsWith('map[')) return null
  switch (scalar) {
    case 'string':
      return ''
    case 'bool':
      return false
    case 'v1.Time':
    case 'v1.MicroTime':
      return null
    case 'resource.Quantity':
      return '0'
    default:
      return 0
  }
}

const built = new Map<string, Readonly<Record<string, unknown>>>()

/**
 * A new object of a built-in type before anything is set: what a created object is compared with. Fields that are always
 * written are there with Go's zero values, and so are structs that are not pointers; a zero time is null.
 */
export const emptyObject = (type: string): Readonly<Record<string, unknown>> => {
  const known = built.get(type)
  if (known !== undefined) return known
  const object: Record<string, unknown> = {}
  built.set(type, object)
  for (const [json, , goType, mode] of goTypes[type]?.fields ?? []) {
    const struct = structName(goType, type)
    if (mode === 'i') {
      if (struct !== undefined) Object.assign(object, emptyObject(struct))
    } else if (mode === '' || (mode === 'e' && (struct !== undefined || isTime(goType)))) {
      object[json] = zeroOf(goType, type)
    }
  }
  return object
}

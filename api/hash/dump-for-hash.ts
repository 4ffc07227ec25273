import goScalarsJson from '../schema/data/go-scalars.json' with { type: 'json' }
import goTypesJson from '../schema/data/go-types.json' with { type: 'json' }
import { parseQuantity } from '../quantity/parse-quantity.ts'

/** go-types.json: [json name, Go name, Go type, mode (i: inline), protobuf tag]. */
interface GoType {
  readonly go: string
  readonly fields: readonly (readonly [json: string, name: string, type: string, mode: string, wire: string])[]
}
const goTypes = goTypesJson as Readonly<Record<string, GoType>>
const goScalars = goScalarsJson as Readonly<Record<string, string>>

/** Writes a decoded value as spew's %#v does, without the type in front of it; undefined and null are Go's zero value. */
type Dumper = (value: unknown) => string

const dumpers = new Map<string, Dumper>()

const quantityText = (value: number | bigint, scale: number, spelled: string, format: string): string =>
  `{i:(resource.int64Amount){value:(int64)${value} scale:(resource.Scale)${scale}} ` +
  `d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)${spelled} Format:(resource.Format)${format}}`

const words = (value: bigint): string => {
  const list: bigint[] = []
  for (let rest = value < 0n ? -value : value; rest > 0n; rest >>= 64n) list.push(rest & 0xffffffffffffffffn)
  return `[${list.join(' ')}]`
}

const dumpQuantity: Dumper = (value) => {
  if (value === undefined || value === null) return quantityText(0, 0, '', '')
  const quantity = parseQuantity(typeof value === 'string' ? value.trim() : JSON.stringify(value))
  if ('error' in quantity) return quantityText(0, 0, '', '')
  const { unscaled, exponent, big, format, spelled } = quantity
  if (!big) return quantityText(unscaled, exponent, spelled ?? '', format)
  const abs = unscaled === 0n ? '<nil>' : words(unscaled)
  return (
    '{i:(resource.int64Amount){value:(int64)0 scale:(resource.Scale)0} d:(resource.infDecAmount){Dec:(*inf.Dec)' +
    `{unscaled:(big.Int){neg:(bool)${unscaled < 0n} abs:(big.nat)${abs}} scale:(inf.Scale)${-exponent}}} ` +
    `s:(string) Format:(resource.Format)${format}}`
  )
}

/** Differs: a template's time is dumped without the time zone of the machine; servers never store one there. */
const dumpTime: Dumper = (value) => {
  const seconds = typeof value === 'string' ? BigInt(Math.floor(Date.parse(value) / 1000)) + 62135596800n : 0n
  return `{Time:(time.Time){wall:(uint64)0 ext:(int64)${seconds} loc:(*time.Location)<nil>}}`
}

const dumpIntOrString: Dumper = (value) => {
  const text = typeof value === 'string'
  return `{Type:(intstr.Type)${text ? 1 : 0} IntVal:(int32)${typeof value === 'number' ? value : 0} StrVal:(string)${text ? value : ''}}`
}

const special: Readonly<Record<string, Dumper>> = {
  'resource.Quantity': dumpQuantity,
  'v1.Time': dumpTime,
  'v1.MicroTime': dumpTime,
  'intstr.IntOrString': dumpIntOrString,
}

/** The struct that a Go type names in a package: `v1.` is the package itself, meta/v1 or core/v1. */
const structName = (type: string, from: string): string | undefined => {
  const own = from.slice(0, from.lastIndexOf('.') + 1)
  const short = type.slice(type.indexOf('.') + 1)
  const candidates = [own, 'io.k8s.apimachinery.pkg.apis.meta.v1.', 'io.k8s.api.core.v1.'].map(
    (prefix) => prefix + short,
  )
  return candidates.find((name) => goTypes[name]?.go === type)
}

const structDumper = (name: string): Dumper => {
  interface Field {
    readonly json: string
    readonly inline: boolean
    readonly head: string
    readonly dump: Dumper
    zero: string | undefined
  }
  let fields: Field[] | undefined
  return (value) => {
    fields ??= (goTypes[name]?.fields ?? []).map(([json, goName, type, mode]) => ({
      json,
      inline: mode === 'i',
      head: `${goName}:(${type})`,
      dump: dumperOf(type, name),
      zero: undefined,
    }))
    const object = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
    let text = '{'
    for (const field of fields) {
      const held = field.inline ? value : object[field.json]
      if (text.length > 1) text += ' '
      if (held === undefined || held === null) text += field.zero ??= field.head + field.dump(undefined)
      else text += field.head + field.dump(held)
    }
    return `${text}}`
  }
}

const scalarDumper = (type: string): Dumper => {
  const zero = type === 'string' ? '' : type === 'bool' ? 'false' : '0'
  return (value) => {
    if (typeof value === 'string') return value
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : zero
  }
}

const makeDumper = (type: string, from: string): Dumper => {
  if (type.startsWith('*')) {
    const target = dumperOf(type.slice(1), from)
    return (value) => (value === undefined || value === null ? '<nil>' : target(value))
  }
  if (type.startsWith('[]')) {
    const item = dumperOf(type.slice(2), from)
    return (value) => (Array.isArray(value) ? `[${value.map(item).join(' ')}]` : '<nil>')
  }
  if (type.startsWith('map[')) {
    const item = dumperOf(type.slice(type.indexOf(']') + 1), from)
    return (value) => {
      if (typeof value !== 'object' || value === null) return '<nil>'
      const map = value as Record<string, unknown>
      const keys = Object.keys(map).sort()
      return `map[${keys.map((key) => `${key}:${item(map[key])}`).join(' ')}]`
    }
  }
  const known = special[type]
  if (known !== undefined) return known
  const struct = structName(type, from)
  if (struct !== undefined) return structDumper(struct)
  const scalar = goScalars[type]
  if (scalar !== undefined && scalar !== type) return dumperOf(scalar, from)
  if (type === 'v1.ResourceList') return dumperOf('map[v1.ResourceName]resource.Quantity', from)
  return scalarDumper(type)
}

const dumperOf = (type: string, from: string): Dumper => {
  const key = `${from.slice(0, from.lastIndexOf('.'))} ${type}`
  let dumper = dumpers.get(key)
  if (dumper === undefined) {
    // Registered before its parts are made: types refer to themselves.
    let made: Dumper | undefined
    dumper = (value) => (made ??= makeDumper(type, from))(value)
    dumpers.set(key, dumper)
  }
  return dumper
}

/**
 * utils/dump.ForHash of a value of an API type: spew's %#v with sorted keys, every zero field included. `type` is the OpenAPI
 * name, such as io.k8s.api.core.v1.PodTemplateSpec.
 */
export const dumpForHash = (type: string, value: unknown): string => {
  const go = goTypes[type]?.go ?? type
  return `(${go})${dumperOf(go, type)(value)}`
}

import { parseTimeText } from './time-value.ts'
import { parseDurationText } from './duration-value.ts'
import type { CelType } from './types.ts'
import { dynType } from './types.ts'
import { keyText, kindOf, type Dict, type List, type Value } from './values.ts'

// JSON as values, read where an expression reads it. A type tells integers from floats and texts from times.

const adaptList = (native: readonly unknown[], type: CelType): List => {
  const element = type.params[0] ?? dynType
  return {
    kind: 'list',
    size: native.length,
    at: (index) => adapt(native[index], element),
    listType: type.listType,
    listKeys: type.listKeys,
  }
}

const own = (native: object, key: string): unknown =>
  Object.prototype.hasOwnProperty.call(native, key) ? (native as Record<string, unknown>)[key] : undefined

const adaptMap = (native: object, type: CelType): Dict => {
  const element = type.kind === 'map' ? type.params[1]! : dynType
  const names = (): string[] => Object.keys(native).filter((key) => own(native, key) !== undefined)
  return {
    kind: 'map',
    get size() {
      return names().length
    },
    get(key) {
      if (typeof key !== 'string') return undefined
      const value = own(native, key)
      return value === undefined ? undefined : adapt(value, element)
    },
    keys: () => names().sort(),
  }
}

const adaptObject = (native: object, type: CelType): Dict => {
  const { fields } = type
  const present = (): string[] =>
    [...fields!].filter(([, field]) => own(native, field.property) !== undefined).map(([name]) => name)
  return {
    kind: 'map',
    get size() {
      return present().length
    },
    get(key) {
      if (typeof key !== 'string') return undefined
      const field = fields!.get(key)
      if (field === undefined) return undefined
      const value = own(native, field.property)
      return value === undefined ? undefined : adapt(value, field.type)
    },
    keys: () => present().sort(),
    typeName: type.name,
  }
}

export const fromBase64 = (text: string): Uint8Array | undefined => {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const out: number[] = []
  let bits = 0
  let held = 0
  for (const letter of text.replace(/=+$/, '')) {
    held = (held << 6) | alphabet.indexOf(letter)
    bits += 6
    if (bits >= 8) {
      bits -= 8
      out.push((held >> bits) & 255)
    }
  }
  return Uint8Array.from(out)
}

/** A JSON value as a value of a type. Of type `dyn`, a number without a fraction is an int, as in Go's decoding. */
export const adapt = (native: unknown, type: CelType = dynType): Value => {
  switch (typeof native) {
    case 'boolean':
      return native
    case 'bigint':
      return native
    case 'number':
      if (type.kind === 'double') return native
      if (type.kind === 'duration') return { kind: 'duration', nanos: BigInt(native) }
      return Number.isSafeInteger(native) ? BigInt(native) : native
    case 'string':
      if (type.kind === 'timestamp') return parseTimeText(native)
      if (type.kind === 'duration') return parseDurationText(native)
      if (type.kind === 'bytes') return fromBase64(native) ?? new TextEncoder().encode(native)
      return native
    case 'object':
      if (native === null) return null
      if (Array.isArray(native)) return adaptList(native, type)
      return type.kind === 'object' && type.fields !== undefined ? adaptObject(native, type) : adaptMap(native, type)
    default:
      return null
  }
}

/** A value as JSON; undefined where there is none for it. */
export const toJson = (value: Value): unknown => {
  switch (kindOf(value)) {
    case 'int':
      return Number(value)
    case 'uint':
      return Number((value as { readonly value: bigint }).value)
    case 'list': {
      const list = value as List
      return Array.from({ length: list.size }, (_, index) => toJson(list.at(index)))
    }
    case 'map':
    case 'object': {
      const dict = value as Dict
      const out: Record<string, unknown> = {}
      for (const key of dict.keys()) {
        const json = toJson(dict.get(key)!)
        if (json !== undefined)
          Object.defineProperty(out, keyText(key)!.slice(1), {
            value: json,
            enumerable: true,
            writable: true,
            configurable: true,
          })
      }
      return out
    }
    case 'null':
    case 'bool':
    case 'double':
    case 'string':
      return value
    default:
      return undefined
  }
}

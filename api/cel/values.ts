import type { CelType } from './types.ts'

// Values of expressions. int is a bigint, double a number; what has no counterpart in JavaScript is a tagged object.

export interface Uint {
  readonly kind: 'uint'
  readonly value: bigint
}
export interface Timestamp {
  readonly kind: 'timestamp'
  /** Nanoseconds since 1970. */
  readonly nanos: bigint
}
export interface Duration {
  readonly kind: 'duration'
  readonly nanos: bigint
}
export interface List {
  readonly kind: 'list'
  readonly size: number
  at(index: number): Value
  /** Elements compared without regard to their order: those of a set, or those of a map-like list by their keys. */
  readonly listType?: 'set' | 'map' | undefined
  readonly listKeys?: readonly string[] | undefined
}
export interface Dict {
  readonly kind: 'map'
  readonly size: number
  get(key: Value): Value | undefined
  /** In order of their text. */
  keys(): readonly Value[]
  /** Of a message: its type's name. */
  readonly typeName?: string | undefined
}
export interface Optional {
  readonly kind: 'optional'
  readonly value: Value | undefined
}
export interface TypeValue {
  readonly kind: 'type'
  readonly name: string
}
/** A value of a library's own type. */
export interface Opaque {
  readonly kind: 'opaque'
  readonly type: string
  readonly value: unknown
  /** Equal texts are equal values. */
  readonly text: string
}
export interface Failure {
  readonly kind: 'error'
  readonly message: string
  /** The evaluation as a whole ends: nothing absorbs it. */
  readonly cancelled?: boolean
}
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | Uint
  | Timestamp
  | Duration
  | List
  | Dict
  | Optional
  | TypeValue
  | Opaque
  | Failure

export const fail = (message: string): Failure => ({ kind: 'error', message })
export const noSuchOverload: Failure = Object.freeze({ kind: 'error', message: 'no such overload' })

export const isFailure = (value: Value): value is Failure =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'error'

export const uint = (value: bigint): Uint => ({ kind: 'uint', value })
export const timestamp = (nanos: bigint): Timestamp => ({ kind: 'timestamp', nanos })
export const duration = (nanos: bigint): Duration => ({ kind: 'duration', nanos })
export const some = (value: Value): Optional => ({ kind: 'optional', value })
export const none: Optional = Object.freeze({ kind: 'optional', value: undefined })
export const opaque = (type: string, value: unknown, text: string): Opaque => ({ kind: 'opaque', type, value, text })

export const listOf = (values: readonly Value[]): List => ({
  kind: 'list',
  size: values.length,
  at: (index) => values[index]!,
})

export const elements = (list: List): Value[] => {
  const out: Value[] = []
  for (let index = 0; index < list.size; index += 1) out.push(list.at(index))
  return out
}

/** Text under which a map keeps a key: numbers that are equal have the same. */
export const keyText = (key: Value): string | undefined => {
  switch (typeof key) {
    case 'string':
      return `s${key}`
    case 'boolean':
      return `b${key}`
    case 'bigint':
      return `n${key}`
    case 'number':
      return Number.isInteger(key) ? `n${BigInt(key)}` : undefined
    default:
      return key !== null && 'kind' in key && key.kind === 'uint' ? `n${key.value}` : undefined
  }
}

export const dictOf = (entries: readonly (readonly [Value, Value])[], typeName?: string): Dict => {
  const byText = new Map<string, readonly [Value, Value]>()
  for (const entry of entries) byText.set(keyText(entry[0]) ?? '', entry)
  return {
    kind: 'map',
    size: byText.size,
    get(key) {
      const text = keyText(key)
      return text === undefined ? undefined : byText.get(text)?.[1]
    },
    keys: () => [...byText.keys()].sort().map((text) => byText.get(text)![0]),
    typeName,
  }
}

/** The kind of a value, as runtime overloads tell them apart. */
export const kindOf = (value: Value): CelType['kind'] | 'optional' => {
  switch (typeof value) {
    case 'boolean':
      return 'bool'
    case 'bigint':
      return 'int'
    case 'number':
      return 'double'
    case 'string':
      return 'string'
    default:
      if (value === null) return 'null'
      if (value instanceof Uint8Array) return 'bytes'
      return value.kind === 'map' && value.typeName !== undefined ? 'object' : value.kind
  }
}

/** The name by which `type(x)` shows a value's type. */
export const typeName = (value: Value): string => {
  const kind = kindOf(value)
  switch (kind) {
    case 'null':
      return 'null_type'
    case 'timestamp':
      return 'google.protobuf.Timestamp'
    case 'duration':
      return 'google.protobuf.Duration'
    case 'optional':
      return 'optional_type'
    case 'opaque':
      return (value as Opaque).type
    case 'object':
      return (value as Dict).typeName!
    default:
      return kind
  }
}

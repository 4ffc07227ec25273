/** A type of the Common Expression Language, with what Kubernetes knows about values of it. */
export interface CelType {
  readonly kind:
    | 'dyn'
    | 'error'
    | 'null'
    | 'bool'
    | 'int'
    | 'uint'
    | 'double'
    | 'string'
    | 'bytes'
    | 'timestamp'
    | 'duration'
    | 'list'
    | 'map'
    | 'object'
    | 'opaque'
    | 'type'
    | 'param'
  /** As shown in messages: `int`, `kubernetes.Quantity`; of a parameter: its letter. */
  readonly name: string
  readonly params: readonly CelType[]
  /** Of an object: its fields by their escaped names. */
  readonly fields?: ReadonlyMap<string, CelField>
  /** Most elements, properties, characters or bytes that a value can have; undefined: unknown. */
  readonly max?: number
  /** Fewest bytes of a value in JSON: how many of them fit into a request. */
  readonly minSerialized?: number
  /** Of a list: how its elements are told apart. */
  readonly listType?: 'set' | 'map'
  readonly listKeys?: readonly string[]
}

export interface CelField {
  readonly type: CelType
  /** As in JSON. */
  readonly property: string
  readonly required: boolean
}

const simple = (kind: CelType['kind'], name: string = kind): CelType => Object.freeze({ kind, name, params: [] })

export const dynType: CelType = simple('dyn')
export const errorType: CelType = simple('error', '!error!')
export const nullType: CelType = simple('null', 'null')
export const boolType: CelType = simple('bool')
export const intType: CelType = simple('int')
export const uintType: CelType = simple('uint')
export const doubleType: CelType = simple('double')
export const stringType: CelType = simple('string')
export const bytesType: CelType = simple('bytes')
export const timestampType: CelType = simple('timestamp', 'google.protobuf.Timestamp')
export const durationType: CelType = simple('duration', 'google.protobuf.Duration')

export const listType = (element: CelType, more: Partial<CelType> = {}): CelType => ({
  kind: 'list',
  name: 'list',
  params: [element],
  ...more,
})
export const mapType = (key: CelType, value: CelType, more: Partial<CelType> = {}): CelType => ({
  kind: 'map',
  name: 'map',
  params: [key, value],
  ...more,
})
export const typeType = (of: CelType): CelType => ({ kind: 'type', name: 'type', params: [of] })
export const opaqueType = (name: string, params: readonly CelType[] = []): CelType => ({ kind: 'opaque', name, params })
export const optionalType = (of: CelType): CelType => opaqueType('optional_type', [of])
export const paramType = (name: string): CelType => ({ kind: 'param', name, params: [] })
export const objectType = (
  name: string,
  fields: ReadonlyMap<string, CelField>,
  more: Partial<CelType> = {},
): CelType => ({ kind: 'object', name, params: [], fields, ...more })

/** An object type from plain pairs, nothing required. */
export const recordType = (name: string, fields: Readonly<Record<string, CelType>>): CelType =>
  objectType(
    name,
    new Map(Object.entries(fields).map(([property, type]) => [property, { type, property, required: false }])),
  )

export const isOptional = (type: CelType): boolean => type.kind === 'opaque' && type.name === 'optional_type'

/** checker.FormatCELType */
export const typeText = (type: CelType): string => {
  if (type.kind === 'type' && type.params[0]?.kind === 'param') return 'type'
  return type.params.length === 0 ? type.name : `${type.name}(${type.params.map(typeText).join(', ')})`
}

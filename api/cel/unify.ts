import {
  boolType,
  bytesType,
  doubleType,
  durationType,
  dynType,
  intType,
  isOptional,
  listType,
  mapType,
  nullType,
  paramType,
  stringType,
  timestampType,
  typeType,
  uintType,
  type CelType,
} from './types.ts'

/** What type parameters stand for. */
export type Bindings = Map<string, CelType>

export const resolve = (type: CelType, bindings: Bindings): CelType => {
  if (type.kind === 'param') {
    const bound = bindings.get(type.name)
    return bound === undefined ? type : resolve(bound, bindings)
  }
  if (type.params.length === 0) return type
  const params = type.params.map((one) => resolve(one, bindings))
  return params.every((one, index) => one === type.params[index]) ? type : { ...type, params }
}

/** Unbound parameters become dyn, as at the end of a check. */
export const settle = (type: CelType): CelType =>
  type.kind === 'param' ? dynType : type.params.length === 0 ? type : { ...type, params: type.params.map(settle) }

/** An overload's own parameters under fresh names. */
export const freshen = (type: CelType, mark: string): CelType =>
  type.kind === 'param'
    ? paramType(`${type.name}${mark}`)
    : type.params.length === 0
      ? type
      : { ...type, params: type.params.map((one) => freshen(one, mark)) }

const occurs = (name: string, type: CelType): boolean =>
  type.kind === 'param' ? type.name === name : type.params.some((one) => occurs(name, one))

const nullable = (type: CelType): boolean =>
  type.kind === 'object' || type.kind === 'timestamp' || type.kind === 'duration' || type.kind === 'opaque'

/** internalIsAssignable of cel-go checker/types.go: whether a value of one type may stand where another is expected. */
export const assignable = (expected: CelType, actual: CelType, bindings: Bindings): boolean => {
  const want = resolve(expected, bindings)
  const have = resolve(actual, bindings)
  if (want === have) return true
  if (want.kind === 'param' || have.kind === 'param') {
    if (want.kind === 'param' && have.kind === 'param' && want.name === have.name) return true
    const [variable, other] = want.kind === 'param' ? [want, have] : [have, want]
    if (occurs(variable.name, other)) return false
    bindings.set(variable.name, other)
    return true
  }
  if (want.kind === 'dyn' || have.kind === 'dyn' || want.kind === 'error' || have.kind === 'error') return true
  if (have.kind === 'null' || want.kind === 'null')
    return have.kind === want.kind || nullable(have.kind === 'null' ? want : have)
  if (want.kind !== have.kind || want.name !== have.name) return false
  return want.params.every((one, index) => assignable(one, have.params[index] ?? dynType, bindings))
}

/** The type of what a field of a type is; undefined if it has none. */
export const elementOf = (type: CelType): CelType | undefined => (isOptional(type) ? type.params[0] : undefined)

/** Names that stand for types: `type(x) == int`. */
export const typeNames: Readonly<Record<string, CelType>> = {
  bool: boolType,
  bytes: bytesType,
  double: doubleType,
  dyn: dynType,
  int: intType,
  list: listType(dynType),
  map: mapType(dynType, dynType),
  null_type: nullType,
  string: stringType,
  type: typeType(dynType),
  uint: uintType,
  'google.protobuf.Timestamp': timestampType,
  'google.protobuf.Duration': durationType,
}

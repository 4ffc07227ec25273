import {
  elements,
  isFailure,
  kindOf,
  type Dict,
  type Duration,
  type List,
  type Opaque,
  type Optional,
  type Timestamp,
  type TypeValue,
  type Uint,
  type Value,
} from './values.ts'

const numeric = (value: Value): bigint | number | undefined => {
  if (typeof value === 'bigint' || typeof value === 'number') return value
  return kindOf(value) === 'uint' ? (value as Uint).value : undefined
}

const equalLists = (left: List, right: List): boolean => {
  if (left.size !== right.size) return false
  if (left.listType === undefined || right.listType === undefined) {
    for (let index = 0; index < left.size; index += 1) if (!equal(left.at(index), right.at(index))) return false
    return true
  }
  // Lists of type set and map: the order does not count (k8s.io/apiserver/pkg/cel/common/values.go).
  const others = elements(right)
  return elements(left).every((one) => others.some((other) => equal(one, other)))
}

const equalDicts = (left: Dict, right: Dict): boolean =>
  left.size === right.size &&
  left.keys().every((key) => {
    const other = right.get(key)
    return other !== undefined && equal(left.get(key)!, other)
  })

/** Heterogeneous equality: values of kinds that do not compare are unequal. */
export const equal = (left: Value, right: Value): boolean => {
  const [a, b] = [numeric(left), numeric(right)]

  if (a !== undefined || b !== undefined) return a !== undefined && b !== undefined && a == b
  const kind = kindOf(left)
  if (kind !== kindOf(right) || isFailure(left)) return false
  switch (kind) {
    case 'bytes': {
      const [x, y] = [left as Uint8Array, right as Uint8Array]
      return x.length === y.length && x.every((byte, index) => byte === y[index])
    }
    case 'timestamp':
    case 'duration':
      return (left as Timestamp | Duration).nanos === (right as Timestamp | Duration).nanos
    case 'list':
      return equalLists(left as List, right as List)
    case 'map':
    case 'object':
      return equalDicts(left as Dict, right as Dict)
    case 'optional': {
      const [x, y] = [(left as Optional).value, (right as Optional).value]
      return x === undefined || y === undefined ? x === y : equal(x, y)
    }
    case 'type':
      return (left as TypeValue).name === (right as TypeValue).name
    case 'opaque': {
      const [x, y] = [left as Opaque, right as Opaque]
      return x.type === y.type && x.text === y.text
    }
    default:
      return left === right
  }
}

/** Order of two values of comparable kinds; undefined where there is none. */
export const compare = (left: Value, right: Value): number | undefined => {
  const [a, b] = [numeric(left), numeric(right)]
  if (a !== undefined && b !== undefined) return a < b ? -1 : a > b ? 1 : 0
  const kind = kindOf(left)
  if (kind !== kindOf(right)) return undefined
  switch (kind) {
    case 'bool':
      return Number(left) - Number(right)
    case 'string':
      return (left as string) < (right as string) ? -1 : (left as string) > (right as string) ? 1 : 0
    case 'bytes': {
      const [x, y] = [left as Uint8Array, right as Uint8Array]
      for (let index = 0; index < Math.min(x.length, y.length); index += 1) {
        if (x[index] !== y[index]) return x[index]! - y[index]!
      }
      return x.length - y.length
    }
    case 'timestamp':
    case 'duration': {
      const [x, y] = [(left as Timestamp).nanos, (right as Timestamp).nanos]
      return x < y ? -1 : x > y ? 1 : 0
    }
    default:
      return undefined
  }
}

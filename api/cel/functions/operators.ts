import { compare, equal } from '../equal.ts'
import { define, type Overload } from '../overloads.ts'
import {
  elements,
  fail,
  listOf,
  noSuchOverload,
  uint,
  type Dict,
  type Duration,
  type List,
  type Timestamp,
  type Uint,
  type Value,
} from '../values.ts'

const overflow = fail('integer overflow')
const byZero = fail('division by zero')
const moduloZero = fail('modulus by zero')

const int64 = (value: bigint): Value => (BigInt.asIntN(64, value) === value ? value : overflow)
const uint64 = (value: bigint): Value =>
  value < 0n || BigInt.asUintN(64, value) !== value ? fail('unsigned integer overflow') : uint(value)
const ints =
  (run: (a: bigint, b: bigint) => Value): Overload['run'] =>
  ([a, b]) =>
    run(a as bigint, b as bigint)
const uints =
  (run: (a: bigint, b: bigint) => Value): Overload['run'] =>
  ([a, b]) =>
    run((a as Uint).value, (b as Uint).value)
const doubles =
  (run: (a: number, b: number) => Value): Overload['run'] =>
  ([a, b]) =>
    run(a as number, b as number)
const nanos = (value: Value): bigint => (value as Duration | Timestamp).nanos

const minTime = -62_135_596_800_000_000_000n
const maxTime = 253_402_300_799_999_999_999n
const time = (value: bigint): Value =>
  value < minTime || value > maxTime ? fail('timestamp overflow') : { kind: 'timestamp', nanos: value }
const span = (value: bigint): Value =>
  BigInt.asIntN(64, value) === value ? { kind: 'duration', nanos: value } : fail('duration overflow')

const joined = (left: List, right: List): List => {
  if (left.listType === undefined) {
    return {
      kind: 'list',
      size: left.size + right.size,
      at: (index) => (index < left.size ? left.at(index) : right.at(index - left.size)),
    }
  }
  // A set's union, a map's merge: elements of the right take the place of their like (common/values.go, Add).
  const out = elements(left)
  const keyed = (one: Value): Value =>
    left.listType === 'map' ? listOf((left.listKeys ?? []).map((key) => (one as Dict).get(key) ?? null)) : one
  for (const one of elements(right)) {
    const at = out.findIndex((other) => equal(keyed(other), keyed(one)))
    if (at === -1) out.push(one)
    else out[at] = one
  }
  return { ...listOf(out), listType: left.listType, listKeys: left.listKeys }
}

const arithmetic: readonly Overload[] = [
  define(
    '_+_',
    'int, int -> int',
    ints((a, b) => int64(a + b)),
  ),
  define(
    '_+_',
    'uint, uint -> uint',
    uints((a, b) => uint64(a + b)),
  ),
  define(
    '_+_',
    'double, double -> double',
    doubles((a, b) => a + b),
  ),
  define('_+_', 'string, string -> string', ([a, b]) => `${a as string}${b as string}`, 'add_string'),
  define(
    '_+_',
    'bytes, bytes -> bytes',
    ([a, b]) => Uint8Array.from([...(a as Uint8Array), ...(b as Uint8Array)]),
    'add_bytes',
  ),
  define('_+_', 'list<A>, list<A> -> list<A>', ([a, b]) => joined(a as List, b as List), 'add_list'),
  define('_+_', 'duration, duration -> duration', ([a, b]) => span(nanos(a!) + nanos(b!))),
  define('_+_', 'duration, timestamp -> timestamp', ([a, b]) => time(nanos(a!) + nanos(b!))),
  define('_+_', 'timestamp, duration -> timestamp', ([a, b]) => time(nanos(a!) + nanos(b!))),
  define(
    '_-_',
    'int, int -> int',
    ints((a, b) => int64(a - b)),
  ),
  define(
    '_-_',
    'uint, uint -> uint',
    uints((a, b) => uint64(a - b)),
  ),
  define(
    '_-_',
    'double, double -> double',
    doubles((a, b) => a - b),
  ),
  define('_-_', 'duration, duration -> duration', ([a, b]) => span(nanos(a!) - nanos(b!))),
  define('_-_', 'timestamp, duration -> timestamp', ([a, b]) => time(nanos(a!) - nanos(b!))),
  define('_-_', 'timestamp, timestamp -> duration', ([a, b]) => span(nanos(a!) - nanos(b!))),
  define(
    '_*_',
    'int, int -> int',
    ints((a, b) => int64(a * b)),
  ),
  define(
    '_*_',
    'uint, uint -> uint',
    uints((a, b) => uint64(a * b)),
  ),
  define(
    '_*_',
    'double, double -> double',
    doubles((a, b) => a * b),
  ),
  define(
    '_/_',
    'int, int -> int',
    ints((a, b) => (b === 0n ? byZero : int64(a / b))),
  ),
  define(
    '_/_',
    'uint, uint -> uint',
    uints((a, b) => (b === 0n ? byZero : uint64(a / b))),
  ),
  define(
    '_/_',
    'double, double -> double',
    doubles((a, b) => a / b),
  ),
  define(
    '_%_',
    'int, int -> int',
    ints((a, b) => (b === 0n ? moduloZero : int64(a % b))),
  ),
  define(
    '_%_',
    'uint, uint -> uint',
    uints((a, b) => (b === 0n ? moduloZero : uint64(a % b))),
  ),
  define('-_', 'int -> int', ([a]) => int64(-(a as bigint))),
  define('-_', 'double -> double', ([a]) => -(a as number)),
  define('!_', 'bool -> bool', ([a]) => !(a as boolean)),
]

const comparisons: readonly (readonly [string, (order: number) => boolean])[] = [
  ['_<_', (order) => order < 0],
  ['_<=_', (order) => order <= 0],
  ['_>_', (order) => order > 0],
  ['_>=_', (order) => order >= 0],
]
const comparable = ['bool', 'int', 'uint', 'double', 'string', 'bytes', 'timestamp', 'duration']
const crossed = ['int, double', 'int, uint', 'uint, double', 'uint, int', 'double, int', 'double, uint']

const relations = comparisons.flatMap(([name, holds]) =>
  [...comparable.map((type) => `${type}, ${type}`), ...crossed].map((types) =>
    define(name, `${types} -> bool`, ([a, b]) => {
      // A double that is no number is neither less nor greater.
      if ((typeof a === 'number' && Number.isNaN(a)) || (typeof b === 'number' && Number.isNaN(b))) return false
      const order = compare(a!, b!)
      return order === undefined ? noSuchOverload : holds(order)
    }),
  ),
)

const indexOf = (key: Value, size: number): number | Value => {
  const index = typeof key === 'bigint' ? Number(key) : typeof key === 'number' ? key : Number((key as Uint).value)
  return Number.isInteger(index) && index >= 0 && index < size ? index : fail(`index out of bounds: ${index}`)
}

const shown = (key: Value): string =>
  typeof key === 'string' || typeof key === 'bigint' || typeof key === 'boolean' || typeof key === 'number'
    ? String(key)
    : ''

/** `a[key]` of a list or a map. */
export const indexInto = (container: Value, key: Value): Value => {
  if (typeof container !== 'object' || container === null || container instanceof Uint8Array) return noSuchOverload
  if (container.kind === 'list') {
    if (typeof key !== 'bigint' && typeof key !== 'number' && (key as Uint | null)?.kind !== 'uint')
      return fail(`unsupported index type '${typeof key === 'string' ? 'string' : 'bool'}' in list`)
    const index = indexOf(key, container.size)
    return typeof index === 'number' ? container.at(index) : index
  }
  if (container.kind !== 'map') return noSuchOverload
  return container.get(key) ?? fail(`no such key: ${shown(key)}`)
}

const contains: readonly Overload[] = [
  define(
    '@in',
    'A, list<A> -> bool',
    ([one, list]) => elements(list as List).some((other) => equal(one!, other)),
    'in_list',
  ),
  define('@in', 'A, map<A, B> -> bool', ([key, map]) => (map as Dict).get(key!) !== undefined, 'in_map'),
]

const access: readonly Overload[] = [
  define('_[_]', 'list<A>, int -> A', ([list, key]) => indexInto(list!, key!)),
  define('_[_]', 'map<A, B>, A -> B', ([map, key]) => indexInto(map!, key!)),
  define('_==_', 'A, A -> bool', ([a, b]) => equal(a!, b!), 'equals'),
  define('_!=_', 'A, A -> bool', ([a, b]) => !equal(a!, b!), 'not_equals'),
]

const codePoints = (text: string): number => {
  let count = 0
  for (const _ of text) count += 1
  return count
}

const sizes = ([value]: readonly Value[]): Value => {
  if (typeof value === 'string') return BigInt(codePoints(value))
  if (value instanceof Uint8Array) return BigInt(value.length)
  return BigInt((value as List | Dict).size)
}

const size = ['string', 'bytes', 'list<A>', 'map<A, B>'].flatMap((type) => [
  define('size', `${type} -> int`, sizes),
  define('.size', `${type} -> int`, sizes),
])

export const operators: readonly Overload[] = [...arithmetic, ...relations, ...access, ...contains, ...size]

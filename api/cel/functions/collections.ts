import { compare, equal } from '../equal.ts'
import { define, type Overload } from '../overloads.ts'
import { elements, fail, isFailure, listOf, type List, type Optional, type Value, none, some } from '../values.ts'
import { indexInto } from './operators.ts'

const of = (value: Value | undefined): Value[] => elements(value as List)
const comparable = ['int', 'uint', 'double', 'bool', 'duration', 'timestamp', 'string', 'bytes']

const sorted = ([list]: readonly Value[]): Value => {
  const all = of(list)
  return all.every((one, index) => index === 0 || (compare(all[index - 1]!, one) ?? 1) <= 0)
}

const extreme =
  (name: string, sign: number) =>
  ([list]: readonly Value[]): Value => {
    const all = of(list)
    if (all.length === 0) return fail(`${name} called on empty list`)
    return all.reduce((best, one) => ((compare(one, best) ?? 0) * sign > 0 ? one : best))
  }

const sums: readonly (readonly [type: string, zero: Value, add: (a: Value, b: Value) => Value])[] = [
  [
    'int',
    0n,
    (a, b) =>
      BigInt.asIntN(64, (a as bigint) + (b as bigint)) === (a as bigint) + (b as bigint)
        ? (a as bigint) + (b as bigint)
        : fail('integer overflow'),
  ],
  [
    'uint',
    { kind: 'uint', value: 0n },
    (a, b) => ({ kind: 'uint', value: (a as { value: bigint }).value + (b as { value: bigint }).value }),
  ],
  ['double', 0, (a, b) => (a as number) + (b as number)],
  [
    'duration',
    { kind: 'duration', nanos: 0n },
    (a, b) => ({ kind: 'duration', nanos: (a as { nanos: bigint }).nanos + (b as { nanos: bigint }).nanos }),
  ],
]

const distinct = ([list]: readonly Value[]): Value => {
  const out: Value[] = []
  for (const one of of(list)) if (!out.some((other) => equal(other, one))) out.push(one)
  return listOf(out)
}

const flatten = (list: Value, depth: number): Value[] =>
  of(list).flatMap((one) =>
    depth > 0 && typeof one === 'object' && one !== null && 'kind' in one && one.kind === 'list'
      ? flatten(one, depth - 1)
      : [one],
  )

const slice = ([list, from, to]: readonly Value[]): Value => {
  const [start, end] = [Number(from), Number(to)]
  const all = of(list)
  if (start < 0 || end < 0) return fail(`cannot slice(${start}, ${end}), negative indexes not supported`)
  if (start > end) return fail(`cannot slice(${start}, ${end}), start index must be less than or equal to end index`)
  if (end > all.length) return fail(`cannot slice(${start}, ${end}), list is length ${all.length}`)
  return listOf(all.slice(start, end))
}

const subset = (all: Value | undefined, part: Value | undefined): boolean =>
  of(part).every((one) => of(all).some((other) => equal(one, other)))

export const lists: readonly Overload[] = [
  ...comparable.flatMap((type) => [
    define('.isSorted', `list<${type}> -> bool`, sorted),
    define('.max', `list<${type}> -> ${type}`, extreme('max', 1)),
    define('.min', `list<${type}> -> ${type}`, extreme('min', -1)),
    define('.sort', `list<${type}> -> list<${type}>`, ([list]) => listOf(of(list).sort((a, b) => compare(a, b) ?? 0))),
  ]),
  ...sums.map(([type, zero, add]) =>
    define('.sum', `list<${type}> -> ${type}`, ([list]) =>
      of(list).reduce((sum, one) => (isFailure(sum) ? sum : add(sum, one)), zero),
    ),
  ),
  define('.indexOf', 'list<A>, A -> int', ([list, one]) => BigInt(of(list).findIndex((other) => equal(other, one!)))),
  define('.lastIndexOf', 'list<A>, A -> int', ([list, one]) =>
    BigInt(of(list).findLastIndex((other) => equal(other, one!))),
  ),
  define('.distinct', 'list<A> -> list<A>', distinct),
  define('.flatten', 'list<list<A>> -> list<A>', ([list]) => listOf(flatten(list!, 1))),
  define('.flatten', 'list<dyn>, int -> list<dyn>', ([list, depth]) =>
    Number(depth) < 0 ? fail('level must be non-negative') : listOf(flatten(list!, Number(depth))),
  ),
  define('.reverse', 'list<A> -> list<A>', ([list]) => listOf(of(list).reverse())),
  define('.slice', 'list<A>, int, int -> list<A>', slice),
  define('.first', 'list<A> -> optional<A>', ([list]) =>
    (list as List).size === 0 ? none : some((list as List).at(0)),
  ),
  define('.last', 'list<A> -> optional<A>', ([list]) =>
    (list as List).size === 0 ? none : some((list as List).at((list as List).size - 1)),
  ),
  define('lists.range', 'int -> list<int>', ([count]) =>
    listOf(Array.from({ length: Number(count) }, (_, index) => BigInt(index))),
  ),
]

export const sets: readonly Overload[] = [
  define('sets.contains', 'list<A>, list<A> -> bool', ([a, b]) => subset(a, b)),
  define('sets.equivalent', 'list<A>, list<A> -> bool', ([a, b]) => subset(a, b) && subset(b, a)),
  define('sets.intersects', 'list<A>, list<A> -> bool', ([a, b]) =>
    of(a).some((one) => of(b).some((other) => equal(one, other))),
  ),
]

const optional = (value: Value | undefined): Optional => value as Optional
const isZero = (value: Value): boolean => {
  if (value === null || value === false || value === '' || value === 0 || value === 0n) return true
  if (value instanceof Uint8Array) return value.length === 0
  if (typeof value !== 'object') return false
  switch (value.kind) {
    case 'list':
    case 'map':
      return value.size === 0
    case 'uint':
      return value.value === 0n
    case 'duration':
      return value.nanos === 0n
    default:
      return false
  }
}

/** `a[?key]`, `a.?field`: what is not there is empty; an optional container is looked into. */
export const optionalAccess = (container: Value, key: Value): Value => {
  const inside =
    typeof container === 'object' && container !== null && 'kind' in container && container.kind === 'optional'
      ? container.value
      : container
  if (inside === undefined) return none
  const found = indexInto(inside, key)
  if (!isFailure(found)) return some(found)
  return found.message.startsWith('no such key') || found.message.startsWith('index out of bounds') ? none : found
}

export const optionals: readonly Overload[] = [
  define('optional.of', 'A -> optional<A>', ([a]) => some(a!)),
  define('optional.ofNonZeroValue', 'A -> optional<A>', ([a]) => (isZero(a!) ? none : some(a!))),
  define('optional.none', ' -> optional<A>', () => none),
  define('.value', 'optional<A> -> A', ([a]) => optional(a).value ?? fail('optional.none() dereference')),
  define('.hasValue', 'optional<A> -> bool', ([a]) => optional(a).value !== undefined),
  define('.or', 'optional<A>, optional<A> -> optional<A>', ([a, b]) => (optional(a).value === undefined ? b! : a!)),
  define('.orValue', 'optional<A>, A -> A', ([a, b]) => optional(a).value ?? b!),
  define('_[?_]', 'list<A>, int -> optional<A>', ([a, key]) => optionalAccess(a!, key!)),
  define('_[?_]', 'optional<list<A>>, int -> optional<A>', ([a, key]) => optionalAccess(a!, key!)),
  define('_[?_]', 'map<A, B>, A -> optional<B>', ([a, key]) => optionalAccess(a!, key!)),
  define('_[?_]', 'optional<map<A, B>>, A -> optional<B>', ([a, key]) => optionalAccess(a!, key!)),
  define('_[_]', 'optional<list<A>>, int -> optional<A>', ([a, key]) => optionalAccess(a!, key!)),
  define('_[_]', 'optional<map<A, B>>, A -> optional<B>', ([a, key]) => optionalAccess(a!, key!)),
  define('.unwrapOpt', 'list<optional<A>> -> list<A>', ([list]) =>
    listOf(of(list).flatMap((one) => (optional(one).value === undefined ? [] : [optional(one).value!]))),
  ),
  define('optional.unwrap', 'list<optional<A>> -> list<A>', ([list]) =>
    listOf(of(list).flatMap((one) => (optional(one).value === undefined ? [] : [optional(one).value!]))),
  ),
]

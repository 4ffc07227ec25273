import { kindOf, type Dict, type List, type Opaque, type Value } from './values.ts'
import type { Overload } from './overloads.ts'

// What evaluating costs: cel-go interpreter/runtimecost.go and k8s.io/apiserver/pkg/cel/library/cost.go.

export const selectCost = 1
export const listCost = 10
export const mapCost = 30
export const structCost = 40
const traversal = 0.1
const regexLength = 0.25

/** The size of a value as the costs see it: 1 of what has none. */
export const actualSize = (value: Value): number => {
  switch (kindOf(value)) {
    case 'string': {
      let count = 0
      for (const _ of value as string) count += 1
      return count
    }
    case 'bytes':
      return (value as Uint8Array).length
    case 'list':
    case 'map':
    case 'object':
      return (value as List | Dict).size
    case 'opaque':
      return (value as Opaque).type === 'net.CIDR' || (value as Opaque).type === 'net.IP'
        ? (value as Opaque).text.includes(':')
          ? 16
          : 4
        : 1
    default:
      return 1
  }
}

const traverse = (size: number, times = 1): number => Math.ceil(size * times * traversal)
const regexCost = (text: number, pattern: number): number =>
  Math.ceil((1 + text) * traversal) * Math.ceil(pattern * regexLength)

/** Of an O(n) operation on a list: its elements, and their own lengths. */
const listTraversal = (value: Value): number => {
  if (kindOf(value) !== 'list') return actualSize(value)
  const list = value as List
  let sum = 0
  for (let index = 0; index < list.size; index += 1) sum += actualSize(list.at(index))
  return sum
}

type Cost = (args: readonly Value[], result: Value, overload: Overload) => number
const one: Cost = () => 1
const first: Cost = ([a]) => traverse(actualSize(a!))
const shorter: Cost = ([a, b]) => Math.ceil(Math.min(actualSize(a!), actualSize(b!)) * traversal)
const nested: Cost = ([a]) => listTraversal(a!)
const product: Cost = ([a, b]) => Math.ceil(actualSize(a!) * traversal) * Math.ceil(actualSize(b!) * traversal)
const pairs: Cost = ([a, b]) => actualSize(a!) * actualSize(b!)

const prefixCost: Cost = ([net, other], _, overload) => {
  const size = actualSize(net!)
  return (
    Math.ceil(2 * size * traversal) + (overload.id === 'cidr_contains_ip_string' ? traverse(actualSize(other!)) : 0)
  )
}
const subnetCost: Cost = ([net, other], _, overload) => {
  const size = actualSize(net!)
  return (
    Math.ceil(2 * size * traversal) +
    traverse(size) +
    1 +
    (overload.id === 'cidr_contains_cidr_string' ? traverse(actualSize(other!)) : 0)
  )
}

const selector: Cost = ([, text]) => {
  const length = actualSize(text!)
  return listCost + Math.ceil(length * traversal) + Math.ceil(Math.ceil(length * 0.5) * (listCost + structCost))
}

const costs: Readonly<Record<string, Cost>> = {
  '.check': () => 350_000,
  '.fieldSelector': selector,
  '.labelSelector': selector,
  '.isSorted': nested,
  '.sum': nested,
  '.max': nested,
  '.min': nested,
  '.indexOf': nested,
  '.lastIndexOf': nested,
  url: first,
  '.lowerAscii': first,
  '.upperAscii': first,
  '.substring': first,
  '.trim': first,
  'jsonpatch.escapeKey': first,
  '.replace': ([a]) => traverse(actualSize(a!), 2),
  '.split': ([a]) => traverse(actualSize(a!), 2),
  '.join': (_, result) => traverse(actualSize(result), 2),
  '.find': ([a, b]) => regexCost(actualSize(a!), actualSize(b!)),
  '.findAll': ([a, b]) => regexCost(actualSize(a!), actualSize(b!)),
  '.matches': ([a, b]) => regexCost(actualSize(a!), actualSize(b!)),
  matches: ([a, b]) => regexCost(actualSize(a!), actualSize(b!)),
  cidr: first,
  isIP: first,
  isCIDR: first,
  ip: first,
  'ip.isCanonical': ([a]) => traverse(actualSize(a!), 2),
  '.containsIP': prefixCost,
  '.containsCIDR': subnetCost,
  quantity: first,
  isQuantity: first,
  semver: first,
  isSemver: first,
  '.validate': ([format, text]) =>
    regexCost(actualSize(text!), ((format as Opaque).value as { readonly size: number }).size),
  '.startsWith': ([, b]) => traverse(actualSize(b!)),
  '.endsWith': ([, b]) => traverse(actualSize(b!)),
  '.contains': product,
  '.format': first,
  'strings.quote': first,
  'sets.contains': (args, result, overload) => 1 + pairs(args, result, overload),
  'sets.intersects': (args, result, overload) => 1 + pairs(args, result, overload),
  'sets.equivalent': (args, result, overload) => 1 + 2 * pairs(args, result, overload),
  '_==_': (args) =>
    kindOf(args[0]!) === 'opaque' ? 1 : Math.ceil(Math.min(actualSize(args[0]!), actualSize(args[1]!)) * traversal),
  '_!=_': shorter,
}

const compared = new Set(['_<_', '_<=_', '_>_', '_>=_'])

export const callCost = (overload: Overload, args: readonly Value[], result: Value): number => {
  const known = costs[overload.member ? `.${overload.name}` : overload.name]
  if (known !== undefined) return known(args, result, overload)
  switch (overload.id) {
    case 'in_list':
      return actualSize(args[1]!)
    case 'add_string':
    case 'add_bytes':
      return traverse(actualSize(args[0]!) + actualSize(args[1]!))
    case 'bytes_to_string':
      return traverse(actualSize(args[0]!))
    default:
  }
  if (compared.has(overload.name) && (typeof args[0] === 'string' || args[0] instanceof Uint8Array))
    return shorter(args, result, overload)
  return one(args, result, overload)
}

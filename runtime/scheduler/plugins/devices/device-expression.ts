import { parseQuantity } from '../../../../api/quantity/parse-quantity.ts'
import { compareQuantities } from '../../../../api/quantity/compare-quantities.ts'
import type { Quantity } from '../../../../api/quantity/quantity.ts'

/** What an expression sees of a device. Attributes and capacities by domain, then by name. */
export interface DeviceFacts {
  readonly driver: string
  readonly attributes: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly capacity: Readonly<Record<string, Readonly<Record<string, Quantity>>>>
}

/** undefined where the expression fails on this device, which makes the allocation fail as upstream's does. */
export type DeviceExpression = (device: DeviceFacts) => unknown

type Node = (device: DeviceFacts) => unknown

/** The text is not one of the expressions that are understood. */
export interface ExpressionProblem {
  readonly error: string
}

const tokens =
  /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(-?\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(&&|\|\||==|!=|<=|>=|[<>!()[\].,]))/y

const tokenize = (text: string): readonly string[] | undefined => {
  const found: string[] = []
  tokens.lastIndex = 0
  while (tokens.lastIndex < text.length) {
    if (text.slice(tokens.lastIndex).trim() === '') break
    const match = tokens.exec(text)
    if (match === null) return undefined
    found.push(match[0].trim())
  }
  return found
}

const isQuantity = (value: unknown): value is Quantity =>
  typeof value === 'object' && value !== null && 'unscaled' in value

/** -1, 0, 1, or undefined where two values have no order. */
const order = (a: unknown, b: unknown): number | undefined => {
  if (isQuantity(a) && isQuantity(b)) return compareQuantities(a, b)
  if ((typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string')) {
    return a < b ? -1 : a > b ? 1 : 0
  }
  return undefined
}

const compare = (operator: string, a: unknown, b: unknown): boolean | undefined => {
  if (a === undefined || b === undefined) return undefined
  const sign = order(a, b)
  if (operator === '==') return sign === undefined ? a === b : sign === 0
  if (operator === '!=') return sign === undefined ? a !== b : sign !== 0
  if (sign === undefined) return undefined
  return operator === '<' ? sign < 0 : operator === '<=' ? sign <= 0 : operator === '>' ? sign > 0 : sign >= 0
}

const methods: Readonly<Record<string, (self: unknown, argument: unknown) => unknown>> = {
  compareTo: (self, other) => order(self, other),
  isGreaterThan: (self, other) => compare('>', self, other),
  isLessThan: (self, other) => compare('<', self, other),
  startsWith: (self, other) =>
    typeof self === 'string' && typeof other === 'string' ? self.startsWith(other) : undefined,
  endsWith: (self, other) => (typeof self === 'string' && typeof other === 'string' ? self.endsWith(other) : undefined),
  contains: (self, other) => (typeof self === 'string' && typeof other === 'string' ? self.includes(other) : undefined),
}

const member = (owner: unknown, name: unknown): unknown => {
  if (typeof owner !== 'object' || owner === null || typeof name !== 'string') return undefined
  return Object.hasOwn(owner, name) ? (owner as Readonly<Record<string, unknown>>)[name] : undefined
}

/** Recursive descent over the part of CEL that device selectors are written in. */
const parse = (list: readonly string[]): Node | undefined => {
  let at = 0
  const take = (token: string): boolean => {
    if (list[at] !== token) return false
    at += 1
    return true
  }
  const primary = (): Node | undefined => {
    const token = list[at]
    at += 1
    if (token === undefined) return undefined
    if (token === '(') {
      const inner = either()
      return inner !== undefined && take(')') ? inner : undefined
    }
    if (token === '!') {
      const inner = postfix()
      if (inner === undefined) return undefined
      return (device) => {
        const value = inner(device)
        return typeof value === 'boolean' ? !value : undefined
      }
    }
    if (token.startsWith('"') || token.startsWith("'")) {
      const text = token.slice(1, -1).replace(/\\(.)/g, '$1')
      return () => text
    }
    if (/^-?\d/.test(token)) return () => Number(token)
    if (token === 'true' || token === 'false') return () => token === 'true'
    if (token === 'device') return (device) => device
    if (token === 'quantity' && take('(')) {
      const text = list[at]?.slice(1, -1)
      at += 1
      const quantity = text === undefined ? undefined : parseQuantity(text)
      return take(')') && quantity !== undefined && !('error' in quantity) ? () => quantity : undefined
    }
    return undefined
  }
  const postfix = (): Node | undefined => {
    let node = primary()
    for (;;) {
      if (node === undefined) return undefined
      const owner: Node = node
      if (take('.')) {
        const name = list[at]
        at += 1
        if (name === undefined) return undefined
        const method = list[at] === '(' ? methods[name] : undefined
        if (method !== undefined) {
          at += 1
          const argument = either()
          if (argument === undefined || !take(')')) return undefined
          node = (device) => method(owner(device), argument(device))
        } else node = (device) => member(owner(device), name)
      } else if (take('[')) {
        const key = either()
        if (key === undefined || !take(']')) return undefined
        node = (device) => member(owner(device), key(device)) ?? (owner(device) === undefined ? undefined : {})
      } else return node
    }
  }
  const relation = (): Node | undefined => {
    const left = postfix()
    const operator = list[at]
    if (left === undefined || operator === undefined) return left
    if (operator === 'in') {
      at += 1
      const right = postfix()
      if (right === undefined) return undefined
      return (device) => {
        const map = right(device)
        const key = left(device)
        return typeof map === 'object' && map !== null && typeof key === 'string' ? Object.hasOwn(map, key) : undefined
      }
    }
    if (!['==', '!=', '<', '<=', '>', '>='].includes(operator)) return left
    at += 1
    const right = postfix()
    return right === undefined ? undefined : (device) => compare(operator, left(device), right(device))
  }
  /** Either side may fail if the other one settles the matter, as in CEL. */
  const joined = (next: () => Node | undefined, operator: string, settling: boolean): Node | undefined => {
    let node = next()
    while (node !== undefined && take(operator)) {
      const left: Node = node
      const right = next()
      if (right === undefined) return undefined
      node = (device) => {
        const [a, b] = [left(device), right(device)]
        if (a === settling || b === settling) return settling
        return typeof a === 'boolean' && typeof b === 'boolean' ? !settling : undefined
      }
    }
    return node
  }
  const both = (): Node | undefined => joined(relation, '&&', false)
  const either = (): Node | undefined => joined(both, '||', true)
  const whole = either()
  return at === list.length ? whole : undefined
}

const known = new Map<string, DeviceExpression | ExpressionProblem>()

/**
 * A CEL device selector (dynamic-resource-allocation/cel).
 * Differs: literals, comparisons, && || !, `in`, attributes, capacities, quantity() and a few string functions; no macros.
 */
export const deviceExpression = (text: string): DeviceExpression | ExpressionProblem => {
  let found = known.get(text)
  if (found === undefined) {
    const list = tokenize(text)
    found = (list === undefined ? undefined : parse(list)) ?? {
      error: `kscn does not understand the device selector ${text}`,
    }
    known.set(text, found)
  }
  return found
}

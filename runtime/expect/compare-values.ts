import { structuralEqual } from '../../api/json/structural-equal.ts'
import { compareQuantities } from '../../api/quantity/compare-quantities.ts'
import { parseQuantity } from '../../api/quantity/parse-quantity.ts'
import type { CompareOperator } from '../../dsl/plan/expression.ts'
import { subjectKey } from './subject.ts'
import type { Value } from './value.ts'

/** -1, 0, 1, or undefined where the two have no order. */
export type Order = -1 | 0 | 1 | undefined

const orderOf = <A extends number | string>(a: A, b: A): Order => (a < b ? -1 : a > b ? 1 : 0)

const amountText = (value: Value): string | undefined =>
  value.kind === 'quantity'
    ? value.text
    : value.kind === 'number'
      ? String(value.value)
      : value.kind === 'string'
        ? value.value
        : undefined

const compareAmounts = (a: Value, b: Value): Order => {
  const left = amountText(a)
  const right = amountText(b)
  if (left === undefined || right === undefined) return undefined
  const first = parseQuantity(left)
  const second = parseQuantity(right)
  return 'unscaled' in first && 'unscaled' in second ? compareQuantities(first, second) : undefined
}

/** Seconds are what Kubernetes counts its `…Seconds` fields in: a bare number beside a duration is one of them. */
const micros = (value: Value): number | undefined =>
  value.kind === 'duration' || value.kind === 'time'
    ? value.micros
    : value.kind === 'number'
      ? value.value * 1_000_000
      : undefined

/** How two values stand to each other, by what they mean: `250m` is 0.25, `1Gi` is 1024Mi, `25%` is 25%. */
export const orderValues = (a: Value, b: Value): Order => {
  if (a.kind === 'absent' || b.kind === 'absent') return undefined
  if (a.kind === 'quantity' || b.kind === 'quantity') return compareAmounts(a, b)
  if (a.kind === 'duration' || b.kind === 'duration' || a.kind === 'time' || b.kind === 'time') {
    const left = micros(a)
    const right = micros(b)
    return left === undefined || right === undefined ? undefined : orderOf(left, right)
  }
  if (a.kind === 'number' && b.kind === 'number') return orderOf(a.value, b.value)
  if (a.kind === 'percent' && b.kind === 'percent') return orderOf(a.value, b.value)
  if (a.kind === 'string' && b.kind === 'string') return orderOf(a.value, b.value)
  if (a.kind === 'boolean' && b.kind === 'boolean') return orderOf(Number(a.value), Number(b.value))
  return undefined
}

/** Equality by value. Objects are the same if their identity is; what is not of one kind is different. */
export const equalValues = (a: Value, b: Value): boolean => {
  if (a.kind === 'absent' || b.kind === 'absent') return false
  if (a.kind === 'percent' && b.kind === 'string') return b.value === `${a.value}%`
  if (a.kind === 'string' && b.kind === 'percent') return a.value === `${b.value}%`
  if (a.kind === 'list' && b.kind === 'list') {
    return a.items.length === b.items.length && a.items.every((item, index) => equalValues(item, b.items[index]!))
  }
  if (a.kind === 'json' && b.kind === 'json') return structuralEqual(a.json, b.json)
  if (a.kind === 'subject' || b.kind === 'subject') return sameSubject(a, b)
  return orderValues(a, b) === 0
}

/** A name beside an object means the object's name. */
const sameSubject = (a: Value, b: Value): boolean => {
  if (a.kind === 'subject' && b.kind === 'subject') {
    if (a.subject.kind === 'object' && b.subject.kind === 'object') return a.subject.uid === b.subject.uid
    return subjectKey(a.subject) === subjectKey(b.subject)
  }
  const [subject, other] =
    a.kind === 'subject' ? [a.subject, b] : [(b as Extract<Value, { kind: 'subject' }>).subject, a]
  if (other.kind !== 'string' || subject.kind === 'entry') return false
  return (subject.kind === 'container' ? subject.container : subject.name) === other.value
}

const contains = (whole: Value, part: Value): boolean => {
  if (whole.kind === 'list') return whole.items.some((item) => equalValues(item, part))
  if (whole.kind === 'string' && part.kind === 'string') return whole.value.includes(part.value)
  if (whole.kind === 'json' && part.kind === 'string' && whole.json !== null && typeof whole.json === 'object') {
    return Object.hasOwn(whole.json, part.value)
  }
  return false
}

/** A comparison; with something absent it is false, except that `!=` is always the opposite of `==`. */
export const compareValues = (operator: CompareOperator, left: Value, right: Value): boolean => {
  switch (operator) {
    case '==':
      return equalValues(left, right)
    case '!=':
      return !equalValues(left, right)
    case 'in':
      return contains(right, left)
    case 'contains':
      return contains(left, right)
    case 'matches':
      return left.kind === 'string' && right.kind === 'regex' && right.regex.test(left.value)
    default: {
      const order = orderValues(left, right)
      if (order === undefined) return false
      if (operator === '<') return order < 0
      if (operator === '>') return order > 0
      return operator === '<=' ? order <= 0 : order >= 0
    }
  }
}

import { canonicalQuantity } from '../../api/quantity/canonical-quantity.ts'
import { addQuantities, subtractQuantities } from '../../api/quantity/quantity-arithmetic.ts'
import { approximateNumber } from '../../api/quantity/quantity-number.ts'
import { parseQuantity } from '../../api/quantity/parse-quantity.ts'
import type { Quantity } from '../../api/quantity/quantity.ts'
import { EvaluationError } from './evaluation-error.ts'
import { absentValue, durationValue, numberValue, stringValue, type Value } from './value.ts'

type Operator = '+' | '-' | '*' | '/' | '%'

const amount = (value: Value): Quantity | undefined => {
  if (value.kind !== 'quantity' && value.kind !== 'number') return undefined
  const parsed = parseQuantity(value.kind === 'quantity' ? value.text : String(value.value))
  return 'unscaled' in parsed ? parsed : undefined
}

const onNumbers = (operator: Operator, a: number, b: number): Value => {
  switch (operator) {
    case '+':
      return numberValue(a + b)
    case '-':
      return numberValue(a - b)
    case '*':
      return numberValue(a * b)
    case '/':
      return b === 0 ? absentValue('a division by zero') : numberValue(a / b)
    case '%':
      return b === 0 ? absentValue('a division by zero') : numberValue(a % b)
  }
}

const scaled = (quantity: Quantity, factor: number): Value => {
  const parsed = parseQuantity(String(factor))
  if (!('unscaled' in parsed)) return absentValue('an amount out of range')
  return {
    kind: 'quantity',
    text: canonicalQuantity({
      unscaled: quantity.unscaled * parsed.unscaled,
      exponent: quantity.exponent + parsed.exponent,
      big: true,
      format: quantity.format,
    }),
  }
}

const onAmounts = (operator: Operator, left: Value, right: Value): Value | undefined => {
  const a = amount(left)
  const b = amount(right)
  if (a === undefined || b === undefined) return undefined
  if (operator === '+') return { kind: 'quantity', text: canonicalQuantity(addQuantities(a, b)) }
  if (operator === '-') return { kind: 'quantity', text: canonicalQuantity(subtractQuantities(a, b)) }
  if (operator === '*') {
    if (left.kind === 'number') return scaled(b, left.value)
    return right.kind === 'number' ? scaled(a, right.value) : undefined
  }
  if (operator === '/') {
    if (right.kind === 'number')
      return right.value === 0 ? absentValue('a division by zero') : scaled(a, 1 / right.value)
    const divisor = approximateNumber(b)
    return divisor === 0 ? absentValue('a division by zero') : numberValue(approximateNumber(a) / divisor)
  }
  return undefined
}

type Clock = Extract<Value, { kind: 'duration' | 'time' }>
const isClock = (value: Value): value is Clock => value.kind === 'duration' || value.kind === 'time'

const onClocks = (operator: Operator, left: Value, right: Value): Value | undefined => {
  if (isClock(left) && isClock(right)) {
    if (operator === '+' || operator === '-') {
      const sign = operator === '+' ? 1 : -1
      const micros = left.micros + sign * right.micros
      const moves = left.moves + sign * right.moves
      const bothTimes = left.kind === 'time' && right.kind === 'time'
      if (bothTimes && operator === '+') return undefined
      return { kind: left.kind === 'time' && !bothTimes ? 'time' : 'duration', micros, moves }
    }
    return operator === '/' && right.micros !== 0 ? numberValue(left.micros / right.micros) : undefined
  }
  if (left.kind === 'duration' && right.kind === 'number') {
    if (operator === '*') return durationValue(Math.round(left.micros * right.value), left.moves * right.value)
    if (operator === '/' && right.value !== 0) {
      return durationValue(Math.round(left.micros / right.value), left.moves / right.value)
    }
  }
  if (left.kind === 'number' && right.kind === 'duration' && operator === '*') return onClocks('*', right, left)
  return undefined
}

const percentOf = (operator: Operator, left: Value, right: Value): Value | undefined =>
  operator === '*' && left.kind === 'percent' && right.kind === 'number'
    ? numberValue((left.value * right.value) / 100)
    : operator === '*' && left.kind === 'number' && right.kind === 'percent'
      ? numberValue((left.value * right.value) / 100)
      : undefined

/** `+ - * / %` of numbers, amounts, durations and instants; `/` is exact, on integers too. What has no result is an error. */
export const calculate = (operator: Operator, left: Value, right: Value): Value => {
  if (left.kind === 'absent') return left
  if (right.kind === 'absent') return right
  if (left.kind === 'number' && right.kind === 'number') return onNumbers(operator, left.value, right.value)
  if (operator === '+' && left.kind === 'string' && right.kind === 'string')
    return stringValue(left.value + right.value)
  const result = onClocks(operator, left, right) ?? percentOf(operator, left, right) ?? onAmounts(operator, left, right)
  if (result === undefined) throw new EvaluationError(`cannot calculate ${left.kind} ${operator} ${right.kind}`)
  return result
}

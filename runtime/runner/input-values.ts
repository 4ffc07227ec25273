import type { Literal } from '../../dsl/plan/expression.ts'
import type { InputValue } from '../../dsl/plan/property.ts'
import { durationValue, listValue, numberValue, stringValue, type Value } from '../expect/value.ts'

const literalValue = (literal: Literal): Value => {
  switch (literal.type) {
    case 'int':
    case 'number':
      return numberValue(literal.value)
    case 'string':
      return stringValue(literal.value)
    case 'boolean':
      return { kind: 'boolean', value: literal.value }
    case 'duration':
      return durationValue(literal.micros)
    case 'quantity':
      return { kind: 'quantity', text: literal.text }
    case 'percent':
      return { kind: 'percent', value: literal.value }
    case 'regex':
      return { kind: 'regex', regex: new RegExp(literal.source, literal.flags) }
  }
}

/** What the name of an input is worth in the body. A plan is worth nothing: `do x` runs it. */
export const valueOfInput = (input: InputValue): Value | undefined => {
  if (input.kind === 'value') return literalValue(input.value)
  if (input.kind === 'plan') return undefined
  return listValue(input.items.map(valueOfInput).filter((one) => one !== undefined))
}

import type { Json } from '../../api/object.ts'
import type { Expression } from '../../dsl/plan/expression.ts'
import { EvaluationError } from './evaluation-error.ts'
import type { Moment } from './moment.ts'
import { presentObject } from './resolve-noun.ts'
import { absentValue, booleanValue, listValue, numberValue, stringValue, type Value } from './value.ts'

/** A function that an imported TypeScript module exports: pure, on frozen values. */
export type ExternalFunction = (...args: readonly unknown[]) => unknown

/** What a module is given: objects as the API has them, lists as arrays, durations in microseconds, amounts as text. */
export const plainValue = (value: Value, moment: Moment): unknown => {
  switch (value.kind) {
    case 'absent':
      return undefined
    case 'boolean':
    case 'number':
    case 'string':
    case 'percent':
      return value.value
    case 'quantity':
      return value.text
    case 'duration':
    case 'time':
      return value.micros
    case 'regex':
      return value.regex
    case 'list':
      return Object.freeze(value.items.map((item) => plainValue(item, moment)))
    case 'json':
      return value.json
    case 'subject': {
      const { subject } = value
      if (subject.kind === 'object') return presentObject(subject, moment)
      if (subject.kind === 'container') return subject.truth
      return subject.kind === 'named' ? subject.name : undefined
    }
  }
}

/** What a module gave back, as a value of the language. */
const valueOfPlain = (plain: unknown, name: string): Value => {
  if (plain === undefined || plain === null) return absentValue(name)
  if (typeof plain === 'boolean') return booleanValue(plain)
  if (typeof plain === 'number' && Number.isFinite(plain)) return numberValue(plain)
  if (typeof plain === 'string') return stringValue(plain)
  if (Array.isArray(plain)) return listValue(plain.map((item) => valueOfPlain(item, name)))
  if (typeof plain === 'object' && 'then' in plain)
    throw new EvaluationError(`${name} gave a promise: a function of a sentence answers at once`)
  if (typeof plain === 'object') return { kind: 'json', json: plain as Json }
  throw new EvaluationError(`${name} gave a ${typeof plain}, which no sentence can use`)
}

/** `my.fn(…)`: the module's function on the moment's state. What it throws is told as the sentence's error. */
export const callExternal = (expression: Extract<Expression, { kind: 'external' }>, moment: Moment): Value => {
  const name = `${expression.export} of ${expression.module}`
  const found = moment.world.external?.(expression.module, expression.export)
  if (found === undefined)
    throw new EvaluationError(`${expression.module} exports no function \`${expression.export}\``)
  const args = expression.args.map((one) => plainValue(moment.evaluate(one.value), moment))
  let plain: unknown
  try {
    plain = found(...args)
  } catch (error) {
    throw new EvaluationError(`${name} threw: ${error instanceof Error ? error.message : String(error)}`)
  }
  return valueOfPlain(plain, name)
}

import type { Literal } from '../../dsl/plan/expression.ts'
import type { InputValue, Inputs, PlannedStep } from '../../dsl/plan/property.ts'
import { durationText } from '../expect/text-of.ts'

export const literalText = (literal: Literal): string => {
  switch (literal.type) {
    case 'int':
    case 'number':
    case 'boolean':
      return String(literal.value)
    case 'string':
      return JSON.stringify(literal.value)
    case 'duration':
      return durationText(literal.micros)
    case 'quantity':
      return literal.text
    case 'percent':
      return `${literal.value}%`
    case 'regex':
      return `/${literal.source}/${literal.flags}`
  }
}

/** `at 1.2s inject failover scheduler` */
export const stepText = ({ at, operation }: PlannedStep): string =>
  at === undefined ? operation.text : `at ${durationText(at)} ${operation.text}`

/** An input as an `example { }` line gives it. */
export const inputText = (input: InputValue): string => {
  if (input.kind === 'value') return literalText(input.value)
  if (input.kind === 'list') return `[${input.items.map(inputText).join(', ')}]`
  return `[${input.steps.map((step) => JSON.stringify(stepText(step))).join(', ')}]`
}

/** `example { replicas = 2, edits = ["scale deployment/web to 1"] }` */
export const exampleText = (inputs: Inputs): string => {
  const given = Object.entries(inputs).map(([name, input]) => `${name} = ${inputText(input)}`)
  return given.length === 0 ? '' : `example { ${given.join(', ')} }`
}

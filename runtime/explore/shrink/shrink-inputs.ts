import type { Generator, InputValue, PlannedStep } from '../../../dsl/plan/property.ts'
import { second } from '../../kernel/micros.ts'
import { atLowerEnds } from '../concrete-operation.ts'
import { lower, minimize } from '../minimize.ts'
import type { Attempt } from './attempt.ts'

type Plan = Extract<Generator, { kind: 'plan' }>

/** Fewer steps, earlier ones, and each with the lowest values that it may have. */
const shrinkSteps = (attempt: Attempt, name: string, generator: Plan): void => {
  const steps = (): readonly PlannedStep[] =>
    (attempt.now.inputs[name] as { readonly steps: readonly PlannedStep[] }).steps
  const take = (some: readonly PlannedStep[]): boolean =>
    attempt.take({ inputs: { ...attempt.now.inputs, [name]: { kind: 'plan', steps: some } } })
  minimize(steps(), take)
  for (let index = 0; index < steps().length; index += 1) {
    const replaced = (one: PlannedStep): boolean => take(steps().map((other, place) => (place === index ? one : other)))
    const step = steps()[index]!
    const written = generator.alternatives.operations.find((one) => one.span.start === step.operation.span.start)
    const lowest = written === undefined ? step.operation : atLowerEnds(written)
    if (lowest.text !== step.operation.text) replaced({ ...step, operation: lowest })
    const before = steps()[index - 1]?.at ?? 0
    const { at } = step
    if (at !== undefined && at > before)
      lower(
        Math.ceil(before / second),
        Math.ceil(at / second),
        (to) => to * second < at && replaced({ ...steps()[index]!, at: to * second }),
      )
  }
}

const shrinkValue = (attempt: Attempt, name: string, generator: Generator): void => {
  const value = attempt.now.inputs[name]!
  const take = (smaller: InputValue): boolean => attempt.take({ inputs: { ...attempt.now.inputs, [name]: smaller } })
  if (generator.kind === 'plan') {
    if (value.kind === 'plan') shrinkSteps(attempt, name, generator)
    return
  }
  if (value.kind === 'list') {
    minimize(value.items, (items) => take({ kind: 'list', items }))
    return
  }
  if (value.kind !== 'value') return
  if (generator.kind === 'one-of') {
    for (const simpler of generator.values)
      if (simpler === value.value || take({ kind: 'value', value: simpler })) return
    return
  }
  if (generator.kind !== 'range') return
  const { from } = generator
  const literal = value.value
  if (take({ kind: 'value', value: from })) return
  if (from.type === 'int' && literal.type === 'int')
    lower(
      from.value,
      literal.value,
      (to) => to < literal.value && take({ kind: 'value', value: { type: 'int', value: to } }),
    )
  if (from.type === 'duration' && literal.type === 'duration')
    lower(
      Math.ceil(from.micros / second),
      Math.ceil(literal.micros / second),
      (to) => to * second < literal.micros && take({ kind: 'value', value: { type: 'duration', micros: to * second } }),
    )
}

export const shrinkInputs = (attempt: Attempt): void => {
  for (const { name, generator } of attempt.property.inputs) shrinkValue(attempt, name, generator)
}

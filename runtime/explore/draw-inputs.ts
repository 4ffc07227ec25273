import type { Generator, Inputs, InputValue, PlannedStep, PropertyPlan } from '../../dsl/plan/property.ts'
import type { Random } from '../kernel/random.ts'
import { concreteOperation } from './concrete-operation.ts'
import { drawBetween } from './draw-between.ts'

const drawPlan = (generator: Extract<Generator, { kind: 'plan' }>, random: Random): InputValue => {
  const { alternatives, max, over } = generator
  const { operations } = alternatives
  if (operations.length === 0) return { kind: 'plan', steps: [] }
  const steps: PlannedStep[] = []
  const length = random.below(max + 1)
  for (let index = 0; index < length; index += 1) {
    const operation = concreteOperation(operations[random.below(operations.length)]!, random)
    // Instants in whole tenths of a second read well.
    const at = over === undefined ? undefined : random.below(Math.floor(over / 100_000) + 1) * 100_000
    steps.push({ at, operation })
  }
  if (over !== undefined) steps.sort((a, b) => a.at! - b.at!)
  return { kind: 'plan', steps }
}

const drawInput = (generator: Generator, random: Random): InputValue => {
  switch (generator.kind) {
    case 'range':
      return { kind: 'value', value: drawBetween(generator.from, generator.to, random) }
    case 'one-of':
      return { kind: 'value', value: generator.values[random.below(generator.values.length)]! }
    case 'subset':
      return {
        kind: 'list',
        items: generator.values.filter(() => random.below(2) === 1).map((value) => ({ kind: 'value', value })),
      }
    case 'list': {
      const items: InputValue[] = []
      const length = random.below(generator.max + 1)
      for (let index = 0; index < length; index += 1) items.push(drawInput(generator.of, random))
      return { kind: 'list', items }
    }
    case 'plan':
      return drawPlan(generator, random)
  }
}

/** Values for all inputs of a property; those that `given` names are taken from there. */
export const drawInputs = (property: PropertyPlan, random: Random, given: Inputs = {}): Inputs => {
  const inputs: Record<string, InputValue> = {}
  for (const { name, generator } of property.inputs) {
    // Drawn in any case: giving one input does not change the others.
    const drawn = drawInput(generator, random)
    inputs[name] = Object.hasOwn(given, name) ? given[name]! : drawn
  }
  return inputs
}

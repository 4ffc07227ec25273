import type { Literal } from '../../dsl/plan/expression.ts'
import type { Generator, Inputs, InputValue, PlannedStep, PropertyPlan } from '../../dsl/plan/property.ts'
import { everyOperation } from './concrete-operation.ts'
import { among, everyBetween, mapped, powerOfTwo, sequencesUpTo, type Every } from './every.ts'

const valueOf = (value: Literal): InputValue => ({ kind: 'value', value })

const everyStep = ({ alternatives, over }: Extract<Generator, { kind: 'plan' }>): Every<PlannedStep> => {
  const operations = alternatives.operations.map(everyOperation)
  const total = operations.reduce((sum, one) => sum + one.size, 0)
  // At once, half-way, at the end: a plan over time has no next instant.
  const instants = over === undefined ? [undefined] : [0, Math.floor(over / 200_000) * 100_000, over]
  return {
    size: total * instants.length,
    at(index) {
      const at = instants[Math.floor(index / total)]
      let rest = index % total
      for (const one of operations) {
        if (rest < one.size) return { at, operation: one.at(rest) }
        rest -= one.size
      }
      return { at, operation: operations[0]!.at(0) }
    },
  }
}

const inOrder = (steps: readonly PlannedStep[]): readonly PlannedStep[] =>
  [...steps].sort((a, b) => (a.at ?? 0) - (b.at ?? 0))

const everyValue = (generator: Generator): Every<InputValue> => {
  switch (generator.kind) {
    case 'range':
      return mapped(everyBetween(generator.from, generator.to), valueOf)
    case 'one-of':
      return among(generator.values.map(valueOf))
    case 'subset':
      return {
        size: powerOfTwo(generator.values.length),
        at: (index) => ({
          kind: 'list',
          items: generator.values.filter((_, place) => Math.floor(index / powerOfTwo(place)) % 2 === 1).map(valueOf),
        }),
      }
    case 'list':
      return mapped(sequencesUpTo(everyValue(generator.of), generator.max), (items) => ({ kind: 'list', items }))
    case 'plan':
      return mapped(sequencesUpTo(everyStep(generator), generator.max), (steps) => ({
        kind: 'plan',
        steps: inOrder(steps),
      }))
  }
}

/** Every combination of what a property's inputs may be. */
export const everyInput = (property: PropertyPlan): Every<Inputs> => {
  const inputs = property.inputs.map(({ name, generator }) => ({ name, every: everyValue(generator) }))
  return {
    size: inputs.reduce((size, { every }) => size * every.size, 1),
    at(index) {
      const values: Record<string, InputValue> = {}
      let rest = index
      for (const { name, every } of inputs) {
        values[name] = every.at(rest % every.size)
        rest = Math.floor(rest / every.size)
      }
      return values
    },
  }
}

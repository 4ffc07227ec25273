import type { ScenarioPlan } from '../../../dsl/plan/plan.ts'
import { minute } from '../../../runtime/kernel/micros.ts'

const patience = minute

const isExpectation = (
  value: object,
): value is { readonly within: { readonly value?: { readonly micros?: number } } } =>
  'claim' in value && 'within' in value && value.within !== undefined

const stretched = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(stretched)
  if (typeof value !== 'object' || value === null) return value
  const copy = Object.fromEntries(Object.entries(value).map(([key, field]) => [key, stretched(field)]))
  if (!isExpectation(value)) return copy
  const { micros } = value.within.value ?? {}
  if (micros === undefined) return copy
  return { ...copy, within: { ...value.within, value: { ...value.within.value, micros: micros + patience } } }
}

const known = new WeakMap<ScenarioPlan, ScenarioPlan>()

/**
 * The same scenario, whose script waits longer for what it expects: a crash may slow the controllers down (a claim is looked at again
 * after 15s), and the script's next step must not meet a state that it would never have met.
 */
export const patient = (scenario: ScenarioPlan): ScenarioPlan => {
  let found = known.get(scenario)
  if (found === undefined) {
    found = { ...scenario, body: stretched(scenario.body) as ScenarioPlan['body'] }
    known.set(scenario, found)
  }
  return found
}

import type { ScenarioPlan } from '../../dsl/plan/plan.ts'

const known = new WeakMap<ScenarioPlan, boolean>()
const aside: ReadonlySet<string> = new Set(['span', 'documents', 'text'])

const names = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(names)
  const one = value as Readonly<Record<string, unknown>>
  if (one['kind'] === 'invariant' && one['name'] === 'watch-ordered') return true
  return Object.entries(one).some(([key, inner]) => !aside.has(key) && names(inner))
}

/** Whether the scenario names the one invariant that is judged by what clients hear: only then is that written down. */
export const judgesWatches = (plan: ScenarioPlan): boolean => {
  let answer = known.get(plan)
  if (answer === undefined) {
    answer = names(plan.body) || names(plan.invariants) || names(plan.property)
    known.set(plan, answer)
  }
  return answer
}

import type { BehaviorSpec } from '../../dsl/plan/behavior-spec.ts'
import type { ScenarioPlan } from '../../dsl/plan/plan.ts'

const known = new WeakMap<ScenarioPlan, boolean>()
const aside: ReadonlySet<string> = new Set(['span', 'documents', 'text'])

const says = ({ cpu, memory }: Pick<BehaviorSpec, 'cpu' | 'memory'>): boolean => cpu.length > 0 || memory.length > 0

/** Whether something under `value` says what containers use. */
const tells = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(tells)
  const one = value as Readonly<Record<string, unknown>>
  if (one['verb'] === 'load' && one['resource'] !== 'rps') return true
  if (one['kind'] === 'behavior' && one['behavior'] !== undefined) return says(one['behavior'] as BehaviorSpec)
  return Object.entries(one).some(([key, inner]) => !aside.has(key) && tells(inner))
}

/** Whether the cluster has a metrics-server: where a scenario says nothing of what containers use, it would have nothing to tell. */
export const readsUsage = (plan: ScenarioPlan): boolean => {
  let answer = known.get(plan)
  if (answer === undefined) {
    answer = plan.behaviors.some(says) || tells(plan.body) || tells(plan.property)
    known.set(plan, answer)
  }
  return answer
}

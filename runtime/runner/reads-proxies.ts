import type { ScenarioPlan } from '../../dsl/plan/plan.ts'

const known = new WeakMap<ScenarioPlan, boolean>()
const counted: ReadonlySet<unknown> = new Set(['requests', 'errors', 'backends', 'sources'])

/** Whether something under `value` can tell if kube-proxies run: a request to a Service, a name of theirs, a step of theirs. */
const reads = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(reads)
  const one = value as Readonly<Record<string, unknown>>
  if (one['verb'] === 'load' && one['resource'] === 'rps') return true
  if (one['kind'] === 'call' && counted.has(one['function'])) return true
  if (one['kind'] === 'word' && one['word'] === 'kube-proxy') return true
  if (one['resource'] === 'kube-proxy') return true
  return Object.entries(one).some(([key, inner]) => !aside.has(key) && reads(inner))
}
const aside: ReadonlySet<string> = new Set(['span', 'documents', 'text'])

/** Whether the scenario needs kube-proxies: it sets one up, or reads what they do. */
export const readsProxies = (plan: ScenarioPlan): boolean => {
  let answer = known.get(plan)
  if (answer === undefined) {
    answer =
      plan.cluster.flags['kube-proxy'] !== undefined ||
      reads(plan.body) ||
      reads(plan.invariants) ||
      reads(plan.property)
    known.set(plan, answer)
  }
  return answer
}

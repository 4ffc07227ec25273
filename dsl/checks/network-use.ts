import type { ScenarioPlan } from '../plan/plan.ts'
import type { Span } from '../source/span.ts'
import type { Check } from './check.ts'
import { eachOperation, fieldsOf } from './walk-plan.ts'

const looksUp: ReadonlySet<unknown> = new Set(['lookup', 'resolve', 'queries'])
const counts: ReadonlySet<unknown> = new Set(['requests', 'errors', 'backends', 'sources', ...looksUp])

/** Spans of calls of some functions under a value of the plan. */
const callsOf = (value: unknown, names: ReadonlySet<unknown>): readonly Span[] => {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((one) => callsOf(one, names))
  const one = value as Readonly<Record<string, unknown>>
  const own = one['kind'] === 'call' && names.has(one['function']) ? [one['span'] as Span] : []
  return [...own, ...Object.entries(one).flatMap(([key, inner]) => (key === 'span' ? [] : callsOf(inner, names)))]
}

const sends = (plan: ScenarioPlan): boolean => {
  let answer = callsOf([plan.body, plan.invariants], counts).length > 0
  eachOperation(plan.body, (operation) => {
    if (operation.kind === 'step' && operation.step.verb === 'load' && operation.step.resource === 'rps') answer = true
  })
  return answer
}

interface Found {
  /** NetworkPolicies. */
  readonly policies: readonly Span[]
  readonly hasDns: boolean
}

const manifestsOf = (plan: ScenarioPlan): Found => {
  const policies: Span[] = []
  let hasDns = false
  eachOperation(plan.body, (operation) => {
    if (operation.kind !== 'step' || !('documents' in operation.step)) return
    for (const { value, span } of operation.step.documents) {
      const { kind, metadata } = fieldsOf(value)
      if (kind === 'NetworkPolicy') policies.push(span)
      if (kind === 'Service' && fieldsOf(metadata)['name'] === 'kube-dns') hasDns = true
    }
  })
  return { policies, hasDns }
}

/** K155: policies that no network plugin keeps. K156: look-ups in a cluster without DNS. */
export const networkUse: Check = {
  name: 'network-use',
  codes: ['K155', 'K156'],
  always: false,
  scenario({ plans, module }, reporter) {
    const told = new Set<number>()
    const tell = (code: 'K155' | 'K156', span: Span, message: string, help: string): void => {
      if (span.file !== module.source.path || told.has(span.start)) return
      told.add(span.start)
      reporter.report(code, span, message, { severity: 'warning', help })
    }
    for (const plan of plans) {
      const { policies, hasDns } = manifestsOf(plan)
      // Whoever names a plugin knows what it does.
      if (plan.cluster.network === undefined && policies.length > 0 && sends(plan))
        for (const span of policies)
          tell(
            'K155',
            span,
            'nothing in this cluster keeps NetworkPolicies',
            'a network plugin does: `network calico` or `network cilium`. `network bridge` says that none is meant',
          )
      if (!plan.cluster.systemPods && !hasDns)
        for (const span of callsOf([plan.body, plan.invariants], looksUp))
          tell('K156', span, 'this cluster has no DNS to look names up in', 'CoreDNS comes with `system-pods on`')
    }
  },
}

import { invalid, notSupported, type Cause } from './cause.ts'
import { notMoreThan100Percent, positiveIntOrPercent } from './int-or-percent.ts'
import { labelSelectorCauses } from './label-selector.ts'
import { countCauses } from './replica-status.ts'
import type { Strategy } from './strategy.ts'
import { child, optionalText, struct, type View } from './view.ts'

const specCauses = (budget: View): Cause[] => {
  const spec = struct(budget, 'spec')
  const causes: Cause[] = []
  const min = spec['minAvailable']
  const max = spec['maxUnavailable']
  if (min !== undefined && max !== undefined) {
    const shown = { typed: spec, type: 'io.k8s.api.policy.v1.PodDisruptionBudgetSpec' }
    causes.push(invalid('spec', shown, 'minAvailable and maxUnavailable cannot be both set'))
  }
  for (const key of ['minAvailable', 'maxUnavailable']) {
    const value = spec[key]
    if (value !== undefined) {
      causes.push(...positiveIntOrPercent(value, `spec.${key}`), ...notMoreThan100Percent(value, `spec.${key}`))
    }
  }
  causes.push(...labelSelectorCauses(child(spec, 'selector'), 'spec.selector'))
  const policy = optionalText(spec, 'unhealthyPodEvictionPolicy')
  if (policy !== undefined && policy !== 'AlwaysAllow' && policy !== 'IfHealthyBudget') {
    causes.push(notSupported('spec.unhealthyPodEvictionPolicy', policy, ['AlwaysAllow', 'IfHealthyBudget']))
  }
  return causes
}

/** pkg/registry/policy/poddisruptionbudget/strategy.go: metadata is left to the common checks. */
export const podDisruptionBudgetStrategy: Strategy = {
  validatesMetadata: false,
  updatesMetadata: false,
  validate: specCauses,
  validateUpdate: specCauses,
  validateStatus: (budget) =>
    countCauses(struct(budget, 'status'), ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods']),
}

import { resourceUnits, unitsText } from '../../api/quantity/quantity-values.ts'
import type { Container, Pod, PodStatus } from '../../api/types/core-v1.generated.ts'
import { isSidecar } from './restart-policy.ts'

export type Amounts = ReadonlyMap<string, number>
type Which = 'requests' | 'limits'

const amountsOf = (container: Container, which: Which): Map<string, number> => {
  const out = new Map<string, number>()
  for (const [name, quantity] of Object.entries(container.resources?.[which] ?? {})) {
    out.set(name, resourceUnits(name, quantity))
  }
  return out
}

const add = (into: Map<string, number>, amounts: Amounts): void => {
  for (const [name, amount] of amounts) into.set(name, (into.get(name) ?? 0) + amount)
}
const raise = (into: Map<string, number>, amounts: Amounts): void => {
  for (const [name, amount] of amounts) into.set(name, Math.max(into.get(name) ?? 0, amount))
}

/** component-helpers resource: PodRequests and PodLimits. Sidecars add up, other init containers only raise the peak. */
export const podAmounts = (pod: Pod, which: Which): Amounts => {
  const sum = new Map<string, number>()
  for (const container of pod.spec.containers) add(sum, amountsOf(container, which))
  const sidecars = new Map<string, number>()
  const peak = new Map<string, number>()
  for (const container of pod.spec.initContainers ?? []) {
    const own = amountsOf(container, which)
    if (isSidecar(container)) {
      add(sum, own)
      add(sidecars, own)
      raise(peak, sidecars)
    } else {
      add(own, sidecars)
      raise(peak, own)
    }
  }
  raise(sum, peak)
  const whole = pod.spec.resources?.[which]
  for (const [name, quantity] of Object.entries(whole ?? {})) {
    if (name === 'cpu' || name === 'memory' || name.startsWith('hugepages-'))
      sum.set(name, resourceUnits(name, quantity))
  }
  for (const [name, quantity] of Object.entries(pod.spec.overhead ?? {})) {
    if (which === 'requests' || (sum.get(name) ?? 0) > 0)
      sum.set(name, (sum.get(name) ?? 0) + resourceUnits(name, quantity))
  }
  return sum
}

export const amountsText = (amounts: Amounts): Readonly<Record<string, string>> =>
  Object.fromEntries([...amounts.keys()].sort().map((name) => [name, unitsText(name, amounts.get(name)!)]))

/** qos.ComputePodQOS: only cpu and memory count. */
export const qosClass = (pod: Pod): NonNullable<PodStatus['qosClass']> => {
  const known = pod.status?.qosClass
  if (known !== undefined) return known
  const requests = new Map<string, number>()
  const limits = new Map<string, number>()
  let guaranteed = true
  const whole = pod.spec.resources
  const all: readonly Container[] =
    whole !== undefined && (whole.requests !== undefined || whole.limits !== undefined)
      ? [{ name: '', resources: whole }]
      : [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]
  for (const container of all) {
    for (const name of ['cpu', 'memory']) {
      const request = container.resources?.requests?.[name]
      const limit = container.resources?.limits?.[name]
      if (request !== undefined && resourceUnits(name, request) > 0) {
        requests.set(name, (requests.get(name) ?? 0) + resourceUnits(name, request))
      }
      if (limit !== undefined && resourceUnits(name, limit) > 0) {
        limits.set(name, (limits.get(name) ?? 0) + resourceUnits(name, limit))
      } else guaranteed = false
    }
  }
  if (requests.size === 0 && limits.size === 0) return 'BestEffort'
  if (guaranteed && requests.size === limits.size) {
    for (const [name, amount] of requests) if (limits.get(name) !== amount) return 'Burstable'
    return 'Guaranteed'
  }
  return 'Burstable'
}

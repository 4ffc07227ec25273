import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import type { Condition, LabelSelector } from '../../../api/types/meta-v1.generated.ts'
import type { PodDisruptionBudget, PodDisruptionBudgetStatus } from '../../../api/types/policy-v1.generated.ts'
import { parseTimestamp } from '../../client/timestamp.ts'
import { minute, type Micros } from '../../kernel/micros.ts'
import { isPodReady } from '../../reconcile/pod-state.ts'

// pkg/controller/disruption/disruption.go

/** DeletionTimeout: an eviction that was granted and led to no deletion is forgotten after this. */
export const deletionTimeout: Micros = 2 * minute

export interface Disrupted {
  readonly pods: Readonly<Record<string, string>>
  /** When the first of them is to be looked at again, in microseconds from now. */
  readonly recheck: Micros | undefined
  readonly expired: readonly Pod[]
}

/** buildDisruptedPodMap */
export const decideDisrupted = (budget: PodDisruptionBudget, pods: readonly Pod[], wall: Micros): Disrupted => {
  const known = budget.status?.disruptedPods ?? {}
  const kept: Record<string, string> = {}
  const expired: Pod[] = []
  let recheck: Micros | undefined
  for (const pod of pods) {
    const name = pod.metadata.name ?? ''
    const since = known[name]
    if (since === undefined || pod.metadata.deletionTimestamp !== undefined) continue
    const left = (parseTimestamp(since) ?? 0) + deletionTimeout - wall
    if (left < 0) expired.push(pod)
    else {
      kept[name] = since
      recheck = Math.min(recheck ?? left, left)
    }
  }
  return { pods: kept, recheck, expired }
}

/** countHealthyPods */
export const countHealthy = (pods: readonly Pod[], disrupted: Disrupted['pods'], wall: Micros): number =>
  pods.filter((pod) => {
    if (pod.metadata.deletionTimestamp !== undefined) return false
    const since = parseTimestamp(disrupted[pod.metadata.name ?? ''])
    return !(since !== undefined && since + deletionTimeout > wall) && isPodReady(pod)
  }).length

/** meta.SetStatusCondition: the time moves only when the status does. */
export const withCondition = (
  conditions: readonly Condition[] | undefined,
  wanted: Condition,
): readonly Condition[] => {
  const known = conditions?.find((one) => one.type === wanted.type)
  if (known === undefined) return [...(conditions ?? []), wanted]
  const { lastTransitionTime } = known.status === wanted.status ? known : wanted
  return (conditions ?? []).map((one) => (one === known ? { ...wanted, lastTransitionTime } : one))
}

export interface Counts {
  readonly healthy: number
  readonly desired: number
  readonly expected: number
  readonly disrupted: Disrupted['pods']
}

/** updatePdbStatus: undefined where nothing is to be written. */
export const decideStatus = (
  budget: PodDisruptionBudget,
  counts: Counts,
  timestamp: string,
): PodDisruptionBudgetStatus | undefined => {
  const { healthy, desired, expected, disrupted } = counts
  const spare = healthy - desired
  const allowed = expected <= 0 || spare <= 0 ? 0 : spare
  const now = budget.status as PodDisruptionBudgetStatus | undefined
  const { generation = 0 } = budget.metadata
  const verdict =
    allowed > 0
      ? ({ status: 'True', reason: 'SufficientPods' } as const)
      : ({ status: 'False', reason: 'InsufficientPods' } as const)
  const condition = now?.conditions?.find((one) => one.type === 'DisruptionAllowed')
  const same =
    (now?.currentHealthy ?? 0) === healthy &&
    (now?.desiredHealthy ?? 0) === desired &&
    (now?.expectedPods ?? 0) === expected &&
    (now?.disruptionsAllowed ?? 0) === allowed &&
    structuralEqual(now?.disruptedPods ?? {}, disrupted) &&
    (now?.observedGeneration ?? 0) === generation &&
    condition?.status === verdict.status &&
    condition.reason === verdict.reason
  if (same) return undefined
  return {
    observedGeneration: generation,
    ...(Object.keys(disrupted).length === 0 ? {} : { disruptedPods: disrupted }),
    disruptionsAllowed: allowed,
    currentHealthy: healthy,
    desiredHealthy: desired,
    expectedPods: expected,
    conditions: withCondition(now?.conditions, {
      type: 'DisruptionAllowed',
      ...verdict,
      message: '',
      observedGeneration: generation,
      lastTransitionTime: timestamp,
    }),
  }
}

/** A LabelSelector as Go prints it. */
export const selectorText = (selector: LabelSelector | undefined): string => {
  const labels = Object.entries(selector?.matchLabels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}: ${value},`)
    .join('')
  const expressions = (selector?.matchExpressions ?? [])
    .map(
      ({ key, operator, values }) =>
        `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${(values ?? []).join(' ')}],},`,
    )
    .join('')
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:[]LabelSelectorRequirement{${expressions}},}`
}

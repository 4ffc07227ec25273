import type { HPAScalingRules } from '../../../api/types/autoscaling-v2.generated.ts'
import { second, type Micros } from '../../kernel/micros.ts'

// pkg/controller/podautoscaler/horizontal.go: from the replicas that the metrics ask for to those that the rules allow

export interface Recommendation {
  readonly replicas: number
  readonly at: Micros
}

export interface ScaleEvent {
  readonly change: number
  readonly at: Micros
}

/** What the controller remembers of one autoscaler. */
export interface History {
  recommendations: Recommendation[]
  ups: ScaleEvent[]
  downs: ScaleEvent[]
}

export interface Verdict {
  readonly replicas: number
  readonly reason: string
  readonly message: string
}

export interface Rules {
  readonly up: HPAScalingRules
  readonly down: HPAScalingRules
}

const scaleUpLimitFactor = 2
const scaleUpLimitMinimum = 4

const inRange = (replicas: number): Verdict => ({
  replicas,
  reason: 'DesiredWithinRange',
  message: 'the desired count is within the acceptable range',
})
const tooFew = 'the desired replica count is less than the minimum replica count'
const tooMany = 'the desired replica count is more than the maximum replica count'
const tooFast = 'the desired replica count is increasing faster than the maximum scale rate'

/** Replaces the last of what is outdated, else adds. */
const remember = <T>(list: T[], isOld: (one: T) => boolean, fresh: T): void => {
  const at = list.findLastIndex(isOld)
  if (at >= 0) list[at] = fresh
  else list.push(fresh)
}

/** stabilizeRecommendation: the highest of the window. */
export const stabilize = (history: History, desired: number, now: Micros, window: Micros): number => {
  const cutoff = now - window
  const recent = history.recommendations.filter((one) => one.at >= cutoff).map((one) => one.replicas)
  remember(history.recommendations, (one) => one.at < cutoff, { replicas: desired, at: now })
  return Math.max(desired, ...recent)
}

/** convertDesiredReplicasWithRules */
export const limit = (current: number, desired: number, min: number, max: number): Verdict => {
  const upLimit = Math.trunc(Math.max(scaleUpLimitFactor * current, scaleUpLimitMinimum))
  if (desired < min) return { replicas: min, reason: 'TooFewReplicas', message: tooFew }
  if (desired <= Math.min(max, upLimit)) return inRange(desired)
  if (max > upLimit) return { replicas: upLimit, reason: 'ScaleUpLimit', message: tooFast }
  return { replicas: max, reason: 'TooManyReplicas', message: tooMany }
}

/** stabilizeRecommendationWithBehaviors */
export const stabilizeBy = (
  history: History,
  rules: Rules,
  { current, desired }: { readonly current: number; readonly desired: number },
  now: Micros,
): Verdict => {
  const upCutoff = now - (rules.up.stabilizationWindowSeconds ?? 0) * second
  const downCutoff = now - (rules.down.stabilizationWindowSeconds ?? 0) * second
  let [up, down] = [desired, desired]
  for (const { replicas, at } of history.recommendations) {
    if (at > upCutoff) up = Math.min(up, replicas)
    if (at > downCutoff) down = Math.max(down, replicas)
  }
  const old = (one: Recommendation): boolean => one.at < upCutoff && one.at < downCutoff
  remember(history.recommendations, old, { replicas: desired, at: now })
  const replicas = Math.min(Math.max(current, up), down)
  return desired >= current
    ? {
        replicas,
        reason: 'ScaleUpStabilized',
        message: 'recent recommendations were lower than current one, applying the lowest recent recommendation',
      }
    : {
        replicas,
        reason: 'ScaleDownStabilized',
        message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
      }
}

const changeIn = (events: readonly ScaleEvent[], periodSeconds: number, now: Micros): number =>
  events.filter((one) => one.at > now - periodSeconds * second).reduce((sum, one) => sum + one.change, 0)

/** calculateScaleUpLimitWithScalingRules, calculateScaleDownLimitWithBehaviors */
const rateLimit = (
  history: History,
  rules: HPAScalingRules,
  { current, up }: { readonly current: number; readonly up: boolean },
  now: Micros,
): number => {
  if (rules.selectPolicy === 'Disabled') return current
  const limits = (rules.policies ?? []).map((policy) => {
    const added = changeIn(history.ups, policy.periodSeconds, now)
    const removed = changeIn(history.downs, policy.periodSeconds, now)
    const start = current - added + removed
    if (policy.type === 'Pods') return up ? start + policy.value : start - policy.value
    return up ? Math.ceil(start * (1 + policy.value / 100)) : Math.trunc(start * (1 - policy.value / 100))
  })
  const least = rules.selectPolicy === 'Min'
  return up === least ? Math.min(...limits) : Math.max(...limits)
}

/** convertDesiredReplicasWithBehaviorRate */
export const limitBy = (
  history: History,
  rules: Rules,
  { current, desired, min, max }: { current: number; desired: number; min: number; max: number },
  now: Micros,
): Verdict => {
  if (desired > current) {
    const rate = Math.max(current, rateLimit(history, rules.up, { current, up: true }, now))
    if (desired <= Math.min(max, rate)) return inRange(desired)
    if (max > rate) return { replicas: rate, reason: 'ScaleUpLimit', message: tooFast }
    return { replicas: max, reason: 'TooManyReplicas', message: tooMany }
  }
  if (desired < current) {
    const rate = Math.min(current, rateLimit(history, rules.down, { current, up: false }, now))
    if (desired >= Math.max(min, rate)) return inRange(desired)
    if (min < rate) {
      const message = 'the desired replica count is decreasing faster than the maximum scale rate'
      return { replicas: rate, reason: 'ScaleDownLimit', message }
    }
    return { replicas: min, reason: 'TooFewReplicas', message: tooFew }
  }
  return inRange(desired)
}

/** storeScaleEvent */
export const noteScale = (
  history: History,
  rules: Rules,
  { from, to }: { readonly from: number; readonly to: number },
  now: Micros,
): void => {
  const up = to > from
  const longest = Math.max(0, ...((up ? rules.up : rules.down).policies ?? []).map((one) => one.periodSeconds))
  const old = (one: ScaleEvent): boolean => one.at < now - longest * second
  remember(up ? history.ups : history.downs, old, { change: Math.abs(to - from), at: now })
}

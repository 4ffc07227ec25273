import type { UsageSegment } from '../../dsl/plan/behavior-spec.ts'
import type { Micros } from '../kernel/micros.ts'

/** Usage so long after the start; behind the last segment its end value stays. */
export const usageAt = (segments: readonly UsageSegment[], uptime: Micros): number => {
  let from = 0
  let last = 0
  for (const segment of segments) {
    if (segment.over === undefined) return segment.to
    const over = segment.over.base
    if (uptime < from + over) return segment.from + Math.floor(((segment.to - segment.from) * (uptime - from)) / over)
    from += over
    last = segment.to
  }
  return last
}

/** What the usage has added up to so long after the start: amount times microseconds. */
export const usageUpTo = (segments: readonly UsageSegment[], uptime: Micros): number => {
  let from = 0
  let last = 0
  let sum = 0
  for (const { from: begins, to, over } of segments) {
    if (over === undefined) return sum + to * Math.max(0, uptime - from)
    const time = Math.min(over.base, Math.max(0, uptime - from))
    if (time > 0)
      sum += Math.floor((begins + usageAt([{ from: begins, to, over }], Math.min(time, over.base))) / 2) * time
    from += over.base
    last = to
  }
  return sum + last * Math.max(0, uptime - from)
}

/** When the usage first exceeds a limit; undefined: never. */
export const firstAbove = (segments: readonly UsageSegment[], limit: number): Micros | undefined => {
  let from = 0
  for (const segment of segments) {
    if (segment.from > limit) return from
    const over = segment.over?.base
    if (segment.to > limit) {
      if (over === undefined) return from
      return from + Math.ceil(((limit - segment.from) * over) / (segment.to - segment.from))
    }
    if (over === undefined) return undefined
    from += over
  }
  return undefined
}

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
      return from + crossing(segment.from, segment.to, over, limit)
    }
    if (over === undefined) return undefined
    from += over
  }
  return undefined
}

/** The same usage where no more than `cap` is given. */
export const capped = (segments: readonly UsageSegment[], cap: number): readonly UsageSegment[] => {
  if (segments.every((one) => one.from <= cap && one.to <= cap)) return segments
  return segments.flatMap((segment): readonly UsageSegment[] => {
    const { from, to, over } = segment
    if (from <= cap && to <= cap) return [segment]
    if (over === undefined || (from >= cap && to >= cap)) return [{ from: cap, to: cap, over }]
    const before = crossing(from, to, over.base, cap)
    const parts: readonly [UsageSegment, UsageSegment] =
      from < to
        ? [
            { from, to: cap, over: { base: before, spread: 0 } },
            { from: cap, to: cap, over: { base: over.base - before, spread: 0 } },
          ]
        : [
            { from: cap, to: cap, over: { base: before, spread: 0 } },
            { from: cap, to, over: { base: over.base - before, spread: 0 } },
          ]
    return parts.filter((one) => one.over!.base > 0)
  })
}

/** When the usage is above `cap`, so long after the start; the last spell may have no end (Infinity). */
export const spellsAbove = (
  segments: readonly UsageSegment[],
  cap: number,
): readonly { readonly from: Micros; readonly to: Micros }[] => {
  const spells: { from: Micros; to: Micros }[] = []
  const add = (from: Micros, to: Micros): void => {
    const last = spells.at(-1)
    if (last?.to === from) last.to = to
    else if (to > from) spells.push({ from, to })
  }
  let at = 0
  segments.forEach(({ from, to, over }, index) => {
    const end = over === undefined ? Number.POSITIVE_INFINITY : at + over.base
    // The value in which the last segment ends stays.
    const stays = index === segments.length - 1 && to > cap ? Number.POSITIVE_INFINITY : end
    if (from > cap && to > cap) add(at, stays)
    else if (over !== undefined && to > cap) add(at + crossing(from, to, over.base, cap), stays)
    else if (over !== undefined && from > cap) add(at, at + crossing(from, to, over.base, cap))
    at = end
  })
  return spells
}

const crossing = (from: number, to: number, over: Micros, value: number): Micros =>
  Math.ceil(((value - from) * over) / (to - from))

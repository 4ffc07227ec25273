import type { Cycle, Handle } from '../framework.ts'

/** What one extender gives to the nodes that could take a pod, by position; NaN where it does not speak of one. */
export interface ExtenderScores {
  readonly extender: string
  readonly scores: Float64Array
}

/**
 * The extenders' part of prioritizeNodes (pkg/scheduler/schedule_one.go). They are asked all at once, and one that cannot say is
 * left out.
 */
export const extenderScores = (
  { extenders, nodes }: Handle,
  cycle: Cycle,
  slots: Int32Array,
): readonly ExtenderScores[] => {
  const candidates = Array.from(slots, (slot) => nodes.slots[slot]!.node!)
  let longest = 0
  const all = extenders.flatMap((extender): readonly ExtenderScores[] => {
    if (!extender.interested(cycle.pod)) return []
    const answer = extender.prioritize(cycle.pod, candidates)
    longest = Math.max(longest, answer.took)
    if (!answer.ok) return []
    const scores = Float64Array.from(candidates, (one) => answer.value.get(one.metadata.name) ?? Number.NaN)
    return [{ extender: extender.name, scores }]
  })
  cycle.waited += longest
  return all
}

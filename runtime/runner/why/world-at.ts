import type { BehaviorSpec } from '../../../dsl/plan/behavior-spec.ts'
import type { Micros } from '../../kernel/micros.ts'
import { createState } from '../../record/create-state.ts'
import type { Record } from '../../record/record.ts'
import type { Timeline } from '../../record/timeline.ts'
import type { WhyWorld } from './why-world.ts'

/** The number of entries up to the end of an instant. */
const lengthAt = (timeline: Timeline, at: Micros): number => {
  let low = 0
  let high = timeline.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (timeline.time(middle) <= at) low = middle + 1
    else high = middle
  }
  return low
}

/** A recorded run as it was when an instant was over: what came later has not happened yet. */
export const worldAt = (
  record: Pick<Record, 'timeline' | 'start'>,
  at: Micros,
  behaviors: readonly BehaviorSpec[],
): WhyWorld => {
  const { timeline } = record
  const length = lengthAt(timeline, at)
  const cut: Timeline = {
    ...timeline,
    length,
    about: (subject) => timeline.about(subject).filter((entry) => entry < length),
  }
  const state = createState({ now: at }, cut, record.start ?? { revision: 0, objects: [] })
  for (let entry = 0; entry < length; entry += 1) state.apply(entry)
  return { cluster: { state, timeline: cut }, behaviors }
}

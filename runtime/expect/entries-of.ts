import type { Timeline } from '../record/timeline.ts'

/** Entries of one kind in a timeline, in order; grows with it. */
const indexes = new WeakMap<Timeline, Map<string, { readonly entries: number[]; filed: number }>>()

/** Entries of the kind from t=0 on. What happened while the cluster booted is no part of a scenario. */
export const entriesOf = (timeline: Timeline, kind: 'emission' | 'request' | 'verdict' | 'hop'): readonly number[] => {
  let byKind = indexes.get(timeline)
  if (byKind === undefined) {
    byKind = new Map()
    indexes.set(timeline, byKind)
  }
  let index = byKind.get(kind)
  if (index === undefined) {
    index = { entries: [], filed: 0 }
    byKind.set(kind, index)
  }
  for (; index.filed < timeline.length; index.filed += 1) {
    if (timeline.kind(index.filed) === kind && timeline.time(index.filed) >= 0) index.entries.push(index.filed)
  }
  return index.entries
}

import { resourceName } from '../../api/object-key.ts'
import type { Revision } from '../record/revision.ts'
import type { Timeline } from '../record/timeline.ts'

/** Entries of all writes to a resource. A scan of the timeline, for the end of a run. */
export const revisionsOf = (timeline: Timeline, resource: string): readonly number[] => {
  const entries: number[] = []
  for (let entry = 0; entry < timeline.length; entry += 1) {
    if (timeline.kind(entry) !== 'revision') continue
    if (resourceName((timeline.data(entry) as Revision).resource) === resource) entries.push(entry)
  }
  return entries
}

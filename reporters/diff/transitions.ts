import type { Revision } from '../../runtime/record/revision.ts'
import type { Timeline } from '../../runtime/record/timeline.ts'
import { laneStatus } from '../lane-status.ts'

/** An object came to be called otherwise in its lane. */
export interface Transition {
  readonly at: number
  readonly subject: string
  readonly status: string
}

/** What the cluster tells of itself rather than what it is. */
const unspoken = /^(events(\.events\.k8s\.io)?|leases\.coordination\.k8s\.io)\//

/** From t=0 on, in order of time and subject; `named` gives a subject the name that it is compared by. */
export const transitionsOf = (timeline: Timeline, named: (subject: string) => string): readonly Transition[] => {
  const last = new Map<string, string>()
  const found: Transition[] = []
  for (let entry = 0; entry < timeline.length; entry += 1) {
    if (timeline.kind(entry) !== 'revision') continue
    const own = timeline.subject(entry)
    if (unspoken.test(own)) continue
    const { object } = timeline.data(entry) as Revision
    const status = object === undefined ? 'gone' : laneStatus(own.split('/')[0]!, object)
    if (last.get(own) === status) continue
    last.set(own, status)
    const at = timeline.time(entry)
    if (at >= 0) found.push({ at, subject: named(own), status })
  }
  return found.sort((a, b) => a.at - b.at || (a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : 0))
}

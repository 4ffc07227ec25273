import { structuralEqual } from '../../api/json/structural-equal.ts'
import type { KubeObject } from '../../api/object.ts'
import type { Revision } from '../../runtime/record/revision.ts'
import type { Timeline } from '../../runtime/record/timeline.ts'
import { laneStatus } from '../lane-status.ts'

/** An object came to be called otherwise in its lane, or somebody wants something else of it. */
export interface Transition {
  readonly at: number
  readonly subject: string
  readonly status: string
  /** As it was then. */
  readonly object: KubeObject | undefined
}

/** What is wanted of an object: all but its metadata and status. */
export const wantedOf = (object: KubeObject | undefined): object | undefined => {
  if (object === undefined) return undefined
  const { metadata: _metadata, status: _status, ...wanted } = object as KubeObject & { readonly status?: unknown }
  return wanted
}

/** What the cluster tells of itself rather than what it is. */
const unspoken = /^(events(\.events\.k8s\.io)?|leases\.coordination\.k8s\.io)\//

/** From t=0 on, in order of time and subject; `named` gives a subject the name that it is compared by. */
export const transitionsOf = (timeline: Timeline, named: (subject: string) => string): readonly Transition[] => {
  const last = new Map<string, Transition>()
  const found: Transition[] = []
  for (let entry = 0; entry < timeline.length; entry += 1) {
    if (timeline.kind(entry) !== 'revision') continue
    const own = timeline.subject(entry)
    if (unspoken.test(own)) continue
    const { object } = timeline.data(entry) as Revision
    const status = object === undefined ? 'gone' : laneStatus(own.split('/')[0]!, object)
    const before = last.get(own)
    if (before?.status === status && structuralEqual(wantedOf(before.object), wantedOf(object))) continue
    const transition: Transition = { at: timeline.time(entry), subject: named(own), status, object }
    last.set(own, transition)
    if (transition.at >= 0) found.push(transition)
  }
  return found.sort((a, b) => a.at - b.at || (a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : 0))
}

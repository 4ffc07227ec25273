import { diffObjects, isKeptByServer } from '../../api/diff/diff-objects.ts'
import type { FieldChange } from '../../api/diff/diff-values.ts'
import { resourceName } from '../../api/object-key.ts'
import type { KubeObject } from '../../api/object.ts'
import type { Revision } from '../record/revision.ts'
import type { Timeline } from '../record/timeline.ts'
import type { World } from './moment.ts'

/** An object that two states of a run do not agree about. One that was deleted and made anew went and came. */
export type NetChange = {
  readonly resource: string
  /** As the timeline names it. */
  readonly subject: string
} & (
  | { readonly kind: 'added' | 'removed'; readonly object: KubeObject }
  | {
      readonly kind: 'changed'
      readonly before: KubeObject
      readonly object: KubeObject
      readonly changes: readonly FieldChange[]
    }
)

/** What the cluster tells of itself rather than what it is: Events and the leases of its parts. */
const unspoken: ReadonlySet<string> = new Set(['events', 'events.events.k8s.io', 'leases.coordination.k8s.io'])

interface Touched {
  readonly resource: string
  readonly subject: string
  readonly before: KubeObject | undefined
  now: KubeObject | undefined
}

/** The versions before the first and after the last write since an entry of the timeline, by subject. */
export const touchedSince = (timeline: Timeline, from: number): ReadonlyMap<string, Touched> => {
  const touched = new Map<string, Touched>()
  for (let entry = from; entry < timeline.length; entry += 1) {
    if (timeline.kind(entry) !== 'revision') continue
    const subject = timeline.subject(entry)
    const { resource, before, object } = timeline.data(entry) as Revision
    const known = touched.get(subject)
    if (known === undefined) touched.set(subject, { resource: resourceName(resource), subject, before, now: object })
    else known.now = object
  }
  return touched
}

/** The net difference between the state before an entry and the present one, in order of the subjects. */
export const netChanges = (world: World, from: number): readonly NetChange[] => {
  const touched = [...touchedSince(world.timeline, from).values()].sort((a, b) => (a.subject < b.subject ? -1 : 1))
  return touched.flatMap(({ resource, subject, before, now }): NetChange[] => {
    if (unspoken.has(resource)) return []
    if (before === undefined || now === undefined || before.metadata.uid !== now.metadata.uid)
      return [
        ...(before === undefined ? [] : [{ kind: 'removed' as const, resource, subject, object: before }]),
        ...(now === undefined ? [] : [{ kind: 'added' as const, resource, subject, object: now }]),
      ]
    const changes = diffObjects(before, now, world.scheme().byName(resource)?.type)
    return changes.length === 0 ? [] : [{ kind: 'changed', resource, subject, before, object: now, changes }]
  })
}

/** Changes that have to be listed: what the server keeps on its own account need not be. */
export const spokenChanges = (change: Extract<NetChange, { kind: 'changed' }>): readonly FieldChange[] =>
  change.changes.filter((one) => !isKeptByServer(one))

import type { KubeObject } from '../../api/object.ts'
import { objectSubject } from '../../api/object-key.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Record } from './record.ts'
import type { Revision } from './revision.ts'

export interface HeldObject {
  readonly subject: string
  readonly resource: Resource
  readonly object: KubeObject
}

/** All that etcd held when an instant was over, in order of the subjects. */
export const objectsAt = (
  { timeline, start }: Pick<Record, 'timeline' | 'start'>,
  at: Micros,
): readonly HeldObject[] => {
  const held = new Map<string, HeldObject>()
  for (const { resource, object } of start?.objects ?? []) {
    const subject = objectSubject(resource, object.metadata.namespace, object.metadata.name)
    held.set(subject, { subject, resource, object })
  }
  for (let entry = 0; entry < timeline.length && timeline.time(entry) <= at; entry += 1) {
    if (timeline.kind(entry) !== 'revision') continue
    const subject = timeline.subject(entry)
    const { resource, object } = timeline.data(entry) as Revision
    if (object === undefined) held.delete(subject)
    else held.set(subject, { subject, resource, object })
  }
  return [...held.values()].sort((a, b) => (a.subject < b.subject ? -1 : 1))
}

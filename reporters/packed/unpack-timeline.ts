import type { Json, KubeObject } from '../../api/object.ts'
import { objectSubject } from '../../api/object-key.ts'
import type { StateStart } from '../../runtime/record/state-start.ts'
import type { Timeline } from '../../runtime/record/timeline.ts'
import type { Revision } from '../../runtime/record/revision.ts'
import { entryKinds } from './entry-kinds.ts'
import { likelyBase } from './likely-base.ts'
import type { PackedRecord, PackedRevision } from './packed-record.ts'
import { applyPatch } from './patch.ts'

/** A packed timeline with its start, as the run had them. */
export const unpackTimeline = (
  packed: Pick<PackedRecord, 'resources' | 'start' | 'timeline'>,
): { readonly timeline: Timeline; readonly start: StateStart | undefined } => {
  const { resources, timeline: columns } = packed
  const objects = new Map<string, KubeObject>()
  let before: KubeObject | undefined
  const startObjects = (packed.start?.objects ?? []).map(([index, patch]) => {
    const resource = resources[index]!
    const object = applyPatch(before, patch) as unknown as KubeObject
    before = object
    objects.set(objectSubject(resource, object.metadata.namespace, object.metadata.name), object)
    return { resource, object }
  })
  const start = packed.start === null ? undefined : { revision: packed.start.revision, objects: startObjects }

  const length = columns.time.length
  const times = new Float64Array(length)
  const data: unknown[] = []
  const bySubject: number[][] = columns.subjects.map(() => [])
  const latest = new Map<string, Json>()
  let now = 0
  let revision = start?.revision ?? 0

  const unpackRevision = (name: string, [since, index, patch, like]: PackedRevision): Revision => {
    revision += since
    const known = objects.get(name)
    const resource = resources[index]!
    if (patch === undefined) {
      objects.delete(name)
      return { revision, resource, object: undefined, before: known }
    }
    const base = like === undefined ? known : like < 0 ? undefined : (data[like] as Revision).object
    const object = applyPatch(likelyBase(base, { subject: name, resource, revision }), patch) as unknown as KubeObject
    objects.set(name, object)
    return { revision, resource, object, before: known }
  }

  for (let entry = 0; entry < length; entry += 1) {
    now += columns.time[entry]!
    times[entry] = now
    bySubject[columns.subject[entry]!]!.push(entry)
    const packedData = columns.data[entry]!
    if (entryKinds[columns.kind[entry]!] === 'revision')
      data.push(unpackRevision(columns.subjects[columns.subject[entry]!]!, packedData as PackedRevision))
    else if (packedData === null) data.push(undefined)
    else {
      const series = `${columns.kind[entry]!} ${columns.action[entry]!}`
      const value = applyPatch(latest.get(series), packedData)
      latest.set(series, value)
      data.push(value)
    }
  }
  const subjectIndexes = new Map(columns.subjects.map((name, index) => [name, index]))
  return {
    start,
    timeline: {
      length,
      time: (entry) => times[entry]!,
      kind: (entry) => entryKinds[columns.kind[entry]!]!,
      actor: (entry) => columns.actors[columns.actor[entry]!]!,
      action: (entry) => columns.actions[columns.action[entry]!]!,
      subject: (entry) => columns.subjects[columns.subject[entry]!]!,
      data: (entry) => data[entry],
      cause: (entry) => (columns.cause[entry] === 0 ? -1 : entry - columns.cause[entry]!),
      about: (subject) => bySubject[subjectIndexes.get(subject) ?? -1] ?? [],
    },
  }
}

import type { Json, KubeObject } from '../../api/object.ts'
import { objectSubject } from '../../api/object-key.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import { createInterner } from '../../runtime/record/interner.ts'
import type { Record } from '../../runtime/record/record.ts'
import type { Revision } from '../../runtime/record/revision.ts'
import { entryKinds } from './entry-kinds.ts'
import { likelyBase } from './likely-base.ts'
import type { PackedObject, PackedRecord, PackedRevision } from './packed-record.ts'
import { patchOf } from './patch.ts'

/** Objects that are likely to look alike: of one owner, or of one kind (events: for one reason). */
const family = (resource: number, object: KubeObject): string => {
  const owner = object.metadata.ownerReferences?.[0]?.uid ?? ''
  const { reason } = object as { readonly reason?: unknown }
  return `${resource}/${owner}/${typeof reason === 'string' ? reason : ''}`
}

const packChoices = (choices: Record['choices']): PackedRecord['choices'] => {
  const labels = createInterner()
  const names: string[] = []
  const draws = choices.flatMap(({ label, n, value }) => {
    const index = labels.index(label)
    names[index] = label
    return [index, n, value]
  })
  return { labels: names, draws }
}

const columns = (): { readonly texts: string[]; index(text: string): number } => {
  const interner = createInterner()
  const texts: string[] = []
  return {
    texts,
    index(text) {
      const index = interner.index(text)
      texts[index] = text
      return index
    },
  }
}

/** A record as JSON, small: names are told once, and objects and data by what changed in them. */
export const packRecord = (record: Record): PackedRecord => {
  const { timeline, start, note, choices, ...plain } = record
  const resources: Resource[] = []
  const resourceIndexes = new Map<Resource, number>()
  const resourceIndex = (resource: Resource): number => {
    let index = resourceIndexes.get(resource)
    if (index === undefined) {
      index = resources.length
      resourceIndexes.set(resource, index)
      // What a definition says of a custom resource is functions, not data.
      const { custom: _custom, ...told } = resource
      resources.push(told)
    }
    return index
  }
  const objects = new Map<string, KubeObject>()
  const startObjects: PackedObject[] = []
  let before: KubeObject | undefined
  for (const { resource, object } of start?.objects ?? []) {
    startObjects.push([resourceIndex(resource), patchOf(before, object)])
    before = object
    objects.set(objectSubject(resource, object.metadata.namespace, object.metadata.name), object)
  }

  const actors = columns()
  const actions = columns()
  const subjects = columns()
  const time: number[] = []
  const kind: number[] = []
  const actor: number[] = []
  const action: number[] = []
  const subject: number[] = []
  const cause: number[] = []
  const data: (Json | PackedRevision)[] = []
  const latest = new Map<string, unknown>()
  const families = new Map<string, number>()
  let now = 0
  let revision = start?.revision ?? 0

  const packRevision = (entry: number, name: string): PackedRevision => {
    const change = timeline.data(entry) as Revision
    const since = change.revision - revision
    revision = change.revision
    const index = resourceIndex(change.resource)
    const known = objects.get(name)
    const { object } = change
    if (object === undefined) {
      objects.delete(name)
      return [since, index]
    }
    objects.set(name, object)
    const place = { subject: name, resource: change.resource, revision }
    if (known !== undefined) return [since, index, patchOf(likelyBase(known, place), object)]
    const alike = family(index, object)
    const like = families.get(alike) ?? -1
    families.set(alike, entry)
    const similar = like < 0 ? undefined : (timeline.data(like) as Revision).object
    return [since, index, patchOf(likelyBase(similar, place), object), like]
  }

  for (let entry = 0; entry < timeline.length; entry += 1) {
    const at = timeline.time(entry)
    const name = timeline.subject(entry)
    const what = timeline.kind(entry)
    const from = timeline.cause(entry)
    time.push(at - now)
    now = at
    kind.push(entryKinds.indexOf(what))
    actor.push(actors.index(timeline.actor(entry)))
    action.push(actions.index(timeline.action(entry)))
    subject.push(subjects.index(name))
    cause.push(from < 0 ? 0 : entry - from)
    if (what === 'revision') data.push(packRevision(entry, name))
    else {
      const value = timeline.data(entry)
      const series = `${what} ${timeline.action(entry)}`
      data.push(value === undefined ? null : patchOf(latest.get(series), value))
      if (value !== undefined) latest.set(series, value)
    }
  }
  return {
    ...plain,
    // The hash is derived when somebody asks, and a spread may not see it.
    hash: record.hash,
    note: note ?? null,
    choices: packChoices(choices),
    resources,
    start: start === undefined ? null : { revision: start.revision, objects: startObjects },
    timeline: {
      actors: actors.texts,
      actions: actions.texts,
      subjects: subjects.texts,
      time,
      kind,
      actor,
      action,
      subject,
      cause,
      data,
    },
  }
}

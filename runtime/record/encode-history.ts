import { builtinScheme } from '../../api/scheme/builtin-scheme.ts'
import type { Json } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import { editsBetween } from './edits.ts'
import { historyVersion, type EntryDocument, type HistoryDocument, type RevisionDocument } from './history-document.ts'
import { createInterner } from './interner.ts'
import type { Record } from './record.ts'
import type { Revision } from './revision.ts'

const toldResource = (resource: Resource): string | Omit<Resource, 'custom'> => {
  if (builtinScheme().byKind(resource.id) === resource) return resource.id
  const { custom: _, ...plain } = resource
  return plain
}

/** A run's history as JSON. The versions of objects share what did not change, so this is linear in what did. */
export const encodeHistory = ({
  timeline,
  start,
  clock,
}: Pick<Record, 'timeline' | 'start' | 'clock'>): HistoryDocument => {
  const held = start?.objects ?? []
  const texts = createInterner()
  const names: string[] = []
  const textIndex = (text: string): number => {
    const index = texts.index(text)
    names[index] = text
    return index
  }
  const resources: Resource[] = []
  const places = new Map<Resource, number>()
  const resourceIndex = (resource: Resource): number => {
    let place = places.get(resource)
    if (place === undefined) {
      place = resources.length
      resources.push(resource)
      places.set(resource, place)
    }
    return place
  }
  /** Objects that the reader knows: before an edit of anything else, it is told in full. */
  const known = new Set<object>(held.map(({ object }) => object))
  const revisionOf = ({ revision, resource, object, before }: Revision): RevisionDocument => {
    const place = resourceIndex(resource)
    if (object === undefined) return [revision, place, 'gone']
    known.add(object)
    if (before === undefined || !known.has(before)) return [revision, place, 'object', object]
    const edits = editsBetween(before as unknown as Json, object as unknown as Json)
    known.delete(before)
    return [revision, place, 'edits', edits]
  }
  const began = held.map(({ resource, object }) => [resourceIndex(resource), object] as const)
  const entries: EntryDocument[] = []
  for (let entry = 0; entry < timeline.length; entry += 1) {
    const kind = timeline.kind(entry)
    const own = timeline.data(entry)
    const head = [
      timeline.time(entry),
      kind,
      textIndex(timeline.actor(entry)),
      textIndex(timeline.action(entry)),
      textIndex(timeline.subject(entry)),
      timeline.cause(entry),
    ] as const
    if (kind === 'revision') entries.push([...head, revisionOf(own as Revision)])
    else entries.push(own === undefined ? head : [...head, own as Json])
  }
  return {
    version: historyVersion,
    clockMicros: clock,
    resources: resources.map(toldResource),
    startRevision: start?.revision ?? 0,
    start: began,
    texts: names,
    entries,
  }
}

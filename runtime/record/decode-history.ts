import { builtinScheme } from '../../api/scheme/builtin-scheme.ts'
import { deepFreeze } from '../../api/json/deep-freeze.ts'
import type { Json, KubeObject } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import { applyEdits } from './edits.ts'
import { historyVersion, type EntryDocument, type HistoryDocument, type RevisionDocument } from './history-document.ts'
import type { Record } from './record.ts'
import type { Revision } from './revision.ts'
import type { Timeline } from './timeline.ts'

/** What a run's history was before it was written. */
export type History = Required<Pick<Record, 'timeline' | 'start' | 'clock'>>

type Fields = { readonly [field: string]: unknown }
const isMap = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A document from elsewhere: the message says what is wrong with it. */
export type Decoded = { readonly history: History } | { readonly wrong: string }

const refusal = (value: unknown): string | undefined => {
  if (!isMap(value)) return 'it holds no history'
  if (value['version'] !== historyVersion)
    return `its history is of version ${JSON.stringify(value['version'] ?? null)}, and this kscn reads version ${historyVersion}`
  for (const field of ['resources', 'start', 'texts', 'entries'])
    if (!Array.isArray(value[field])) return `its history has no list of ${field}`
  const { entries, texts, resources } = value as unknown as HistoryDocument
  const broken = entries.findIndex(
    (entry, index) => !isEntry(entry, index, { texts: texts.length, resources: resources.length }),
  )
  return broken < 0 ? undefined : `entry ${broken} of its history is broken`
}

const isPlace = (value: unknown, length: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < length

const isEntry = (
  entry: unknown,
  index: number,
  sizes: { readonly texts: number; readonly resources: number },
): boolean => {
  if (!Array.isArray(entry)) return false
  const [at, kind, actor, action, subject, cause, data] = entry as unknown as EntryDocument
  if (!Number.isInteger(at) || typeof kind !== 'string' || !Number.isInteger(cause) || cause >= index) return false
  if (![actor, action, subject].every((one) => isPlace(one, sizes.texts))) return false
  if (kind !== 'revision') return true
  return Array.isArray(data) && isPlace((data as readonly unknown[])[1], sizes.resources)
}

/** The timeline of a document that was read. Versions of objects share what did not change, as they did in the run. */
export const decodeHistory = (value: unknown): Decoded => {
  const wrong = refusal(value)
  if (wrong !== undefined) return { wrong }
  const document = value as HistoryDocument
  const { texts, entries } = document
  const scheme = builtinScheme()
  const resources = document.resources.map((one): Resource | undefined =>
    typeof one === 'string' ? scheme.byKind(one as never) : (one as Resource),
  )
  const unknown = document.resources.find((_, index) => resources[index] === undefined)
  if (unknown !== undefined)
    return { wrong: `its history names ${JSON.stringify(unknown)}, which this kscn does not know` }
  const now = new Map<string, KubeObject>()
  const keyOf = (place: number, object: KubeObject): string =>
    `${place} ${object.metadata.namespace ?? ''} ${object.metadata.name}`
  const bySubject = new Map<number, KubeObject>()
  const start = document.start.map(([place, object]) => {
    deepFreeze(object)
    now.set(keyOf(place, object), object)
    return { resource: resources[place]!, object }
  })
  const about = new Map<number, number[]>()
  const data: unknown[] = []
  for (const [index, entry] of entries.entries()) {
    const [, kind, , , subject] = entry
    const own = about.get(subject)
    if (own === undefined) about.set(subject, [index])
    else own.push(index)
    if (kind !== 'revision') {
      data.push(deepFreeze(entry[6] as Json | undefined))
      continue
    }
    const told = entry[6] as unknown as RevisionDocument
    const [revision, place, how, what] = told
    const before = bySubject.get(subject) ?? startOf(texts[subject]!, place, now)
    let object: KubeObject | undefined
    if (how === 'object') object = what
    else if (how === 'edits') {
      if (before === undefined) return { wrong: `entry ${index} of its history edits what is not there` }
      object = applyEdits(before as unknown as Json, what) as unknown as KubeObject
    }
    if (object === undefined) bySubject.delete(subject)
    else bySubject.set(subject, deepFreeze(object))
    if (object === undefined && before === undefined)
      return { wrong: `entry ${index} of its history takes away what is not there` }
    const change: Revision = { revision, resource: resources[place]!, object, before }
    data.push(change)
    if (before !== undefined) now.delete(keyOf(place, before))
  }
  const subjects = new Map(texts.map((text, index) => [text, index]))
  const timeline: Timeline = {
    length: entries.length,
    time: (entry) => entries[entry]![0],
    kind: (entry) => entries[entry]![1],
    actor: (entry) => texts[entries[entry]![2]]!,
    action: (entry) => texts[entries[entry]![3]]!,
    subject: (entry) => texts[entries[entry]![4]]!,
    data: (entry) => data[entry],
    cause: (entry) => entries[entry]![5],
    about: (subject) => about.get(subjects.get(subject) ?? -1) ?? [],
  }
  return {
    history: { timeline, start: { revision: document.startRevision, objects: start }, clock: document.clockMicros },
  }
}

/** The object of a subject that stood there before the first entry. */
const startOf = (subject: string, place: number, now: ReadonlyMap<string, KubeObject>): KubeObject | undefined => {
  const [, ...rest] = subject.split('/')
  return rest.length === 1
    ? now.get(`${place}  ${rest[0]!}`)
    : now.get(`${place} ${rest[0]!} ${rest.slice(1).join('/')}`)
}

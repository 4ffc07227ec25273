import type { KubeObject } from '../../api/object.ts'
import { objectSubject } from '../../api/object-key.ts'
import type { Revision } from '../../runtime/record/revision.ts'
import type { StateStart } from '../../runtime/record/state-start.ts'
import type { Timeline } from '../../runtime/record/timeline.ts'

/** One revision of an object. Entry -1 is what was there before the run. */
export interface Version {
  readonly entry: number
  readonly time: number
  readonly revision: number
  readonly object: KubeObject | undefined
}

/** Every object of a run with its revisions, in order. */
export interface Histories {
  /** Subjects in order of their text. */
  readonly subjects: readonly string[]
  /** Subjects by resource name, such as `pods`. */
  of(resource: string): readonly string[]
  versions(subject: string): readonly Version[]
  /** The last revision that was there when `entries` entries had happened. */
  before(subject: string, entries: number): Version | undefined
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export const createHistories = (timeline: Timeline, start: StateStart | undefined): Histories => {
  const versions = new Map<string, Version[]>()
  const earliest = timeline.length === 0 ? 0 : timeline.time(0)
  for (const { resource, object } of start?.objects ?? []) {
    const subject = objectSubject(resource, object.metadata.namespace, object.metadata.name)
    versions.set(subject, [{ entry: -1, time: earliest, revision: start?.revision ?? 0, object }])
  }
  for (let entry = 0; entry < timeline.length; entry += 1) {
    if (timeline.kind(entry) !== 'revision') continue
    const { object, revision } = timeline.data(entry) as Revision
    const subject = timeline.subject(entry)
    const version = { entry, time: timeline.time(entry), revision, object }
    const known = versions.get(subject)
    if (known === undefined) versions.set(subject, [version])
    else known.push(version)
  }
  const subjects = [...versions.keys()].sort(byText)
  const byResource = new Map<string, string[]>()
  for (const subject of subjects) {
    const resource = subject.slice(0, subject.indexOf('/'))
    const known = byResource.get(resource)
    if (known === undefined) byResource.set(resource, [subject])
    else known.push(subject)
  }
  return {
    subjects,
    of: (resource) => byResource.get(resource) ?? [],
    versions: (subject) => versions.get(subject) ?? [],
    before(subject, entries) {
      const list = versions.get(subject)
      if (list === undefined) return undefined
      let low = 0
      let high = list.length
      while (low < high) {
        const middle = (low + high) >> 1
        if (list[middle]!.entry < entries) low = middle + 1
        else high = middle
      }
      return list[low - 1]
    },
  }
}

import type { Json, KubeObject } from '../../api/object.ts'
import type { Revision } from '../record/revision.ts'
import type { World } from './moment.ts'
import { subjectKey, type ObjectSubject } from './subject.ts'
import { durationText } from './text-of.ts'

/** What no two runs agree about, or what says nothing. */
const dropped: ReadonlySet<string> = new Set(['uid', 'resourceVersion', 'managedFields'])

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/

interface Born {
  readonly subject: ObjectSubject
  /** Entry of the timeline at which it was made; -1 before the first. */
  readonly entry: number
}

const bornAt = (subject: ObjectSubject, world: World): number =>
  world.timeline.about(subjectKey(subject)).find((entry) => {
    if (world.timeline.kind(entry) !== 'revision') return false
    const { before, object } = world.timeline.data(entry) as Revision
    return before === undefined && object?.metadata.uid === subject.uid
  }) ?? -1

/**
 * Generated parts of names, by what they are replaced with: the hash of a pod template is `<rs1>`, `<rs2>`, … and a random
 * suffix `<1>`, `<2>`, … in the order in which the objects were made.
 */
const generatedNames = (subjects: readonly ObjectSubject[], world: World): readonly (readonly [string, string])[] => {
  const born: Born[] = subjects
    .map((subject) => ({ subject, entry: bornAt(subject, world) }))
    .sort((a, b) => a.entry - b.entry || (subjectKey(a.subject) < subjectKey(b.subject) ? -1 : 1))
  const hashes = new Map<string, string>()
  for (const { subject } of born) {
    const hash = subject.object.metadata.labels?.['pod-template-hash']
    if (hash !== undefined && hash !== '' && !hashes.has(hash)) hashes.set(hash, `<rs${hashes.size + 1}>`)
  }
  const names = new Map<string, string>()
  const counts = new Map<string, number>()
  for (const { subject } of born) {
    const { name, generateName } = subject.object.metadata as { readonly name: string; readonly generateName?: string }
    if (generateName === undefined || !name.startsWith(generateName) || name === generateName) continue
    const count = (counts.get(generateName) ?? 0) + 1
    counts.set(generateName, count)
    names.set(name, `${generateName}<${count}>`)
  }
  // Longest first: the name of a pod holds the hash of its template.
  const longest = (a: readonly [string, string], b: readonly [string, string]): number => b[0].length - a[0].length
  return [...[...names].sort(longest), ...[...hashes].sort(longest)]
}

const normalText = (text: string, names: readonly (readonly [string, string])[], epoch: number): string => {
  if (rfc3339.test(text)) return `t+${durationText(Math.max(0, Date.parse(text) * 1000 - epoch))}`
  let out = text
  for (const [name, replacement] of names) out = out.replaceAll(name, replacement)
  return out
}

const normal = (value: Json, names: readonly (readonly [string, string])[], epoch: number): Json => {
  if (typeof value === 'string') return normalText(value, names, epoch)
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => normal(item, names, epoch))
  if (value === null || typeof value !== 'object') return value
  const fields = value as Readonly<Record<string, Json>>
  const out: Record<string, Json> = {}
  for (const name of Object.keys(fields).sort()) {
    if (dropped.has(name)) continue
    const key = normalText(name, names, epoch)
    Object.defineProperty(out, key, {
      value: normal(fields[name]!, names, epoch),
      enumerable: true,
      writable: true,
      configurable: true,
    })
  }
  return out
}

/** Objects as a snapshot keeps them (language reference 3.13), sorted by kind, namespace and name. */
export const snapshotOf = (subjects: readonly ObjectSubject[], world: World): readonly KubeObject[] => {
  const names = generatedNames(subjects, world)
  const textOf = (one: KubeObject): string =>
    [one.apiVersion, one.kind, one.metadata.namespace ?? '', one.metadata.name].join('\n')
  return subjects
    .map((one) => normal(one.object as unknown as Json, names, world.epoch) as unknown as KubeObject)
    .sort((a, b) => (textOf(a) < textOf(b) ? -1 : textOf(a) > textOf(b) ? 1 : 0))
}

import { diffClusters, type ClusterObject, type ObjectDifference } from '../../api/diff/diff-clusters.ts'
import { pairObjects } from '../../api/diff/pair-objects.ts'
import { renameValues } from '../../api/diff/rename-values.ts'
import { structuralEqual } from '../../api/json/structural-equal.ts'
import type { Json, KubeObject } from '../../api/object.ts'
import { objectsAt } from '../../runtime/record/objects-at.ts'
import type { Record } from '../../runtime/record/record.ts'
import type { Revision } from '../../runtime/record/revision.ts'
import { transitionsOf, wantedOf, type Transition } from './transitions.ts'

/** How an object got on in two runs, where that was not the same. */
export interface LifeDifference {
  readonly subject: string
  readonly before: readonly Transition[]
  readonly after: readonly Transition[]
}

/** Two runs side by side. */
export interface RunsDifference {
  /** The first transition that only one of them had, of each side; undefined: none, or no more. */
  readonly divergence: { readonly before: Transition | undefined; readonly after: Transition | undefined } | undefined
  readonly lives: readonly LifeDifference[]
  /** Sentences that held in one only. */
  readonly sentences: readonly { readonly text: string; readonly before: boolean; readonly after: boolean }[]
  readonly net: readonly ObjectDifference[]
  readonly counts: readonly [before: number, after: number]
}

const unspoken = /^(events(\.events\.k8s\.io)?|leases\.coordination\.k8s\.io)\//

const clusterObject = (subject: string, object: KubeObject, type: string | undefined): ClusterObject => ({
  key: subject,
  subject,
  object,
  type,
  normal: () => object,
})

/** All objects that a run ever had, as they were last. */
const everHeld = ({ timeline }: Record): readonly ClusterObject[] => {
  const held = new Map<string, ClusterObject>()
  for (let entry = 0; entry < timeline.length; entry += 1) {
    if (timeline.kind(entry) !== 'revision' || unspoken.test(timeline.subject(entry))) continue
    const { object, before, resource } = timeline.data(entry) as Revision
    const subject = timeline.subject(entry)
    held.set(subject, clusterObject(subject, (object ?? before)!, resource.type))
  }
  return [...held.values()]
}

const heldAtEnd = (record: Record): readonly ClusterObject[] =>
  objectsAt(record, record.duration)
    .filter(({ subject }) => !unspoken.test(subject))
    .map(({ subject, resource, object }) => clusterObject(subject, object, resource.type))

const bySubject = (transitions: readonly Transition[]): ReadonlyMap<string, readonly Transition[]> => {
  const lives = new Map<string, Transition[]>()
  for (const one of transitions) {
    const known = lives.get(one.subject)
    if (known === undefined) lives.set(one.subject, [one])
    else known.push(one)
  }
  return lives
}

const same = (a: Transition | undefined, b: Transition | undefined): boolean =>
  a !== undefined && b !== undefined && a.at === b.at && a.subject === b.subject && a.status === b.status

/** In a lane only its words are seen. */
const worded = (life: readonly Transition[]): readonly Transition[] =>
  life.filter((one, index) => one.status !== life[index - 1]?.status)

const livesOf = (before: readonly Transition[], after: readonly Transition[]): readonly LifeDifference[] => {
  const [old, fresh] = [bySubject(before), bySubject(after)]
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .map((subject) => ({ subject, before: worded(old.get(subject) ?? []), after: worded(fresh.get(subject) ?? []) }))
    .filter(({ before: a, after: b }) => a.length !== b.length || a.some((one, index) => !same(one, b[index])))
    .sort((a, b) => {
      const [left, right] = [a, b].map((one) => Math.min(...[...one.before, ...one.after].map(({ at }) => at)))
      return left! - right! || (a.subject < b.subject ? -1 : 1)
    })
}

/** Where two runs part, what went otherwise, and what is left of it at their ends. Generated names are set side by side by age. */
export const compareRuns = (before: Record, after: Record): RunsDifference => {
  const { renamed } = pairObjects(everHeld(before), everHeld(after), false)
  const left = transitionsOf(before.timeline, (subject) => subject)
  const right = transitionsOf(after.timeline, (subject) => renameValues(subject, renamed) as string)
  let parted = 0
  const alike = (a: Transition | undefined, b: Transition | undefined): boolean =>
    same(a, b) &&
    structuralEqual(wantedOf(a?.object), renameValues((wantedOf(b?.object) ?? null) as Json, renamed) ?? undefined)
  while (parted < left.length && alike(left[parted], right[parted])) parted += 1
  const diverged = parted < left.length || parted < right.length
  const held = new Map(before.sentences.map((one) => [one.text, one.held]))
  const [first, second] = [heldAtEnd(before), heldAtEnd(after)]
  return {
    divergence: diverged ? { before: left[parted], after: right[parted] } : undefined,
    lives: livesOf(left, right),
    sentences: after.sentences.flatMap(({ text, held: own }) => {
      const was = held.get(text)
      return was === undefined || was === own ? [] : [{ text, before: was, after: own }]
    }),
    net: diffClusters(first, second, false),
    counts: [first.length, second.length],
  }
}

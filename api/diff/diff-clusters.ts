import { structuralEqual } from '../json/structural-equal.ts'
import type { Json, KubeObject } from '../object.ts'
import { changeGroup, type ChangeGroup } from './change-group.ts'
import { diffValues, type FieldChange } from './diff-values.ts'
import { pairObjects, type Keyed } from './pair-objects.ts'
import { renameValues } from './rename-values.ts'

/** An object of one of two clusters that are compared. */
export interface ClusterObject extends Keyed {
  /** As the timeline names it. */
  readonly subject: string
  /** Name of its schema, undefined where there is none. */
  readonly type: string | undefined
  /** As the server would have it: decoded, and with its defaults. */
  readonly normal: () => KubeObject
}

export type GroupedChange = FieldChange & { readonly group: ChangeGroup }

export type ObjectDifference = {
  readonly subject: string
  readonly object: KubeObject
} & (
  | { readonly kind: 'added' | 'removed' }
  | {
      readonly kind: 'changed'
      /** Of the same name, and another object. */
      readonly recreated: boolean
      readonly changes: readonly GroupedChange[]
    }
)

/** What no server has seen yet: a manifest. */
const isManifest = ({ metadata }: KubeObject): boolean =>
  metadata.uid === undefined && metadata.creationTimestamp === undefined

const asJson = (object: KubeObject): Json => object as unknown as Json

/**
 * Where two clusters differ: objects that only one has, and the fields in which the others are not the same. Of a manifest and
 * an object of a cluster the fields that the manifest leaves open are the cluster's own. `same`: whether both are states of one
 * cluster, where that is known.
 */
export const diffClusters = (
  before: readonly ClusterObject[],
  after: readonly ClusterObject[],
  same?: boolean,
): readonly ObjectDifference[] => {
  const { pairs, removed, added, renamed } = pairObjects(before, after, same)
  const changed = pairs.flatMap(([a, b]): ObjectDifference[] => {
    // Most objects of two dumps are the same to the letter.
    if (renamed.size === 0 && structuralEqual(a.object, b.object)) return []
    const [left, right] = [isManifest(a.object), isManifest(b.object)]
    const group = (change: FieldChange): ChangeGroup =>
      left !== right && (left ? change.before : change.after) === undefined ? 'kept' : changeGroup(change)
    const type = a.type ?? b.type
    const field = type === undefined ? undefined : { ref: type }
    const asWritten = diffValues(asJson(a.object), renameValues(asJson(b.object), renamed), field)
    // What was written alike is alike with its defaults too: only the rest has to be brought into one form.
    const found = asWritten.every((change) => changeGroup(change) === 'kept')
      ? asWritten
      : diffValues(asJson(a.normal()), renameValues(asJson(b.normal()), renamed), field)
    const changes = found.map((change) => ({ ...change, group: group(change) }))
    if (changes.length === 0) return []
    const [uid, other] = [a.object.metadata.uid, b.object.metadata.uid]
    const recreated = uid !== undefined && other !== undefined && (renamed.get(other) ?? other) !== uid
    return [{ kind: 'changed', subject: a.subject, object: b.object, recreated, changes }]
  })
  const whole = (kind: 'added' | 'removed', objects: readonly ClusterObject[]): readonly ObjectDifference[] =>
    objects.map(({ subject, object }) => ({ kind, subject, object }))
  return [...changed, ...whole('added', added), ...whole('removed', removed)].sort((a, b) =>
    a.subject === b.subject ? (a.kind < b.kind ? -1 : 1) : a.subject < b.subject ? -1 : 1,
  )
}

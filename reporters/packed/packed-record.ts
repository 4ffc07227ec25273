import type { Json } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { Record } from '../../runtime/record/record.ts'

/** A record as JSON: `unpackRecord` gives it back. */
export interface PackedRecord extends Omit<Record, 'timeline' | 'start' | 'note' | 'choices'> {
  readonly note: string | null
  /** Labels, and for each draw the index of its label, n and value. */
  readonly choices: { readonly labels: readonly string[]; readonly draws: readonly number[] }
  readonly resources: readonly Resource[]
  readonly start: { readonly revision: number; readonly objects: readonly PackedObject[] } | null
  readonly timeline: PackedTimeline
}

/** Index of the resource, and the object as a patch of the one before it. */
export type PackedObject = readonly [resource: number, patch: Json]

/** Columns. Instants are told as the time since the entry before, causes as the distance back to them, 0 for none. */
export interface PackedTimeline {
  readonly actors: readonly string[]
  readonly actions: readonly string[]
  readonly subjects: readonly string[]
  readonly time: readonly number[]
  readonly kind: readonly number[]
  readonly actor: readonly number[]
  readonly action: readonly number[]
  readonly subject: readonly number[]
  readonly cause: readonly number[]
  /**
   * Of a revision: revisions since the one before, index of the resource, patch of the object's likely base (absent where it was deleted), and
   * for a new object the entry of a similar one that the patch begins with (-1: with nothing). Of any other entry: a patch of the
   * data that an entry of this kind and action had last, or null where it has none.
   */
  readonly data: readonly (Json | PackedRevision)[]
}

export type PackedRevision =
  | readonly [since: number, resource: number]
  | readonly [since: number, resource: number, patch: Json]
  | readonly [since: number, resource: number, patch: Json, like: number]

import type { Json, KubeObject } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { EntryKind } from '../kernel/trace.ts'

/**
 * A run's timeline and what stood before it as plain JSON, from which the cluster can be had at any instant. Texts and resources
 * are told once and named by their places; a version of an object is told by what differs from the one before.
 */
export interface HistoryDocument {
  readonly version: 1
  /** Wall clock at t=0, in microseconds since 1970. */
  readonly clockMicros: number
  /** Built-in ones by kind (`apps/v1/Deployment`), custom ones in full. */
  readonly resources: readonly (string | Omit<Resource, 'custom'>)[]
  /** What etcd held before the first entry, and its revision then. */
  readonly startRevision: number
  readonly start: readonly (readonly [resource: number, object: KubeObject])[]
  /** Names of actors, actions and subjects. */
  readonly texts: readonly string[]
  readonly entries: readonly EntryDocument[]
}

/** Instant in microseconds, kind, actor, action, subject, the entry that caused it or -1, and data where it has some. */
export type EntryDocument = readonly [
  at: number,
  kind: EntryKind,
  actor: number,
  action: number,
  subject: number,
  cause: number,
  data?: Json | RevisionDocument,
]

/** Revision of etcd, resource, and the object: in full, by its edits to the version before, or gone. */
export type RevisionDocument =
  | readonly [revision: number, resource: number, how: 'object', object: KubeObject]
  | readonly [revision: number, resource: number, how: 'edits', edits: readonly Edit[]]
  | readonly [revision: number, resource: number, how: 'gone']

/** A path of keys and indexes, and the value that is put there; without one, the key is taken away. */
export type Edit = readonly [path: readonly (string | number)[], value?: Json]

/** Of the version of `HistoryDocument`. */
export const historyVersion = 1

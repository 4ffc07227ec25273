import type { Micros } from '../kernel/micros.ts'
import type { EntryKind } from '../kernel/trace.ts'

/** What happened in a run, entry by entry, in order. Columns: an entry is its index. */
export interface Timeline {
  readonly length: number
  time(entry: number): Micros
  kind(entry: number): EntryKind
  /** Name of the actor. */
  actor(entry: number): string
  action(entry: number): string
  subject(entry: number): string
  data(entry: number): unknown
  /** The entry that caused it, or -1. */
  cause(entry: number): number
  /** Entries about a subject, in order. An index, not a scan. */
  about(subject: string): readonly number[]
}

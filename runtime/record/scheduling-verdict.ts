/** Data of a `verdict` entry: what one scheduling attempt came to. */
export interface SchedulingVerdict {
  readonly outcome: 'placed' | 'failed' | 'skipped'
  readonly node: string | undefined
  readonly message: string | undefined
  /** Which attempt for this pod it was, from 1. */
  readonly attempt: number
  readonly woken: WokenBy | undefined
  /** Nodes there were, were looked at and could take the pod. */
  readonly known: number
  readonly evaluated: number
  readonly feasible: number
  /** Of the feasible nodes, best first; in a large cluster only the one that was taken, unless somebody asks for all. */
  readonly scores: readonly ScoredNode[]
  readonly refusals: readonly Refusals[]
  readonly nominated: string | undefined
  readonly victims: readonly string[]
}

/** The event that made another attempt worth its while, and whose hint said so. */
export interface WokenBy {
  readonly event: string
  /** As a timeline subject. */
  readonly subject: string | undefined
  readonly plugin: string
}

export interface ScoredNode {
  readonly node: string
  readonly total: number
  /** plugin → raw, normalised, weighted */
  readonly plugins: Readonly<Record<string, readonly [number, number, number]>>
}

/** Nodes that were refused by the same plugin for the same reasons. */
export interface Refusals {
  /** '' where nobody in particular said so. */
  readonly plugin: string
  readonly reasons: readonly string[]
  readonly count: number
  /** In the order in which they were looked at; in a large cluster only the first. */
  readonly nodes: readonly { readonly node: string; readonly change: string | undefined }[]
}

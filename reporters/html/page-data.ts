import type { Summary } from '../summary.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { PackedObject, PackedRecord } from '../packed/packed-record.ts'
import type { Verdict } from '../../runtime/record/record.ts'

/** What the page reads first: the block `report`. */
export interface PageIndex {
  readonly schemaVersion: 1
  readonly kscn: string
  readonly interrupted: boolean
  readonly elapsedMs: number | null
  readonly summary: Summary
  readonly scenarios: readonly PageScenario[]
}

export interface PageScenario {
  readonly name: string
  readonly file: string
  readonly line: number
  readonly tags: readonly string[]
  readonly verdict: Verdict
  readonly note: string | null
  readonly duration: number
}

/** What the page reads when a scenario is opened: the block `scenario-N`. */
export interface PageRun extends Omit<PackedRecord, 'choices' | 'findings' | 'sentences' | 'resources' | 'start'> {
  /** Places in the pool. */
  readonly resources: readonly number[]
  readonly start: { readonly revision: number; readonly objects: readonly number[] } | null
  readonly replay: string
  readonly findings: readonly PageFinding[]
  readonly sentences: readonly PageSentence[]
}

/** The block `pool`: what many runs have in common, told once. */
export interface PagePool {
  readonly resources: readonly Resource[]
  readonly objects: readonly PackedObject[]
}

export interface PageFinding {
  readonly severity: string
  readonly code: string
  readonly message: string
  readonly at: number
  /** The whole explanation, as the terminal shows it. */
  readonly text: string
  /** Timeline subjects that it is about. */
  readonly subjects: readonly string[]
}

export interface PageSentence {
  readonly text: string
  readonly line: number
  readonly began: number
  readonly ended: number
  readonly deadline: number | null
  readonly held: boolean
}

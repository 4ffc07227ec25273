import type { Json } from '../../api/object.ts'
import type { Span } from '../../dsl/source/span.ts'
import type { Micros } from '../kernel/micros.ts'
import type { LastWrite } from './complaint.ts'

/** Something that the system under test did not do, or that the script could not do. Plain data; reporters word it. */
export interface Finding {
  /** F101 an expectation, F102 a monitor, F103 a step that should have been refused; E201 a step refused, E202 nothing matched, E203 a limit, E204 K201 …, F108 a controller under test did wrong; E206 a user's plugin or configuration did wrong; W301 vacuous. docs/diagnostics has a page for each. */
  readonly code: string
  readonly severity: 'fail' | 'error' | 'warning'
  readonly span: Span
  /** The sentence as written. */
  readonly sentence: string
  /** In a line: `deployment/web was not RolledOut within 5m`. */
  readonly message: string
  readonly began: Micros
  readonly at: Micros
  readonly deadline: Micros | undefined
  readonly comparisons: readonly Comparison[]
  /** Of `matches`: the pattern and the object, to be shown as a diff. */
  readonly difference: Difference | undefined
  /** How close it came: the best state seen, or when it was last true. */
  readonly nearMiss: string | undefined
  readonly lookAhead: LookAhead | undefined
  /** Subjects whose timeline explains it, most telling first. */
  readonly subjects: readonly string[]
  /** From the visible state back to what caused it, most visible first. */
  readonly why: readonly WhyLine[]
  readonly help: readonly string[]
  /** Of a controller that did wrong: what it wrote last, oldest first. */
  readonly lastWrites?: readonly LastWrite[]
}

export interface Comparison {
  readonly subject: string
  readonly expected: string
  readonly actual: string
  readonly rows: readonly { readonly what: string; readonly expected: string; readonly actual: string }[]
}

export interface Difference {
  readonly subject: string
  readonly expected: Json
  readonly actual: Json
  readonly rows: readonly { readonly path: string; readonly expected: string; readonly actual: string }[]
}

export interface LookAhead {
  readonly outcome: 'became-true' | 'settled-false' | 'still-false'
  readonly at: Micros
}

export interface WhyLine {
  readonly what: string
  readonly detail: string
  readonly entry: number | undefined
  readonly span: Span | undefined
  /** How many lines above it, one below the other, it is a cause of; its place in the list, unless given. */
  readonly depth?: number
}

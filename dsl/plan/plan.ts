import type { Micros } from './micros.ts'
import type { Span } from '../source/span.ts'
import type { BehaviorSpec } from './behavior-spec.ts'
import type { ClusterSpec } from './cluster-spec.ts'
import type { Expression } from './expression.ts'
import type { Block } from './operation.ts'
import type { PropertyPlan } from './property.ts'

/** What the compiler makes of the files: frozen data, all names resolved, all tables and macros expanded. Plain JSON. */
export interface Plan {
  readonly schemaVersion: 1
  readonly scenarios: readonly ScenarioPlan[]
}

/** One scenario, or one row of its table. */
export interface ScenarioPlan {
  /** The title as written. */
  readonly title: string
  /** `[failures=2 limit=3]` of a table row; '' without a table. */
  readonly row: string
  readonly span: Span
  readonly tags: readonly Tag[]
  readonly cluster: ClusterSpec
  readonly behaviors: readonly BehaviorSpec[]
  readonly limit: { readonly time: Micros; readonly events: number }
  /** From @seed; the command line's otherwise. */
  readonly seed: string | undefined
  /** Of a `property`: what is explored. */
  readonly property: PropertyPlan | undefined
  readonly body: Block
  /** Named predicates that the body upholds by name, and others that it may call. */
  readonly invariants: Readonly<Record<string, InvariantPlan>>
  /** TypeScript modules that the run loads, by the paths that `external` nodes name. Nothing but a run executes them. */
  readonly modules: readonly string[]
}

export interface InvariantPlan {
  readonly name: string
  readonly params: readonly string[]
  readonly predicate: Expression
}

export interface Tag {
  readonly name: string
  readonly args: readonly string[]
  readonly span: Span
}

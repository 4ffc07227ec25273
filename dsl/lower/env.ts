import type { Reporter } from '../diagnostics/report.ts'
import type { Kinds } from '../names/kinds.ts'
import type { Module } from '../names/module.ts'
import type { Scope } from '../names/scope.ts'
import type { InvariantPlan } from '../plan/plan.ts'
import type { SourceHost } from '../source/source-file.ts'
import type { DocumentSource } from '../yaml/document-source.ts'

/** Where a node is being lowered: what is shared by the compilation, by the scenario, and the names in sight. */
export interface Env {
  readonly reporter: Reporter
  readonly host: SourceHost
  readonly documents: DocumentSource
  readonly module: Module
  readonly kinds: Kinds
  readonly scope: Scope
  readonly scenario: ScenarioState
}

/** What gathers while a scenario is lowered. */
export interface ScenarioState {
  readonly invariants: Map<string, InvariantPlan>
  /** Steps that are being unrolled, to find recursion. */
  readonly calls: readonly string[]
  /** How many steps have been unrolled so far. */
  readonly unrolled: { count: number }
  readonly users: Set<string>
  /** Pools and nodes of its cluster; undefined where no cluster is in sight (an invariant's own check). */
  readonly nodes: ReadonlySet<string> | undefined
  readonly inBackground: boolean
  readonly inPlan: boolean
  /** Names that `forall … in plan` binds: `do` runs them. */
  readonly plans: Set<string>
  /** Paths of the TypeScript modules that the run needs. */
  readonly modules: Set<string>
}

export const withScope = (env: Env, scope: Scope): Env => ({ ...env, scope })

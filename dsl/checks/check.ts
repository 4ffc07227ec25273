import type { Reporter } from '../diagnostics/report.ts'
import type { Module } from '../names/module.ts'
import type { ScenarioPlan } from '../plan/plan.ts'
import type { Declaration, Scenario } from '../syntax/ast.ts'

/** A file as written, with what it declares. */
export interface FileSubject {
  readonly module: Module
  /** Another file of this compilation imports it: what it declares may be used there. */
  readonly imported: boolean
}

/** A scenario as written, and what became of it: a plan for each row of its tables. */
export interface ScenarioSubject {
  readonly module: Module
  readonly declaration: Declaration
  readonly scenario: Scenario
  readonly plans: readonly ScenarioPlan[]
}

/**
 * One kind of mistake that shows in a whole file or scenario; one file a check, one line in registry.ts. What shows in a single
 * word (a kind, a field, a type) is reported where that word is resolved, by functions of this room or of dsl/lower.
 */
export interface Check {
  /** Its file. */
  readonly name: string
  /** What it reports. */
  readonly codes: readonly string[]
  /** What it says stays true beside any other mistake. Others wait until the file has no error, or they would report consequences. */
  readonly always: boolean
  file?(subject: FileSubject, reporter: Reporter): void
  scenario?(subject: ScenarioSubject, reporter: Reporter): void
}

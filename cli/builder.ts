/** The package's door `kscn/builder`: scenarios in TypeScript, and how they read files. */
export { property, scenario } from '../dsl/builder/scenario.ts'
export { createSourceHost } from './source-host.ts'
export type { ScenarioBuilder } from '../dsl/builder/scenario.ts'
export type { Body, Statements } from '../dsl/builder/statements.ts'
export type { ExpectClauses, StepClauses } from '../dsl/builder/clauses.ts'
export type { Plan, ScenarioPlan } from '../dsl/plan/plan.ts'

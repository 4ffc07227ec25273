/** The package's door `kscn/builder`: scenarios in TypeScript, and how they read files. */
export { property, scenario } from '../dsl/builder/scenario.ts'
export { createSourceHost } from './source-host.ts'

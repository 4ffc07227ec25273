import { matchers } from '../integrations/vitest/matchers.ts'
import { holds, scenarioFailure } from '../integrations/vitest/scenario-failure.ts'
import { testModule } from '../integrations/vitest/test-module.ts'
import { compileFile, runPlan, runText } from './run-text.ts'

// The package's door `kscn/vitest`.
export { matchers, runText }
export type { Record } from '../runtime/record/record.ts'

/** Called by the modules that the plugin makes of .kscn files: runs one scenario of a file, and throws where it broke. */
export const runOne = (path: string, index: number): void => {
  const { scenarios, sources } = compileFile(path)
  const scenario = scenarios[index]
  if (scenario === undefined) throw new Error(`${path} has no scenario ${index + 1} any more`)
  const record = runPlan(scenario, sources)
  if (!holds(record)) throw scenarioFailure(record, sources, path)
}

/** The part of a vite plugin that this one is. */
export interface KscnPlugin {
  readonly name: string
  readonly enforce: 'pre'
  config(): { readonly test: { readonly include: string[]; readonly testTimeout: number } }
  transform(code: string, id: string): { readonly code: string; readonly map: null } | undefined
}

/** .kscn files are test files: one test a scenario, and failures stand where the sentence does. */
export const kscn = (): KscnPlugin => ({
  name: 'kscn',
  enforce: 'pre',
  // An exploration is many runs, and a scenario of 5,000 nodes is a long one.
  config: () => ({ test: { include: ['**/*.{test,spec}.?(c|m)[jt]s?(x)', '**/*.kscn'], testTimeout: 300_000 } }),
  transform(_code, id) {
    const path = id.split('?')[0]!
    if (!path.endsWith('.kscn')) return undefined
    const { scenarios, text } = compileFile(path)
    return { code: testModule(path, text, scenarios), map: null }
  },
})

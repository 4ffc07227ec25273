import { readFileSync } from 'node:fs'
import { structuralHash } from '../api/json/structural-hash.ts'
import { compile, type Compilation } from '../dsl/compile.ts'
import { renderDiagnostics } from '../dsl/diagnostics/render.ts'
import type { ScenarioPlan } from '../dsl/plan/plan.ts'
import { positionOf } from '../reporters/position.ts'
import { createCluster } from './create-cluster.ts'
import { explore } from '../runtime/explore/explore.ts'
import type { Record } from '../runtime/record/record.ts'
import { runScenario } from '../runtime/runner/run-scenario.ts'
import packageJson from '../package.json' with { type: 'json' }
import { createSourceHost } from './source-host.ts'

/** Thrown where a scenario does not compile: the diagnostics as kscn prints them. */
const refuse = ({ diagnostics, sources }: Compilation): never => {
  throw new SyntaxError(`\n${renderDiagnostics(diagnostics, sources, { color: false, width: 100 })}`)
}

/** Runs or explores one compiled scenario in this thread. */
export const runPlan = (scenario: ScenarioPlan, sources: ReadonlyMap<string, string>, seed = '0'): Record => {
  const options = { seed, createCluster, planHash: structuralHash(scenario).toString(16).padStart(8, '0') }
  return scenario.property === undefined
    ? runScenario(scenario, options)
    : explore(scenario, {
        ...options,
        version: (packageJson as { readonly version: string }).version,
        line: positionOf(scenario.span, sources).line,
      })
}

const textsOf = (compilation: Compilation): ReadonlyMap<string, string> =>
  new Map([...compilation.sources].map(([path, source]) => [path, source.text]))

/** Compiles a file; throws what is wrong with it. */
export const compileFile = (
  path: string,
): {
  readonly scenarios: readonly ScenarioPlan[]
  readonly sources: ReadonlyMap<string, string>
  readonly text: string
} => {
  const compilation = compile([path], createSourceHost())
  if (compilation.plan === undefined) return refuse(compilation)
  return {
    scenarios: compilation.plan.scenarios,
    sources: textsOf(compilation),
    text: readFileSync(path, 'utf8'),
  }
}

/** Runs the scenarios of a text, as one scenario would be run from a file. The same text and seed give the same records. */
export const runText = (text: string, options: { readonly seed?: string } = {}): readonly Record[] => {
  const compilation = compile(['text.kscn'], { read: (path) => ({ path, text }), glob: () => [] })
  if (compilation.plan === undefined) return refuse(compilation)
  const sources = textsOf(compilation)
  return compilation.plan.scenarios.map((scenario) => runPlan(scenario, sources, options.seed))
}

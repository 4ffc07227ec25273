import { compile } from '../dsl/compile.ts'
import { createCluster } from './create-cluster.ts'
import { runScenario } from '../runtime/runner/run-scenario.ts'
import { findScenarios } from './find-scenarios.ts'
import { createSourceHost } from './source-host.ts'

/** Every scenario below the paths, run `times` times in this process: its name and the hash of each run. */
export const hashScenarios = (
  paths: readonly string[],
  times: number,
): readonly (readonly [name: string, hashes: readonly string[]])[] => {
  const files = findScenarios(paths).map((target) => target.path)
  const { plan, diagnostics } = compile(files, createSourceHost())
  if (plan === undefined)
    throw new Error(`the scenarios do not compile: ${diagnostics.map((one) => one.message).join('; ')}`)
  const rounds = Array.from({ length: times }, () =>
    plan.scenarios.map((scenario) => {
      const record = runScenario(scenario, { seed: scenario.seed ?? '0', createCluster })
      return `${record.hash} ${record.verdict}`
    }),
  )
  return plan.scenarios.map((scenario, index) => [
    `${scenario.span.file}: ${scenario.title} ${scenario.row}`.trim(),
    rounds.map((round) => round[index]!),
  ])
}

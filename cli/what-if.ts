import type { ScenarioPlan } from '../dsl/plan/plan.ts'
import { compareRuns } from '../reporters/diff/compare-runs.ts'
import { shownDifferences } from '../reporters/diff/cluster-difference.ts'
import { whatIfJson } from '../reporters/diff/what-if-json.ts'
import { whatIfText } from '../reporters/diff/what-if-text.ts'
import { createCluster } from './create-cluster.ts'
import type { Record } from '../runtime/record/record.ts'
import { runScenario } from '../runtime/runner/run-scenario.ts'
import { compileTargets } from './compile-targets.ts'
import type { DiffFlags } from './diff.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { findScenarios } from './find-scenarios.ts'
import { loadScripts } from './load-scripts.ts'
import { reportBug } from './report-bug.ts'
import { selectScenarios } from './select-scenarios.ts'
import { terminalOf } from './terminal.ts'
import { UsageError } from './usage-error.ts'

type WhatIfFlags = DiffFlags & { readonly seed: string }

const nameOf = (scenario: ScenarioPlan): string =>
  scenario.row === '' ? scenario.title : `${scenario.title} ${scenario.row}`

/** The one scenario of a file that is meant; undefined: the file has errors, which have been told. */
const scenarioOf = (path: string, flags: WhatIfFlags): ScenarioPlan | undefined => {
  const targets = findScenarios([path])
  const { plan, sources } = compileTargets(targets, flags.color)
  if (plan === undefined) return undefined
  const chosen = selectScenarios(plan.scenarios, targets, { filter: flags.scenario, tags: [], ci: false }, sources)
  const [first] = chosen
  if (first !== undefined && chosen.length === 1) return first
  const names = chosen.slice(0, 8).map((one) => `"${nameOf(one)}"`)
  throw new UsageError(
    `${path} has ${chosen.length} scenarios to choose from`,
    `FILE:LINE or --scenario TEXT names one of ${names.join(', ')}`,
  )
}

const runOf = async (scenario: ScenarioPlan, flags: WhatIfFlags): Promise<Record> => {
  const scripts = await loadScripts(scenario.modules)
  const record = runScenario(scenario, {
    seed: flags.seed,
    keepGoing: true,
    createCluster: (spec, behaviors, options) => createCluster(spec, behaviors, { ...options, scripts }),
    external: scripts,
  })
  if (record.verdict === 'SKIP' || record.verdict === 'UNSUPPORTED')
    throw new UsageError(`${scenario.span.file}: "${nameOf(scenario)}" does not run: ${record.note ?? record.verdict}`)
  return record
}

/** `kscn diff --what-if a.kscn b.kscn`: both are run with the same seed, and their runs are laid side by side. */
export const whatIf = async (a: string, b: string, flags: WhatIfFlags, version: string): Promise<ExitCode> => {
  if (flags.github === true)
    throw new UsageError(
      '--github does not go with --what-if',
      'two runs are no place in a file: print them, or take --json',
    )
  const [left, right] = [scenarioOf(a, flags), scenarioOf(b, flags)]
  if (left === undefined || right === undefined) return exitCode.wrong
  let runs: readonly Record[]
  try {
    runs = [await runOf(left, flags), await runOf(right, flags)]
  } catch (error) {
    if (error instanceof UsageError) throw error
    reportBug(error, { version, what: `kscn diff --what-if ${a} ${b} --seed ${flags.seed}` })
    return exitCode.bug
  }
  const difference = compareRuns(runs[0]!, runs[1]!)
  const options = { all: flags.all === true, status: flags.status, before: a, after: b }
  process.stdout.write(
    flags.json === true
      ? whatIfJson(difference, options)
      : whatIfText(difference, { ...options, ...terminalOf(process.stdout, flags.color) }),
  )
  const { differences } = shownDifferences(difference.net, options)
  const equal = difference.divergence === undefined && difference.sentences.length === 0 && differences.length === 0
  return equal ? exitCode.held : exitCode.failed
}

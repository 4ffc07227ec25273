import { regressionText } from '../../cli/regression-text.ts'
import { brokenOf } from '../../runtime/explore/fingerprint.ts'
import { explore } from '../../runtime/explore/explore.ts'
import { createCluster } from '../../runtime/cluster/create-cluster.ts'
import type { Record } from '../../runtime/record/record.ts'
import { runScenario } from '../../runtime/runner/run-scenario.ts'
import type { Hunt, Kept } from './jobs.ts'
import { withBug, type PlantedBug } from './planted-bug.ts'
import { propertyPlan, scenarioOf, type PropertySource } from './property-plan.ts'

const isFound = (record: Record): boolean => {
  const verdict = record.exploration?.failure?.verdict
  // A control plane that comes to no end is a find; a script that could not do what it says is none.
  return verdict !== undefined && verdict !== 'error'
}

/** The failure as a file, and whether that file fails alone with the bug and passes without it. */
const keep = (
  bug: PlantedBug,
  { path, text, scenario }: PropertySource,
  record: Record,
  milliseconds: number,
): Kept => {
  const failure = record.exploration!.failure!
  const kept = regressionText({
    path,
    text,
    scenario,
    failure,
    seed: record.seed,
    head: [`${brokenOf(record)!.message}`],
    importPath: (imported) => imported,
  })!
  const alone = scenarioOf('kept.kscn', kept)
  const failing = brokenOf(runScenario(alone, { seed: '0', createCluster: withBug(createCluster, bug) }))
  const clean = runScenario(alone, { seed: '0', createCluster })
  const { faults, holds, steps, objects } = failure.size
  return {
    shrinks: failure.shrinks,
    milliseconds,
    size: { faults, holds, steps, objects },
    lines: kept.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#')).length,
    text: kept,
    wrong:
      failing === undefined || failing.severity === 'error'
        ? 'the file does not fail alone'
        : failing.sentence !== brokenOf(record)!.sentence
          ? `the file breaks "${failing.sentence}"`
          : clean.verdict === 'PASS' || clean.verdict === 'VACUOUS'
            ? undefined
            : `the file fails without the bug: ${clean.findings[0]?.message ?? ''}`,
  }
}

/** Looks for one planted bug with its property, in its budget of runs. */
export const hunt = (bug: PlantedBug, seed: string, shrink: boolean): Hunt => {
  const source = propertyPlan(bug.property)
  const options = {
    seed,
    runs: bug.budget,
    version: 'zoo',
    line: 1,
    createCluster: withBug(createCluster, bug),
  }
  const began = performance.now()
  const record = explore(source.scenario, { ...options, moreShrinking: () => shrink })
  const elapsed = performance.now() - began
  const found = isFound(record)
  const failure = record.exploration?.failure
  return {
    kind: 'hunt',
    bug: bug.name,
    seed,
    run: found ? failure!.run : undefined,
    says: brokenOf(record)?.sentence ?? 'nothing broke',
    kept: found && shrink ? keep(bug, source, record, elapsed) : undefined,
  }
}

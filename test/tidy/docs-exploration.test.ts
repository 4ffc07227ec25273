import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { regressionText } from '../../cli/regression-text.ts'
import { compile } from '../../dsl/compile.ts'
import type { ScenarioPlan } from '../../dsl/plan/plan.ts'
import { createCluster } from '../../runtime/cluster/create-cluster.ts'
import { explore } from '../../runtime/explore/explore.ts'
import { brokenOf } from '../../runtime/explore/fingerprint.ts'
import { runScenario } from '../../runtime/runner/run-scenario.ts'
import { bugs } from '../zoo/bugs.ts'
import { withBug } from '../zoo/planted-bug.ts'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const page = readFileSync(join(root, 'docs/exploration.md'), 'utf8')
const [property, kept] = [...page.matchAll(/^````kscn\n([\s\S]*?)^````$/gm)].map((match) => match[1]!)
const path = 'property.kscn'

const scenarioOf = (text: string): ScenarioPlan => {
  const { plan, diagnostics } = compile([path], { read: () => ({ path, text }), glob: () => [] })
  expect(diagnostics.map((one) => one.message)).toEqual([])
  return plan!.scenarios[0]!
}
/** Which run it was may change with the control plane; what is left of it may not. */
const numberless = (text: string): string =>
  text.replace(/run \d+/, 'run N').replace(/@seed\("0(\/\d+)?"\)/, '@seed("0/N")')
const buggy = withBug(
  createCluster,
  bugs.find((one) => one.name === 'a ReplicaSet takes a refusal for success')!,
)

test('the way of docs/exploration.md: the property finds the bug, and what is left of it is the file that the page shows', () => {
  const scenario = scenarioOf(property!)
  const record = explore(scenario, { seed: '0', version: 'docs', line: 1, createCluster: buggy })
  const failure = record.exploration!.failure!
  expect([failure.run <= 20, failure.shrinks <= 60]).toEqual([true, true])
  const broken = brokenOf(record)!
  const text = regressionText({
    path,
    text: property!,
    scenario,
    failure,
    seed: record.seed,
    head: [`Broke "${broken.sentence}": ${broken.message}`],
    importPath: (one) => one,
  })
  expect(numberless(text!)).toBe(numberless(kept!))
})

test('the file of docs/exploration.md fails alone, and passes on the control plane as it is', () => {
  const alone = scenarioOf(kept!)
  const { verdict, findings } = runScenario(alone, { seed: '0', createCluster: buggy })
  expect([verdict, findings[0]!.sentence]).toEqual([
    'FAIL',
    'expect count(p in pods[app=web]: p is Ready) == replicaset/web{.spec.replicas}',
  ])
  expect(runScenario(alone, { seed: '0', createCluster }).verdict).toBe('PASS')
})

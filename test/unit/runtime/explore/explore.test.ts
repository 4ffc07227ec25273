import { describe, expect, test } from 'vitest'
import { regressionText } from '../../../../cli/regression-text.ts'
import { compile } from '../../../../dsl/compile.ts'
import type { ScenarioPlan } from '../../../../dsl/plan/plan.ts'
import { createCluster } from '../../../../runtime/cluster/create-cluster.ts'
import { explore, indexesOf, type ExploreOptions } from '../../../../runtime/explore/explore.ts'
import { createExplorer } from '../../../../runtime/explore/explorer.ts'
import { readToken } from '../../../../runtime/explore/token.ts'
import { runScenario } from '../../../../runtime/runner/run-scenario.ts'
import { bugs } from '../../../zoo/bugs.ts'
import { withBug } from '../../../zoo/planted-bug.ts'

const text = `property "pods are kept" {
  forall replicas in 1..3
  forall edits in plan(max: 2) {
    scale replicaset/web to 0..3
    label replicaset/web seen=yes
    delete pod/nobody
  }
  explore 12 runs varying interleaving, latency, faults
  sometimes count(pods[app=web]) >= 1
  cluster { pool workers 1 { cpu 4, memory 8Gi } }
  create \`\`\`yaml
    apiVersion: apps/v1
    kind: ReplicaSet
    metadata: { name: web }
    spec:
      replicas: \${replicas}
      selector: { matchLabels: { app: web } }
      template:
        metadata: { labels: { app: web } }
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name: app, image: "web:v1" }] }
  \`\`\`
  expect count(p in pods[app=web]: p is Ready) == replicas within 2m
  do edits
  settle within 10m
  expect count(pods[app=web]) == replicaset/web{.spec.replicas}
}
`
const plansOf = (source: string): readonly ScenarioPlan[] => {
  const { plan, diagnostics } = compile(['a.kscn'], { read: (path) => ({ path, text: source }), glob: () => [] })
  if (plan === undefined) throw new Error(diagnostics.map((one) => `${one.code} ${one.message}`).join('\n'))
  return plan.scenarios
}
const [property] = plansOf(text) as [ScenarioPlan]
const options: ExploreOptions = { seed: '0', createCluster, version: '0.1.0', line: 1 }
const buggy = withBug(
  createCluster,
  bugs.find((one) => one.name === 'a ReplicaSet never deletes')!,
)

describe('exploration', () => {
  test('an unmutated control plane keeps its pods, and all that was drawn is counted', () => {
    const { verdict, exploration } = explore(property, options)
    expect(verdict).toBe('PASS')
    expect(exploration).toMatchObject({ budget: 12, runs: 12, failure: undefined })
    expect(exploration!.coverage[0]!.reached).toBeGreaterThan(0)
  })

  test('what no run reaches fails the property', () => {
    const [never] = plansOf(text.replace('>= 1', '>= 77')) as [ScenarioPlan]
    const { verdict, findings } = explore(never, { ...options, runs: 3 })
    expect(verdict).toBe('FAIL')
    expect(findings[0]).toMatchObject({ code: 'F106', message: 'none of 3 runs came there' })
  })

  test('a budget that ends the search is said', () => {
    let left = 2
    const { exploration } = explore(property, { ...options, more: () => left-- > 0 })
    expect(exploration).toMatchObject({ runs: 2, cut: 'the time it was given was up' })
  })

  test('a planted bug is found, shrunk, replayed by its token, and kept as a scenario that fails alone', () => {
    const record = explore(property, { ...options, createCluster: buggy, runs: 40 })
    const failure = record.exploration!.failure!
    expect(record.verdict).toBe('FAIL')
    expect(failure.size).toMatchObject({ faults: 0, holds: 0, steps: 1 })
    expect(failure.inputs.map((one) => one.text)[1]).toMatch(/^\["scale replicaset\/web to \d"\]$/)

    const token = readToken(failure.token)!
    const explorer = createExplorer(property, { ...options, createCluster: buggy, runs: token.runs })
    expect(explorer.run(explorer.caseOf(token.index)).hash).toBe(token.hash)

    const kept = regressionText({
      path: 'a.kscn',
      text,
      scenario: property,
      failure,
      seed: record.seed,
      head: ['found'],
      importPath: (path) => path,
    })!
    const [alone] = plansOf(kept) as [ScenarioPlan]
    expect(alone.property).toBeUndefined()
    expect(runScenario(alone, { seed: '0', createCluster: buggy }).findings[0]!.sentence).toBe(
      record.findings[0]!.sentence,
    )
    expect(runScenario(alone, { seed: '0', createCluster }).verdict).toBe('PASS')
  })

  test('shards make every run once', () => {
    const all = [1, 2, 3].flatMap((index) => indexesOf(10, { index, count: 3 }))
    expect(all.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })
})

import { describe, expect, test } from 'vitest'
import { createCluster } from '../../../../runtime/cluster/create-cluster.ts'
import { otherEnd } from '../../../../runtime/explore/end-state.ts'
import { explore } from '../../../../runtime/explore/explore.ts'
import { pretty } from '../../../../reporters/pretty.ts'
import { bugs } from '../../../zoo/bugs.ts'
import { withBug } from '../../../zoo/planted-bug.ts'
import { compileText } from '../../dsl/support/compile-text.ts'

// It claims next to nothing: what goes wrong shows only beside the undisturbed run.
const { plan } = compileText(`property "modest" {
  explore 20 runs varying faults
  cluster { pool workers 1 { cpu 4, memory 8Gi } }
  create \`\`\`yaml
    apiVersion: apps/v1
    kind: ReplicaSet
    metadata: { name: web }
    spec:
      replicas: 2
      selector: { matchLabels: { app: web } }
      template:
        metadata: { labels: { app: web } }
        spec: { containers: [{ name: app, image: "web:v1" }] }
  \`\`\`
  settle within 10m
  expect replicaset/web exists
}
`)
const modest = plan!.scenarios[0]!
const options = { seed: '0', version: 'test', line: 1, strategy: 'perturb', createCluster } as const

describe('what a run ended with', () => {
  test.each([
    [{ a: 1 }, { a: 1 }, undefined],
    [{ a: 1, b: 3 }, { a: 1, b: 2 }, '3 × b, not 2'],
    [{ b: 1 }, { a: 1, b: 1 }, '0 × a, not 1'],
    [{ a: 1, b: 1 }, { b: 1 }, '1 × a, not 0'],
  ])('%j beside %j', (state, reference, told) => {
    expect(otherEnd(new Map(Object.entries(state)), new Map(Object.entries(reference)))).toBe(told)
  })

  test('is the same wherever the control plane is struck', () => {
    const { compared } = explore(modest, options).exploration!
    expect(compared).toEqual({ runs: 19, otherwise: 0 })
  })

  test('is told where a bug makes it another one, though no claim breaks', () => {
    const bug = bugs.find((one) => one.name === 'a ReplicaSet takes a refusal for success')!
    const record = explore(modest, { ...options, createCluster: withBug(createCluster, bug) })
    expect(record.verdict).toBe('PASS')
    const { compared } = record.exploration!
    expect(compared!.otherwise).toBeGreaterThan(0)
    expect(compared!.first!.difference).toMatch(/^\d × pods default\/web-\* Running Ready, not 2$/)
    const text = pretty.record(record, {
      sources: new Map(),
      color: false,
      width: 80,
      version: 'test',
      elapsed: undefined,
      interrupted: false,
    })
    expect(text).toMatch(/compared {3}\d+ of \d+ runs that were struck once came to another/)
  })
})

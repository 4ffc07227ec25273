import { describe, expect, it } from 'vitest'
import { createSourceHost } from '../../../../cli/source-host.ts'
import { compile } from '../../../../dsl/compile.ts'
import { createCluster } from '../../../../runtime/cluster/create-cluster.ts'
import type { Record } from '../../../../runtime/record/record.ts'
import { runScenario } from '../../../../runtime/runner/run-scenario.ts'

/** Runs a body on a cluster with these settings. */
const run = (settings: string, body: string): Record => {
  const text = `scenario "s" {\n  cluster { pool workers 2 { cpu 2, memory 4Gi }, ${settings} }\n${body}\n}\n`
  const { plan, diagnostics } = compile(['a.kscn'], { ...createSourceHost(), read: (path) => ({ path, text }) })
  expect(diagnostics.map((one) => one.message)).toEqual([])
  return runScenario(plan!.scenarios[0]!, { seed: '0', createCluster })
}
const pod =
  '  create ```yaml\n    apiVersion: v1\n    kind: Pod\n    metadata: { name: a }\n    spec: { containers: [{ name: c, image: "a:1" }] }\n  ```'
const service =
  '  create ```yaml\n    apiVersion: v1\n    kind: Service\n    metadata: { name: a }\n    spec: { ports: [{ port: 80 }] }\n  ```'

describe('settings of a component do something', () => {
  it.each([
    [
      'apiserver { disable-admission-plugins DefaultTolerationSeconds }',
      `${pod}\n  expect pod/a{.spec.tolerations} is absent`,
    ],
    [
      'apiserver { service-cluster-ip-range "10.7.0.0/16" }',
      `${service}\n  expect service/a{.spec.clusterIP} matches /^10\\.7\\./`,
    ],
    [
      'controller-manager { node-monitor-grace-period 10s }',
      '  inject crash node/workers-0\n  expect node/workers-0 is NotReady within 26s',
    ],
    ['profile instant', `${pod}\n  expect pod/a exists\n  expect now() == duration("0s")`],
    ['apiserver { latency 100ms }', `${pod}\n  expect now() >= duration("100ms")`],
    ['etcd { fsync 1s }', `${pod}\n  expect now() >= duration("1s")`],
    ['apiserver 2', '  inject crash apiserver/0\n  expect all nodes are Ready for 2m\n  create configmap a'],
  ])('%s', (settings, body) => {
    const record = run(settings, body)
    expect([record.verdict, record.findings.map((one) => one.message)]).toEqual(['PASS', []])
  })

  it('percentage-of-nodes-to-score: the scheduler looks at fewer nodes', () => {
    const text = (percent: number): string =>
      `scenario "s" {\n  cluster { pool workers 300 { cpu 2, memory 4Gi }, scheduler { percentage-of-nodes-to-score ${percent} } }\n${pod}\n  expect pod/a is Scheduled within 1s\n}\n`
    const looked = (percent: number): number => {
      const { plan } = compile(['a.kscn'], { ...createSourceHost(), read: (path) => ({ path, text: text(percent) }) })
      const { timeline } = runScenario(plan!.scenarios[0]!, { seed: '0', createCluster })
      for (let entry = 0; entry < timeline.length; entry += 1) {
        if (timeline.kind(entry) === 'verdict') return (timeline.data(entry) as { evaluated: number }).evaluated
      }
      return -1
    }
    expect([looked(100), looked(50)]).toEqual([300, 150])
  })

  it('profile noisy: the same run for the same seed, another one for another seed', () => {
    const { plan } = compile(['a.kscn'], {
      ...createSourceHost(),
      read: (path) => ({
        path,
        text: `scenario "s" {\n  cluster { pool workers 2 { cpu 2, memory 4Gi }, profile noisy }\n${pod}\n  expect pod/a is Ready within 10s\n}\n`,
      }),
    })
    const hash = (seed: string): string => runScenario(plan!.scenarios[0]!, { seed, createCluster }).hash
    expect(hash('1')).toBe(hash('1'))
    expect(hash('1')).not.toBe(hash('2'))
  })
})

import { compile } from '../dsl/compile.ts'
import type { SourceHost } from '../dsl/source/source-file.ts'
import { html } from '../reporters/html.ts'
import type { ReportContext } from '../reporters/reporter.ts'
import { createCluster } from '../runtime/cluster/create-cluster.ts'
import type { Record } from '../runtime/record/record.ts'
import { runScenario } from '../runtime/runner/run-scenario.ts'
import { diffDumps } from './diff-dumps.ts'
import { measure, type Figures } from './measure.ts'

const rollout = (replicas: number, rollouts: number): string => `# A deployment is rolled out again and again.
scenario "rollouts" {
  cluster { pool workers 20 { cpu 64, memory 256Gi, pods 250 } }
  apply \`\`\`yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: web }
    spec:
      replicas: ${replicas}
      selector: { matchLabels: { app: web } }
      strategy: { rollingUpdate: { maxSurge: 25%, maxUnavailable: 25% } }
      template:
        metadata: { labels: { app: web } }
        spec: { containers: [{ name: app, image: "web:v0", resources: { requests: { cpu: 100m } } }] }
  \`\`\`
  expect deployment/web is RolledOut within 10m
${Array.from({ length: rollouts }, (_, index) => `  set-image deployment/web app=web:v${index + 1}\n  expect deployment/web is RolledOut within 20m\n`).join('')}}
`

const recordOf = (replicas: number, rollouts: number): Record => {
  const text = rollout(replicas, rollouts)
  const host: SourceHost = { read: (path) => ({ path, text }), glob: () => [] }
  const { plan, diagnostics } = compile(['bench.kscn'], host)
  if (plan === undefined) throw new Error(diagnostics.map((one) => one.message).join('\n'))
  return runScenario(plan.scenarios[0]!, { seed: '0', createCluster })
}

const context: ReportContext = {
  sources: new Map(),
  color: false,
  width: 100,
  version: '0',
  elapsed: undefined,
  interrupted: false,
}

/** The HTML report of runs with about 1,000, 10,000 and 100,000 entries: time and size. */
export const report = (): readonly Figures[] => [...reports(), ...diffDumps()]

const reports = (): readonly Figures[] =>
  [
    { replicas: 7, rollouts: 1, runs: 15, goal: '30 ms' },
    { replicas: 40, rollouts: 3, runs: 7, goal: '300 ms' },
    { replicas: 240, rollouts: 6, runs: 3, goal: '3000 ms, 15 MB' },
  ].map(({ replicas, rollouts, runs, goal }) => {
    const record = recordOf(replicas, rollouts)
    // The hash is the runner's work, derived once.
    const size = record.hash === '' ? 0 : html.end([record], context).length
    const entries = record.timeline.length
    return measure({
      work: `HTML of ${entries} entries, ${(size / 1e6).toFixed(2)} MB, ${Math.round(size / entries)} bytes each`,
      goal,
      runs,
      warmUp: 1,
      once: () => {
        if (html.end([record], context).length !== size) throw new Error('two reports of one record differ')
      },
    })
  })

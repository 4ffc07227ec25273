import { fileURLToPath } from 'node:url'
import { createSourceHost } from '../cli/source-host.ts'
import { compile } from '../dsl/compile.ts'
import type { ScenarioPlan } from '../dsl/plan/plan.ts'
import type { SourceHost } from '../dsl/source/source-file.ts'
import { createCluster } from '../runtime/cluster/create-cluster.ts'
import { runScenario } from '../runtime/runner/run-scenario.ts'
import { command, commandPeak } from './command.ts'
import { measure, type Figures } from './measure.ts'

const boutique = fileURLToPath(new URL('../scenarios/examples/online-boutique.kscn', import.meta.url))

const planOf = (text: string): ScenarioPlan => {
  const host: SourceHost = { ...createSourceHost(), read: (path) => ({ path, text }) }
  const { plan, diagnostics } = compile(['bench.kscn'], host)
  if (plan === undefined) throw new Error(diagnostics.map((one) => one.message).join('\n'))
  return plan.scenarios[0]!
}
const runOnce = (plan: ScenarioPlan): void => {
  const record = runScenario(plan, { seed: '0', createCluster })
  if (record.verdict !== 'PASS')
    throw new Error(`${plan.title}: ${record.verdict} ${record.findings[0]?.message ?? ''}`)
}

const small = `scenario "3 nodes, 20 objects, 10 minutes" {
  cluster { pool workers 3 { cpu 4, memory 8Gi } }
  apply \`\`\`yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: web }
    spec:
      replicas: 12
      selector: { matchLabels: { app: web } }
      template:
        metadata: { labels: { app: web } }
        spec: { containers: [{ name: app, image: "web:v1", resources: { requests: { cpu: 100m } } }] }
    ---
    apiVersion: v1
    kind: Service
    metadata: { name: web }
    spec: { selector: { app: web }, ports: [{ port: 80 }] }
  \`\`\`
  expect deployment/web is RolledOut within 1m
  at 10m
}
`
const idle = `@limit(25h, 50M events)
scenario "a virtual day of 1,000 idle nodes" {
  cluster { pool workers 1000 { cpu 4, memory 8Gi } }
  wait 24h
}
`

/** Start-up, a small run, an idle day and a real application: the goals of the foundation. */
export const foundation = (): readonly Figures[] => {
  const smallPlan = planOf(small)
  const idlePlan = planOf(idle)
  return [
    measure({
      work: 'kscn --version',
      goal: '60 ms',
      runs: 20,
      warmUp: 2,
      once: () => command(['--version']),
      peak: () => commandPeak(['--version']),
    }),
    measure({
      work: '3 nodes, 20 objects, 10 virtual minutes',
      goal: '3 ms',
      runs: 100,
      warmUp: 50,
      once: () => runOnce(smallPlan),
    }),
    measure({
      work: 'a virtual day of 1,000 idle nodes',
      goal: '50 ms',
      runs: 20,
      warmUp: 3,
      once: () => runOnce(idlePlan),
    }),
    measure({
      work: 'kscn run online-boutique.kscn',
      goal: '150 ms',
      runs: 20,
      warmUp: 2,
      once: () => command(['run', boutique]),
      peak: () => commandPeak(['run', boutique]),
    }),
  ]
}

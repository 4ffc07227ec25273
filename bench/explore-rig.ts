import { compile } from '../dsl/compile.ts'
import type { ScenarioPlan } from '../dsl/plan/plan.ts'
import { createCluster } from '../runtime/cluster/create-cluster.ts'
import { createExplorer, type Explorer } from '../runtime/explore/explorer.ts'
import { invariants } from '../runtime/invariants/registry.ts'
import type { Record } from '../runtime/record/record.ts'
import { runScenario } from '../runtime/runner/run-scenario.ts'

const small = `property "small" {
  forall replicas in 1..3
  explore 100 runs varying interleaving, latency
  cluster { pool workers 2 { cpu 4, memory 8Gi } }
  create \`\`\`yaml
    apiVersion: v1
    kind: Pod
    metadata: { name: web }
    spec: { containers: [{ name: app, image: "web:v1" }] }
  \`\`\`
  expect pod/web is Ready within 1m
}
`
const compiled = (text: string): ScenarioPlan => {
  const { plan } = compile(['bench.kscn'], { read: (path) => ({ path, text }), glob: () => [] })
  return plan!.scenarios[0]!
}

export const smallExplorer = (): Explorer => createExplorer(compiled(small), { seed: '0', createCluster })

/** The next of its runs, over and over. */
export const nextRun = (explorer: Explorer): (() => void) => {
  let index = 0
  return () => {
    explorer.run(explorer.caseOf(index % explorer.total))
    index += 1
  }
}

const rollout = (claims: string): string => `scenario "rollout" {
  cluster { pool workers 3 { cpu 4, memory 8Gi } }
  ${claims}
  create \`\`\`yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: web }
    spec:
      replicas: 5
      selector: { matchLabels: { app: web } }
      template:
        metadata: { labels: { app: web } }
        spec: { containers: [{ name: app, image: "web:v1" }] }
    ---
    apiVersion: v1
    kind: Service
    metadata: { name: web }
    spec: { selector: { app: web }, ports: [{ port: 80 }] }
  \`\`\`
  expect deployment/web is RolledOut within 2m
  set-image deployment/web app=web:v2
  expect deployment/web is RolledOut within 2m
  settle within 5m
}
`
const judged = compiled(
  rollout(
    `expect ${invariants
      .map((one) => one.name)
      .filter((name) => name !== 'settled-is-fixpoint')
      .join(' and ')}`,
  ),
)
const plain = compiled(rollout(''))
const options = { seed: '0', createCluster, lookAhead: false } as const

/** A rollout behind a Service with every invariant of the library, and with none. */
export const withLibrary = (): Record => runScenario(judged, options)
export const withoutLibrary = (): Record => runScenario(plain, { ...options, invariants: [] })

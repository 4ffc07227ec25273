import { createSourceHost } from '../cli/source-host.ts'
import { compile } from '../dsl/compile.ts'
import type { ScenarioPlan } from '../dsl/plan/plan.ts'
import type { SourceHost } from '../dsl/source/source-file.ts'
import { createCluster } from '../runtime/cluster/create-cluster.ts'
import { runScenario } from '../runtime/runner/run-scenario.ts'
import { measure, type Figures } from './measure.ts'

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

const limit = '@limit(25h, 500M events)'
const cluster = (nodes: number, images = true): string =>
  `cluster { pool workers ${nodes} { cpu 64, memory 256Gi, pods 250 }${images ? ', images ["app:1"]' : ''} }`

const deployment = (name: string, replicas: number, container = '{ name: app, image: "app:1" }'): string => `
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: ${name} }
    spec:
      replicas: ${replicas}
      selector: { matchLabels: { app: ${name} } }
      template:
        metadata: { labels: { app: ${name} } }
        spec: { containers: [${container}] }`

const apply = (documents: readonly string[]): string => `  apply \`\`\`yaml${documents.join('\n    ---')}\n  \`\`\``

/** `pods` pods on `nodes` nodes start and then do nothing for a virtual hour. */
const fleet = (nodes: number, pods: number): string => `${limit}
scenario "${nodes} nodes with ${pods} pods idle for an hour" {
  ${cluster(nodes)}
${apply([deployment('web', pods)])}
  expect deployment/web is Available within 10h
  wait 1h
}
`
const startAndStop = (pods: number): string => `${limit}
scenario "${pods} pods start and stop" {
  ${cluster(Math.ceil(pods / 100))}
${apply([deployment('web', pods)])}
  expect deployment/web is Available within 10h
  scale deployment/web to 0
  expect no pods[app=web] exist within 10h
}
`
const probed =
  '{ name: app, image: "app:1", readinessProbe: { httpGet: { port: 80 } }, livenessProbe: { httpGet: { port: 80 } } }'
const probes = (pods: number): string => `${limit}
scenario "probes of ${pods} pods for an hour" {
  ${cluster(Math.ceil(pods / 100))}
${apply([deployment('web', pods, probed)])}
  expect deployment/web is Available within 10h
  wait 1h
}
`
/** Services with endpoints, whose pods are replaced one after the other while a kube-proxy follows. */
const services = (count: number, endpoints: number): string => {
  const names = Array.from({ length: count }, (_, index) => `web-${index}`)
  const service = (name: string): string => `
    apiVersion: v1
    kind: Service
    metadata: { name: ${name} }
    spec: { selector: { app: ${name} }, ports: [{ port: 80 }] }`
  return `${limit}
scenario "${count} Services with ${endpoints} endpoints each, under churn" {
  ${cluster(4).replace('pods 250', 'pods 200000')}
${apply(names.flatMap((name) => [deployment(name, endpoints), service(name)]))}
  expect deployments are Available within 10h
  load service/web-0 rps 1
${names
  .filter((_, index) => index % 20 === 0)
  .map((name) => `  rollout restart deployment/${name}`)
  .join('\n')}
  wait 10m
}
`
}

const once = (work: string, goal: string, text: string): Figures => {
  const plan = planOf(text)
  return measure({ work, goal, runs: 1, warmUp: 0, once: () => runOnce(plan) })
}

/** The goals of the node: fleets, starts and stops, probes, Services; each at a quarter, a half and the whole, to show growth. */
export const node = (large: boolean): readonly Figures[] => {
  const parts = large ? [4, 2, 1] : [100, 50, 25]
  return parts.flatMap((part) => {
    const nodes = 5000 / part
    const pods = 10_000 / part
    return [
      once(`${nodes} nodes x 30 pods, a virtual hour`, part === 1 ? '20 s, 2.5 GB' : '', fleet(nodes, nodes * 30)),
      once(`${pods} pods started and stopped`, '', startAndStop(pods)),
      once(`probes of ${pods} pods, a virtual hour`, '', probes(pods)),
      once(`${1000 / part} Services x 100 endpoints, churn`, '', services(1000 / part, 100)),
    ]
  })
}

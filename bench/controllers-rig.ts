import { measureScenario, type ScenarioFigures } from './measure-scenario.ts'

export type ControllersShape = keyof typeof shapes

const template = (name: string, image: string): string =>
  `template: { metadata: { labels: { app: ${name}, all: web } }, spec: { containers: [{ name: app, image: "${image}" }] } }`
const deployment = (name: string, replicas: number, image = 'web:v1'): string =>
  `    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: ${name} }
    spec:
      replicas: ${replicas}
      selector: { matchLabels: { app: ${name} } }
      ${template(name, image)}`
const several = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join('\n    ---\n')
const apply = (documents: string): string => `  apply \`\`\`yaml\n${documents}\n  \`\`\`\n`
const nodesFor = (pods: number): number => Math.max(4, Math.ceil(pods / 60))

interface Work {
  readonly nodes: number
  readonly items: number
  readonly body: string
}

/** What is done, by the size at 4×. */
const shapes = {
  rollouts: (size: number): Work => {
    const all = (image: string): string => apply(several(size, (index) => deployment(`d-${index}`, 10, image)))
    return {
      nodes: nodesFor(size * 13),
      items: size * 10,
      body: `${all('web:v1')}  expect all deployments are RolledOut within 12h
${all('web:v2')}  wait 1s
  expect all deployments are RolledOut within 12h
  delete deployments
  expect no pods exist within 12h
`,
    }
  },
  rolled: (size: number): Work => ({
    nodes: nodesFor(size * 1.3),
    items: size,
    body: `${apply(deployment('big', size))}  expect deployment/big is RolledOut within 12h
  set-image deployment/big app=web:v2
  wait 1s
  expect deployment/big is RolledOut within 12h
`,
  }),
  jobs: (size: number): Work => ({
    nodes: nodesFor(size),
    items: size,
    body: `  behavior image "etl:1" { exit 0 after 5s }
${apply(
  several(
    size,
    (index) => `    apiVersion: batch/v1
    kind: Job
    metadata: { name: j-${index} }
    spec: { template: { spec: { restartPolicy: Never, containers: [{ name: etl, image: "etl:1" }] } } }`,
  ),
)}  expect all jobs are Complete within 12h
`,
  }),
  garbage: (size: number): Work => ({
    nodes: 1,
    items: size,
    body: `  create configmap owner
  let owner = configmap/owner{.metadata.uid}
${apply(
  several(
    size,
    (index) => `    apiVersion: v1
    kind: ConfigMap
    metadata: { name: c-${index}, ownerReferences: [{ apiVersion: v1, kind: ConfigMap, name: owner, uid: "\${owner}" }] }`,
  ),
)}  delete configmap/owner
  expect configmap/c-${size - 1} is gone within 12h
`,
  }),
  endpoints: (size: number): Work => ({
    nodes: nodesFor(size * 1.3),
    items: size,
    body: `${apply(`    apiVersion: v1
    kind: Service
    metadata: { name: web }
    spec: { selector: { all: web }, ports: [{ port: 80 }] }
    ---
${deployment('big', size)}`)}  expect deployment/big is RolledOut within 12h
  repeat 5 {
    scale deployment/big to ${Math.floor(size * 0.9)}
    wait 1m
    scale deployment/big to ${size}
    wait 1m
  }
  expect deployment/big is RolledOut within 12h
`,
  }),
}

/** One piece of work on a whole cluster: API server, controllers, scheduler, kubelets. */
export const runControllers = (shape: ControllersShape, size: number): ScenarioFigures => {
  const { nodes, items, body } = shapes[shape](size)
  const text = `@limit(48h, 200M events)
scenario "${shape} ${size}" {
  cluster {
    pool workers ${nodes} { cpu 64, memory 256Gi }
    controller-manager { kube-api-qps 0 }
    scheduler { kube-api-qps 0 }
  }
${body}}
`
  return measureScenario(text, items, (record) => record.findings.every((finding) => finding.severity === 'warning'))
}

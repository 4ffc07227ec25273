import { measureScenario, type ScenarioFigures } from './measure-scenario.ts'

export type NodeShape = keyof typeof shapes

const limit = '@limit(25h, 500M events)'
/** Clients without a rate limit: what is measured is the node, not how long its pods queue before it. */
const cluster = (nodes: number): string => `cluster {
    pool workers ${nodes} { cpu 64, memory 256Gi, pods 250 }
    images ["app:1"]
    controller-manager { kube-api-qps 0 }
    scheduler { kube-api-qps 0 }
  }`

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

const probed =
  '{ name: app, image: "app:1", readinessProbe: { httpGet: { port: 80 } }, livenessProbe: { httpGet: { port: 80 } } }'

interface Work {
  readonly items: number
  readonly body: string
}

/** Pods, by the size of the work, and the scenario that they are in. */
const shapes = {
  /** `nodes` nodes with 30 pods each start and then do nothing for a virtual hour. */
  fleet: (nodes: number): Work => ({
    items: nodes * 30,
    body: `  ${cluster(nodes)}
${apply([deployment('web', nodes * 30)])}
  expect deployment/web is Available within 10h
  wait 1h
`,
  }),
  stops: (pods: number): Work => ({
    items: pods,
    body: `  ${cluster(Math.ceil(pods / 100))}
${apply([deployment('web', pods)])}
  expect deployment/web is Available within 10h
  scale deployment/web to 0
  expect no pods[app=web] exist within 10h
`,
  }),
  probes: (pods: number): Work => ({
    items: pods,
    body: `  ${cluster(Math.ceil(pods / 100))}
${apply([deployment('web', pods, probed)])}
  expect deployment/web is Available within 10h
  wait 1h
`,
  }),
  /**
   * Services with 100 endpoints each; one in twenty is rolled while the kube-proxies of all nodes follow. A node's range of addresses
   * has 254: half of them are left for the pods that come before the old ones go.
   */
  services: (count: number): Work => {
    const names = Array.from({ length: count }, (_, index) => `web-${index}`)
    const service = (name: string): string => `
    apiVersion: v1
    kind: Service
    metadata: { name: ${name} }
    spec: { selector: { app: ${name} }, ports: [{ port: 80 }] }`
    const rolled = names.filter((_, index) => index % 20 === 0)
    return {
      items: count * 100,
      body: `  ${cluster(count)}
${apply(names.flatMap((name) => [deployment(name, 100), service(name)]))}
  expect deployments are Available within 10h
  load service/web-0 rps 1
${rolled.map((name) => `  rollout restart deployment/${name}`).join('\n')}
  wait 10m
`,
    }
  },
}

/** One piece of work on a whole cluster, seen from its nodes. */
export const runNode = (shape: NodeShape, size: number): ScenarioFigures => {
  const { items, body } = shapes[shape](size)
  const text = `${limit}\nscenario "${shape} ${size}" {\n${body}}\n`
  return measureScenario(text, items, (record) => record.verdict === 'PASS')
}

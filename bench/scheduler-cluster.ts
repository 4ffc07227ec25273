import { measureScenario } from './measure-scenario.ts'
import type { ShapeFigures } from './scheduler-rig.ts'

const deployments = 16

const scenario = (nodes: number, pods: number): string => {
  const each = (index: number): number => Math.floor(pods / deployments) + (index < pods % deployments ? 1 : 0)
  const manifests = Array.from(
    { length: deployments },
    (_, index) => `    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: app-${index} }
    spec:
      replicas: ${each(index)}
      selector: { matchLabels: { app: app-${index} } }
      template:
        metadata: { labels: { app: app-${index} } }
        spec: { containers: [{ name: app, image: "web:v1", resources: { requests: { cpu: 50m, memory: 64Mi } } }] }`,
  )
  return `@limit(24h, 100M events)
scenario "${nodes} nodes, ${pods} pods" {
  cluster {
    pool workers ${nodes} { cpu 16, memory 64Gi, zones [a, b, c] }
    controller-manager { kube-api-qps 0 }
    scheduler { kube-api-qps 0 }
  }
  apply \`\`\`yaml
${manifests.join('\n    ---\n')}
  \`\`\`
  expect ${pods} pods are Running within 12h
}
`
}

/** A whole cluster, from Deployments to running pods: API server, controllers, scheduler and kubelets. */
export const runCluster = (nodes: number, pods: number): ShapeFigures => {
  const { seconds, peakBytes } = measureScenario(scenario(nodes, pods), pods, (record) => record.verdict === 'PASS')
  return { pods, seconds, peakBytes }
}

import { describe, expect, it } from 'vitest'
import { compile } from '../../../../dsl/compile.ts'
import type { ScenarioPlan } from '../../../../dsl/plan/plan.ts'
import { createSourceHost } from '../../../../cli/source-host.ts'
import type { EndpointSlice } from '../../../../api/types/discovery-v1.generated.ts'
import type { Service } from '../../../../api/types/core-v1.generated.ts'
import type { Cluster } from '../../../../runtime/cluster/cluster.ts'
import { createCluster } from '../../../../runtime/cluster/create-cluster.ts'
import { createKubeProxy, type KubeProxy } from '../../../../runtime/kube-proxy/create-kube-proxy.ts'
import { evaluateConnection } from '../../../../runtime/kube-proxy/evaluate-connection.ts'
import { runScenario } from '../../../../runtime/runner/run-scenario.ts'
import type { Record as RunRecord } from '../../../../runtime/record/record.ts'

const story = `scenario "a Service is reachable, and its rollout is followed" {
  cluster { pool workers 2 { cpu 4, memory 8Gi } }
  apply \`\`\`yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: web }
    spec:
      replicas: 3
      selector: { matchLabels: { app: web } }
      template:
        metadata: { labels: { app: web } }
        spec: { containers: [{ name: app, image: "web:v1" }] }
    ---
    apiVersion: v1
    kind: Service
    metadata: { name: web }
    spec: { type: NodePort, selector: { app: web }, ports: [{ port: 80, nodePort: 30080 }] }
  \`\`\`
  expect deployment/web is RolledOut within 2m
  at 5m
  scale deployment/web to 1
  at 10m
}
`

const planOf = (text: string): ScenarioPlan => {
  const host = { ...createSourceHost(), read: (path: string) => ({ path, text }) }
  const { plan, diagnostics } = compile(['web.kscn'], host)
  if (plan === undefined) throw new Error(diagnostics.map((one) => one.message).join('\n'))
  return plan.scenarios[0]!
}

interface Run {
  readonly record: RunRecord
  readonly cluster: Cluster
  readonly proxies: readonly KubeProxy[]
}

const run = (): Run => {
  let made: Cluster | undefined
  const proxies: KubeProxy[] = []
  const record = runScenario(planOf(story), {
    seed: '1',
    createCluster(...given) {
      const cluster = createCluster(...given)
      made = cluster
      for (const node of cluster.machines()) {
        const { kernel, timeline } = cluster
        const actor = kernel.actor(`kube-proxy/${node}`)
        const transport = (): ReturnType<Cluster['connect']> => cluster.connect(actor, `node/${node}`)
        const options = { kernel, trace: timeline, transport, node, scheme: () => cluster.scheme(), flags: {} }
        const proxy = createKubeProxy(options)
        proxy.start()
        proxies.push(proxy)
      }
      return cluster
    },
  })
  return { record, cluster: made!, proxies }
}

describe('kube-proxy in a cluster', () => {
  it('is let in by the API server, and ends with rules for what the API holds', () => {
    const { record, cluster, proxies } = run()
    expect(record.findings).toEqual([])
    const service = cluster.state.get('services', 'default', 'web') as Service
    const slices = cluster.state.list('endpointslices.discovery.k8s.io', 'default') as readonly EndpointSlice[]
    const own = slices.filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === 'web')
    const ready = own.flatMap((slice) => (slice.endpoints ?? []).map((one) => `${one.addresses[0]}:80`))
    expect(ready).toHaveLength(1)
    for (const { view } of proxies) {
      const source = '10.244.9.9'
      const outcome = evaluateConnection(view, {
        protocol: 'TCP',
        source,
        destination: service.spec.clusterIP!,
        port: 80,
      })
      expect(outcome).toMatchObject({ verdict: 'forward', via: 'clusterIP' })
      const backends = outcome.verdict === 'forward' ? outcome.backends.map((one) => one.endpoint) : []
      expect(backends).toEqual(ready)
      const atNode = { protocol: 'TCP', source: '203.0.113.9', destination: view.nodeIP, port: 30080 }
      expect(evaluateConnection(view, atNode)).toMatchObject({ verdict: 'forward', via: 'nodePort' })
    }
    const events = cluster.state.list('events', 'default').map((one) => one.metadata.name)
    for (const node of cluster.machines()) expect(events.some((name) => name.startsWith(`${node}.`))).toBe(true)
  })

  it('is the same twice', () => {
    const [a, b] = [run(), run()]
    expect(a.record.hash).toBe(b.record.hash)
    expect(a.cluster.timeline.about(`rules/${a.cluster.machines()[0]!}`).length).toBeGreaterThan(2)
  })
})

import { describe, expect, it } from 'vitest'
import { createSourceHost } from '../../../../cli/source-host.ts'
import { compile } from '../../../../dsl/compile.ts'
import { createCluster } from '../../../../runtime/cluster/create-cluster.ts'
import type { Cluster } from '../../../../runtime/cluster/cluster.ts'
import type { TrafficTruth } from '../../../../runtime/record/traffic-truth.ts'
import { runScenario } from '../../../../runtime/runner/run-scenario.ts'

const pod = (name: string, node: string, more = ''): string => `
    apiVersion: v1
    kind: Pod
    metadata: { name: ${name}, labels: { app: ${name} } }
    spec: { nodeName: ${node}, ${more}containers: [{ name: app, image: "app:1" }] }`
const service = (spec: string): string => `
    apiVersion: v1
    kind: Service
    metadata: { name: web }
    spec: { selector: { app: web }, ports: [{ name: http, port: 80 }, { name: admin, port: 81, targetPort: 8081 }], ${spec} }`
const policy = (spec: string): string => `
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: { name: p }
    spec: { ${spec} }`

interface Given {
  readonly documents: readonly string[]
  readonly load: string
  readonly cluster?: string
  readonly before?: string
}
interface Told {
  readonly truth: TrafficTruth | undefined
  readonly failures: readonly string[]
  readonly sources: readonly string[]
}

const run = ({ documents, load, cluster = '', before = '' }: Given): Told => {
  const text = `scenario "s" {
  cluster { ${cluster}pool workers 2 { cpu 4, memory 8Gi }, images ["app:1"] }
  create \`\`\`yaml${documents.join('\n    ---')}
  \`\`\`
  expect pods are Running within 10s
  wait 3s
  ${before}
  ${load}
  wait 2s
}
`
  const { plan, diagnostics } = compile(['s.kscn'], { ...createSourceHost(), read: (path) => ({ path, text }) })
  if (plan === undefined) throw new Error(diagnostics.map((one) => one.message).join('\n'))
  let made: Cluster | undefined
  runScenario(plan.scenarios[0]!, {
    seed: '1',
    createCluster(...given) {
      made = createCluster(...given)
      return made
    },
  })
  const { timeline, state } = made!
  const told = timeline.about('traffic/default/web').map((entry) => timeline.data(entry) as TrafficTruth)
  return {
    truth: state.truth('traffic/default/web') as TrafficTruth | undefined,
    failures: [...new Set(told.flatMap((one) => (one.failure === undefined ? [] : [one.failure.kind])))],
    sources: [...new Set(told.flatMap((one) => (one.served ?? []).map((served) => served.source)))].sort(),
  }
}

const web = pod('web', 'workers-0')
const client = pod('client', 'workers-1')

describe('the way of a request', () => {
  it.each<[string, Given, string[], string[]]>([
    [
      'a pod by the cluster IP',
      { documents: [web, client, service('')], load: 'load service/web rps 10 from pod/client' },
      [],
      ['10.244.1.2'],
    ],
    [
      'a machine is masqueraded',
      { documents: [web, service('')], load: 'load service/web rps 10 from node/workers-1' },
      [],
      ['192.168.0.11'],
    ],
    [
      'outside has no cluster IP',
      { documents: [web, service('')], load: 'load service/web rps 10 through ClusterIP from outside' },
      ['no-route'],
      [],
    ],
    [
      'a ClusterIP Service has no node port',
      { documents: [web, service('')], load: 'load service/web rps 10 from outside' },
      ['no-route'],
      [],
    ],
    [
      'a Service without that port',
      { documents: [web, service('')], load: 'load service/web rps 10 port grpc' },
      ['no-route'],
      [],
    ],
    [
      'a port that nobody listens on is taken by the pod',
      { documents: [web, service('')], load: 'load service/web rps 10 port admin from pod/web' },
      [],
      ['192.168.0.10'],
    ],
    [
      'a headless Service has no address',
      { documents: [web, service('clusterIP: None')], load: 'load service/web rps 10' },
      ['no-route'],
      [],
    ],
    [
      'a load balancer that nobody has made',
      { documents: [web, service('type: LoadBalancer')], load: 'load service/web rps 10 from outside' },
      ['no-route'],
      [],
    ],
    [
      'the Local policy drops on nodes without a pod',
      {
        documents: [web, service('type: NodePort, externalTrafficPolicy: Local')],
        load: 'load service/web rps 10 through NodePort from outside',
      },
      ['dropped'],
      ['192.0.2.10'],
    ],
    [
      'nobody behind the Service',
      { documents: [client, service('')], load: 'load service/web rps 10 from pod/client' },
      ['refused'],
      [],
    ],
    [
      'a policy denies',
      {
        documents: [web, client, service(''), policy('podSelector: {}')],
        load: 'load service/web rps 10 from pod/client',
        cluster: 'network cilium, ',
      },
      ['denied'],
      [],
    ],
    [
      'a policy that nobody keeps',
      {
        documents: [web, client, service(''), policy('podSelector: {}')],
        load: 'load service/web rps 10 from pod/client',
        cluster: 'network flannel, ',
      },
      [],
      ['10.244.1.2'],
    ],
    [
      'a client on the host network is its node',
      {
        documents: [web, pod('client', 'workers-0', 'hostNetwork: true, '), service(''), policy('podSelector: {}')],
        load: 'load service/web rps 10 from pod/client',
        cluster: 'network calico, ',
      },
      [],
      ['192.168.0.10'],
    ],
  ])('%s', (_, given, failures, sources) => {
    const told = run(given)
    expect([told.failures, told.sources]).toEqual([failures, sources])
    expect(told.truth!.requests).toBeGreaterThan(10)
  })

  it('counts the requests of each client that a load names, and none of one that does not run', () => {
    const given = { documents: [web, client, service('')], load: 'load service/web rps 10 from pods' }
    expect(run({ ...given, before: 'delete pod/client force\n  wait 2s' }).truth?.clients).toEqual({
      'pods/default/web': { requests: 21, errors: 0 },
    })
    const both = run(given).truth!
    expect(Object.keys(both.clients ?? {}).sort()).toEqual(['pods/default/client', 'pods/default/web'])
    expect(Object.values(both.clients ?? {}).reduce((sum, one) => sum + one.requests, 0)).toBe(both.requests)
    expect(run({ ...given, load: 'load service/web rps 10 from pod/nobody' }).truth).toBeUndefined()
  })

  it('adds up loads that go different ways, and ends one with rps 0', () => {
    const documents = [web, client, service('')]
    const two = 'load service/web rps 10 from pod/client\n  load service/web rps 20 from node/workers-0'
    expect(run({ documents, load: two }).truth!.requests).toBeGreaterThan(55)
    const ended = `${two}\n  load service/web rps 0 from node/workers-0`
    expect(run({ documents, load: ended }).truth!.requests).toBeLessThan(25)
  })
})

import { describe, expect, it } from 'vitest'
import { createSourceHost } from '../../../../cli/source-host.ts'
import { compile } from '../../../../dsl/compile.ts'
import { createCluster } from '../../../../runtime/cluster/create-cluster.ts'
import type { Cluster } from '../../../../runtime/cluster/cluster.ts'
import { podCidrOf, podNetworkOf } from '../../../../runtime/cluster/node-object.ts'
import type { TrafficTruth } from '../../../../runtime/record/traffic-truth.ts'
import { runScenario } from '../../../../runtime/runner/run-scenario.ts'
import { readsProxies } from '../../../../runtime/runner/reads-proxies.ts'
import type { ScenarioPlan } from '../../../../dsl/plan/plan.ts'

const web = (container = '{ name: app, image: "app:1" }'): string => `
  apply \`\`\`yaml
    apiVersion: v1
    kind: Service
    metadata: { name: web }
    spec: { selector: { app: web }, ports: [{ port: 80 }] }
    ---
    apiVersion: v1
    kind: Pod
    metadata: { name: web, labels: { app: web } }
    spec: { nodeName: workers-0, containers: [${container}] }
  \`\`\``

const compiled = (body: string): ReturnType<typeof compile> => {
  const text = `scenario "s" {\n  cluster { pool workers 2 { cpu 4, memory 8Gi }, images ["app:1"] }\n${body}\n}\n`
  return compile(['s.kscn'], { ...createSourceHost(), read: (path) => ({ path, text }) })
}
const planOf = (body: string): ScenarioPlan => {
  const { plan, diagnostics } = compiled(body)
  if (plan === undefined) throw new Error(diagnostics.map((one) => one.message).join('\n'))
  return plan.scenarios[0]!
}
const run = (body: string): { readonly verdict: string; readonly cluster: Cluster; readonly truth: TrafficTruth } => {
  let cluster: Cluster | undefined
  const record = runScenario(planOf(body), {
    seed: '1',
    createCluster(...given) {
      cluster = createCluster(...given)
      return cluster
    },
  })
  return {
    verdict: record.verdict,
    cluster: cluster!,
    truth: cluster!.state.truth('traffic/default/web') as TrafficTruth,
  }
}
const ready = 'expect pod/web is Ready within 10s\n  wait 3s'

describe('requests to a Service', () => {
  it('are served by the pod behind it, so many a second', () => {
    const { verdict, truth } = run(`${web()}\n  ${ready}\n  load service/web rps 20\n  wait 10s`)
    expect(verdict).toBe('PASS')
    expect(truth.requests).toBeGreaterThanOrEqual(199)
    expect(truth.requests).toBeLessThanOrEqual(201)
    expect([truth.errors, truth.failure]).toEqual([0, undefined])
  })

  it.each([
    [
      'nobody stands behind the Service',
      `${web()}\n  ${ready}\n  delete pod/web\n  expect pod/web is gone within 40s\n  wait 3s`,
      'refused',
    ],
    [
      'there is no such Service',
      web().replace('name: web }\n    spec: { selector', 'name: other }\n    spec: { selector') + `\n  ${ready}`,
      'no-route',
    ],
    [
      'the nodes cannot reach each other',
      `${web()}\n  ${ready}\n  inject partition node/workers-1 from node/workers-0`,
      'timeout',
    ],
    ['the node has no power', `${web()}\n  ${ready}\n  inject crash node/workers-0`, 'no-host'],
  ])('fail where %s', (_, body, kind) => {
    const { truth, cluster } = run(`${body}\n  load service/web rps 10\n  wait 5s`)
    const { timeline } = cluster
    const told = timeline.about('traffic/default/web').map((entry) => timeline.data(entry) as TrafficTruth)
    const kinds = told.flatMap((one) => (one.failure === undefined ? [] : [one.failure.kind]))
    expect(truth.errors).toBeGreaterThan(0)
    expect([...new Set(kinds)]).toEqual([kind])
  })

  it('grow along a ramp, and end with the load', () => {
    const { truth } = run(
      `${web()}\n  ${ready}\n  load service/web rps 0 -> 100 over 10s\n  wait 10s\n  load service/web rps 0\n  wait 10m`,
    )
    expect(truth.requests).toBeGreaterThan(450)
    expect(truth.requests).toBeLessThan(550)
  })

  it('are counted from a mark on', () => {
    const body = `${web()}\n  ${ready}\n  load service/web rps 10\n  wait 5s\n  mark m\n  wait 2s\n`
    expect(run(`${body}  expect requests(service/web since m) == 20`).verdict).toBe('PASS')
    expect(run(`${body}  expect requests(service/web since m) == 70`).verdict).toBe('FAIL')
  })

  it('are the same in every run', () => {
    const body = `${web()}\n  ${ready}\n  load service/web rps 50\n  wait 5s`
    expect(run(body).cluster.timeline.length).toBe(run(body).cluster.timeline.length)
  })

  it('are sent to nothing but a Service', () => {
    const { diagnostics } = compiled(`${web()}\n  load pod/web rps 5`)
    expect(diagnostics.map((one) => [one.code, one.message])).toContainEqual([
      'K117',
      'requests are sent to a service, not to pod/web',
    ])
  })
})

describe('kube-proxies', () => {
  it.each([
    ['load service/web rps 5', true],
    ['expect errors(service/web) == 0', true],
    ['inject crash kube-proxy/workers-0', true],
    ['expect hops on service/web go kubectl:create -> ... -> kube-proxy:sync within 5s', true],
    ['expect pod/web is Ready within 10s', false],
    ['inject crash node/workers-0', false],
  ])('%s: run there: %s', (statement, there) => {
    const plan = planOf(`${web()}\n  ${statement}`)
    expect(readsProxies(plan)).toBe(there)
    expect(readsProxies(plan)).toBe(there)
  })

  it('are processes of their nodes, and go with their power', () => {
    const { cluster } = run(`${web()}\n  load service/web rps 1\n  inject crash node/workers-1\n  wait 1s`)
    expect(cluster.process('kube-proxy/workers-0')?.up).toBe(true)
    expect(cluster.process('kube-proxy/workers-1')?.up).toBe(false)
    expect(run(`${web()}\n  wait 1s`).cluster.process('kube-proxy/workers-0')).toBeUndefined()
  })
})

describe('ranges of pods', () => {
  it('are addresses of their own, inside the network that kube-proxy is told', () => {
    const ranges = Array.from({ length: 6000 }, (_, index) => podCidrOf(index))
    expect(new Set(ranges).size).toBe(6000)
    for (const range of ranges)
      for (const part of range.split('/')[0]!.split('.')) expect(Number(part)).toBeLessThan(256)
    expect([podNetworkOf(256), podNetworkOf(257), podNetworkOf(3072), podNetworkOf(5000)]).toEqual([
      '10.244.0.0/16',
      '10.240.0.0/12',
      '10.240.0.0/12',
      '10.128.0.0/9',
    ])
  })
})

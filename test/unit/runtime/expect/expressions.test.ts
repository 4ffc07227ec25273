import { describe, expect, it } from 'vitest'
import type { Plot } from '../runner/fake-cluster.ts'
import { runText } from '../runner/run-text.ts'

const pod = (
  name: string,
  node: string | undefined,
  more: { status?: object; metadata?: object; cpu?: string } = {},
): object => ({
  metadata: { name, labels: { app: 'web' }, ...more.metadata },
  spec: {
    ...(node === undefined ? {} : { nodeName: node }),
    containers: [
      {
        name: 'app',
        image: 'web:v1',
        ports: [{ containerPort: 80, protocol: 'TCP' }],
        resources: { requests: { cpu: more.cpu ?? '250m', memory: '64Mi' } },
      },
    ],
  },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }], ...more.status },
})

/** Two zones, three nodes, three pods, a deployment with its counts. */
const small: Plot = (cluster) => {
  for (const [name, zone] of [
    ['n1', 'a'],
    ['n2', 'a'],
    ['n3', 'b'],
  ] as const) {
    cluster.put('nodes', {
      metadata: {
        name,
        labels: { 'topology.kubernetes.io/zone': zone, 'kubernetes.io/hostname': name, pool: 'workers' },
      },
      status: {
        allocatable: { cpu: '2', memory: '4Gi', pods: '110' },
        conditions: [{ type: 'Ready', status: 'True' }],
      },
    })
  }
  cluster.put('deployments.apps', {
    metadata: { name: 'web', generation: 1, annotations: { 'deployment.kubernetes.io/revision': '3' } },
    spec: { replicas: 3, strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: 1 } } },
    status: { observedGeneration: 1, replicas: 3, updatedReplicas: 3, availableReplicas: 3, readyReplicas: 3 },
  })
  cluster.put('pods', pod('web-0', 'n1'))
  cluster.put('pods', pod('web-1', 'n1', { cpu: '1500m' }))
  cluster.put('pods', pod('web-2', 'n3', { status: { phase: 'Pending', conditions: [] } }))
  cluster.put('pods', { ...pod('other', undefined), metadata: { name: 'other', labels: { app: 'db' } } })
  cluster.emit('pods/default/web-0', 'Scheduled', 'assigned default/web-0 to n1')
  cluster.emit('pods/default/web-0', 'Pulled')
  cluster.emit('pods/default/web-0', 'Created')
}

const holds = (sentence: string): string => {
  const { record } = runText(`expect ${sentence}`, small)
  const [finding] = record.findings
  return finding === undefined || finding.severity === 'warning'
    ? 'holds'
    : finding.code === 'F101'
      ? 'fails'
      : finding.message
}

describe('facts', () => {
  it.each([
    ['pods[app=web] are on nodes[pool=workers]', 'holds'],
    ['pods[app=web] are on nodes[zone=a]', 'fails'],
    ['exactly 2 pods[app=web] are on nodes[zone=a]', 'holds'],
    ['2 pods[app=web] are on node/n1', 'holds'],
    ['no pods[app=web] are on node/n2', 'holds'],
    ['any pods[app=web] are on node/n3', 'holds'],
    ['at least 2 pods[app=web] are Ready', 'holds'],
    ['at least 3 pods[app=web] are Ready', 'fails'],
    ['at most 2 pods[app=web] are Ready', 'holds'],
    ['at least 66% pods[app=web] are Ready', 'holds'],
    ['at least 67% pods[app=web] are Ready', 'fails'],
    ['all pods[app=web] are Ready', 'fails'],
    ['all pods[app=none] are Ready', 'fails'],
    ['pods[app in (web,db),!x] exist', 'holds'],
    ['no pods[app=none] exist', 'holds'],
    ['exactly 4 pods exist', 'holds'],
    ['pod/web-0 exists', 'holds'],
    ['pod/none is gone', 'holds'],
    ['pod/none is not gone', 'fails'],
    ['pod/none is not Ready', 'holds'],
    ['pod/none is Ready', 'fails'],
    ['pod/web-* exists', 'holds'],
    ['exactly 3 pod/web-* exist', 'holds'],
    ['pod/web-0@prod is gone', 'holds'],
    ['pods[app=web]@* exist', 'holds'],
    ['pod/other is not on nodes[zone=a]', 'holds'],
    ['not pod/web-2 is Ready and pod/web-0 is Ready', 'holds'],
    ['pod/web-2 is Ready or pod/web-0 is Ready', 'holds'],
  ])('%s: %s', (sentence, expected) => {
    expect(holds(sentence)).toBe(expected)
  })
})

describe('comparisons by value', () => {
  it.each([
    ['deployment/web{.spec.replicas} == 3', 'holds'],
    ['deployment/web{.metadata.annotations["deployment.kubernetes.io/revision"]} == "3"', 'holds'],
    ['pod/web-1{.spec.containers[name=app].resources.requests.cpu} == 1.5', 'holds'],
    ['pod/web-0{.spec.containers[0].resources.requests.cpu} >= 250m', 'holds'],
    ['pod/web-0{.spec.containers[0].resources.requests.memory} == 65536Ki', 'holds'],
    ['deployment/web{.spec.strategy.rollingUpdate.maxSurge} == 25%', 'holds'],
    ['deployment/web{.spec.strategy.rollingUpdate.maxUnavailable} == 1', 'holds'],
    ['deployment/web{.status.unavailableReplicas} == 0', 'holds'],
    ['deployment/web{.status.unavailableReplicas} is absent', 'holds'],
    ['deployment/web{.spec.replicas} is present', 'holds'],
    ['pod/other{.spec.nodeName} == "n1"', 'fails'],
    ['pod/other{.spec.nodeName} != "n1"', 'holds'],
    ['pod/web-0{.spec.nodeName} in ["n1", "n2"]', 'holds'],
    ['pod/web-0{.spec.containers[0].image} matches /^web:v\\d$/', 'holds'],
    ['pod/web-0{.spec.containers[0].image} contains "v1"', 'holds'],
    ['count(pods[app=web]) * 2 + 1 == 7', 'holds'],
    ['count(pods[app=web]) / 2 == 1.5', 'holds'],
    ['count(p in pods[app=web]: p is Ready) == 2', 'holds'],
    ['all p in pods[app=web]: p{.spec.containers[name=app].image} == "web:v1"', 'holds'],
    ['exists p in pods[app=web]: p is Pending', 'holds'],
    ['no p in pods[app=web]: p is Failed', 'holds'],
    ['requested(node/n1, cpu) == 1750m', 'holds'],
    ['requested(node/n1, pods) == 2', 'holds'],
    ['requested(node/n1, memory) <= allocatable(node/n1, memory)', 'holds'],
    ['skew(pods[app=web], zone) == 1', 'holds'],
    ['skew(pods[app=web], hostname) == 2', 'holds'],
    ['max([1, 3, 2]) == 3 and min([4, 2]) == 2 and sum([1, 2]) == 3', 'holds'],
    ['all z in zones: count(p in pods[app=web]: p is on nodes[zone=${z}]) >= 1', 'holds'],
    ['age(pod/web-0) == 0s', 'holds'],
  ])('%s: %s', (sentence, expected) => {
    expect(holds(sentence)).toBe(expected)
  })
})

describe('events', () => {
  it.each([
    ['event Scheduled on pod/web-0', 'holds'],
    ['event Scheduled on pod/web-0 saying "to n1"', 'holds'],
    ['event Scheduled on pod/web-0 saying "to n2"', 'fails'],
    ['event Scheduled on pod/web-*', 'holds'],
    ['event Scheduled on pods[app=web]', 'holds'],
    ['event Scheduled on pods[app=db]', 'fails'],
    ['event Scheduled on pod/web-1', 'fails'],
    ['count(events[reason=Pulled]) == 1', 'holds'],
    ['count(events[reason in (Pulled,Created)]) == 2', 'holds'],
    ['events on pod/web-0 go Scheduled -> Pulled -> Created', 'holds'],
    ['events on pod/web-0 go Scheduled -> Created', 'fails'],
    ['events on pod/web-0 go Scheduled -> ... -> Created', 'holds'],
  ])('%s: %s', (sentence, expected) => {
    expect(holds(sentence)).toBe(expected)
  })

  it('count since a mark, and in an obligation since its trigger', () => {
    const { record } = runText(
      'wait 1s\n mark m\n wait 5s\n expect count(events[reason=Pulled] since m) == 1 and count(events[reason=Pulled]) == 2',
      (cluster) => {
        small(cluster)
        cluster.at(3, () => cluster.emit('pods/default/web-0', 'Pulled'))
      },
    )
    expect(record.verdict).toBe('PASS')
    const late = runText(
      'whenever pod/web-2 is Ready then event Pulled on pod/web-2 within 1s\n wait 5s',
      (cluster) => {
        small(cluster)
        cluster.at(1, () => cluster.emit('pods/default/web-2', 'Pulled'))
        cluster.at(2, () => cluster.put('pods', pod('web-2', 'n3')))
      },
    )
    expect(late.record.findings.map((finding) => [finding.code, finding.at])).toEqual([['F102', 3_000_000]])
  })
})

describe('captured objects', () => {
  it('are those very objects, by UID', () => {
    const { record } = runText(
      'let lost = [p in pods[app=web]: p is on node/n1]\n expect count(lost) == 2\n wait 2s\n' +
        ' expect pod/web-0 exists\n expect exists p in lost: p is gone\n expect exists p in lost: p is not gone\n expect lost are gone within 5s',
      (cluster) => {
        small(cluster)
        cluster.at(1, () => {
          cluster.remove('pods', 'default', 'web-0')
          cluster.put('pods', pod('web-0', 'n2'))
        })
        cluster.at(4, () => cluster.remove('pods', 'default', 'web-1'))
      },
    )
    expect(record.findings).toEqual([])
    expect(record.duration).toBe(4_000_000)
  })
})

describe('matches', () => {
  const matching = (yaml: string, noun = 'pod/web-0'): readonly string[] => {
    const { record } = runText(`expect ${noun} matches \`\`\`yaml\n${yaml}\n\`\`\``, small)
    return record.findings.flatMap(
      (finding) =>
        finding.difference?.rows.map((row) => `${row.path} ${row.expected} ${row.actual}`) ?? [finding.message],
    )
  }
  it.each([
    ['spec: { nodeName: n1 }', []],
    ['spec: { nodeName: n2 }', ['.spec.nodeName "n2" "n1"']],
    ['spec: { nodeName: ${present} }', []],
    ['spec: { nodeName: ${absent} }', ['.spec.nodeName absent "n1"']],
    ['spec: { hostname: ${absent} }', []],
    ['status: { hostIP: ${present} }', ['.status.hostIP present absent']],
    ['spec: { containers: [{ name: app, image: "web:v1" }] }', []],
    ['spec: { containers: [{ name: side }] }', ['.spec.containers[name=side] {"name":"side"} absent']],
    ['spec: { containers: [{ name: app, resources: { requests: { cpu: "0.25" } } }] }', []],
    ['spec: { containers: [{ name: app, ports: [{ containerPort: 80 }] }] }', []],
    [
      'spec: { containers: [{ name: app, ports: [{ containerPort: 81 }] }] }',
      ['.spec.containers[name=app].ports[containerPort=81] {"containerPort":81} absent'],
    ],
    ['status: { conditions: [{ type: Ready, status: "True" }] }', []],
    ['status: { phase: ${any} }', []],
  ])('%s', (yaml, rows) => {
    expect(matching(yaml)).toEqual(rows)
  })

  it('all that a plural names, and at least one', () => {
    expect(matching('status: { phase: Running }', 'pods[app=web]')).toEqual(['.status.phase "Running" "Pending"'])
    expect(matching('status: { phase: Running }', 'pods[app=none]')).toEqual(['nothing matches pods[app=none]'])
  })
})

import { describe, expect, it } from 'vitest'
import type { Plot } from './fake-cluster.ts'
import { runText } from './run-text.ts'

const deployment: Plot = (cluster) => {
  cluster.put('deployments.apps', {
    metadata: { name: 'web', annotations: { 'deployment.kubernetes.io/revision': '2', mine: 'kept-by-owner' } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          containers: [
            { name: 'app', image: 'web:v2' },
            { name: 'side', image: 's' },
          ],
        },
      },
    },
  })
  const owner = cluster.state.get('deployments.apps', 'default', 'web')!.metadata.uid
  for (const [revision, image] of [
    ['1', 'web:v1'],
    ['2', 'web:v2'],
  ] as const) {
    cluster.put('replicasets.apps', {
      metadata: {
        name: `web-${revision}`,
        labels: { app: 'web' },
        annotations: { 'deployment.kubernetes.io/revision': revision, note: `of ${revision}` },
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: owner, controller: true }],
      },
      spec: {
        template: {
          metadata: { labels: { app: 'web', 'pod-template-hash': `h${revision}` } },
          spec: {
            containers: [
              { name: 'app', image },
              { name: 'side', image: 's' },
            ],
          },
        },
      },
    })
  }
  cluster.put('nodes', {
    metadata: { name: 'node-1' },
    spec: { taints: [{ key: 'a', value: '1', effect: 'NoSchedule' }] },
  })
  cluster.put('configmaps', { metadata: { name: 'settings' }, data: { color: 'red' } })
}

/** Requests of the body as `verb resource/subresource name patchType body`. */
const sent = (body: string, plot: Plot = deployment): readonly unknown[] => {
  const { cluster, record } = runText(body, plot)
  expect(record.findings).toEqual([])
  return cluster.requests.map(({ verb, resource, subresource, name, patchType, body: sentBody, options }) => [
    `${verb} ${resource.plural}${subresource === undefined ? '' : `/${subresource}`}${name === undefined ? '' : ` ${name}`}`,
    ...(patchType === undefined ? [] : [patchType]),
    ...(sentBody === undefined ? [] : [sentBody]),
    ...(options?.fieldManager === undefined ? [] : [options.fieldManager]),
  ])
}

describe('steps make the requests that kubectl makes', () => {
  it('scale, label, annotate, patch, delete', () => {
    expect(sent('scale deployment/web to 4')).toEqual([
      ['patch deployments/scale web', 'merge', { spec: { replicas: 4 } }],
    ])
    expect(sent('label configmap/settings team=a old-')).toEqual([
      ['patch configmaps settings', 'merge', { metadata: { labels: { team: 'a', old: null } } }, 'kubectl-label'],
    ])
    expect(sent('annotate configmap/settings note=hello')).toEqual([
      ['patch configmaps settings', 'merge', { metadata: { annotations: { note: 'hello' } } }, 'kubectl-annotate'],
    ])
    expect(sent('patch configmap/settings ```yaml\n    data: { color: green }\n```')).toEqual([
      ['patch configmaps settings', 'strategic', { data: { color: 'green' } }, 'kubectl-patch'],
    ])
    expect(sent('delete configmap/settings')).toEqual([
      ['delete configmaps settings', { propagationPolicy: 'Background' }],
    ])
    expect(sent('delete configmap/settings foreground grace 5s')).toEqual([
      ['delete configmaps settings', { propagationPolicy: 'Foreground', gracePeriodSeconds: 5 }],
    ])
  })

  it('set-image names the containers in their order', () => {
    expect(sent('set-image deployment/web app=web:v3')).toEqual([
      ['get deployments web'],
      [
        'patch deployments web',
        'strategic',
        {
          spec: {
            template: {
              spec: {
                '$setElementOrder/containers': [{ name: 'app' }, { name: 'side' }],
                containers: [{ image: 'web:v3', name: 'app' }],
              },
            },
          },
        },
        'kubectl-set',
      ],
    ])
  })

  it('rollout restart, pause, resume', () => {
    expect(sent('wait 90s\n rollout restart deployment/web')[1]).toEqual([
      'patch deployments web',
      'strategic',
      {
        spec: {
          template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2025-01-01T00:01:30Z' } } },
        },
      },
      'kubectl-rollout',
    ])
    expect(sent('rollout pause deployment/web')[1]).toEqual([
      'patch deployments web',
      'strategic',
      { spec: { paused: true } },
      'kubectl-rollout',
    ])
  })

  it('rollout undo puts back the template before, without its hash, and the annotations of then', () => {
    expect(sent('rollout undo deployment/web').at(-1)).toEqual([
      'patch deployments web',
      'json',
      [
        {
          op: 'replace',
          path: '/spec/template',
          value: {
            metadata: { labels: { app: 'web' } },
            spec: {
              containers: [
                { name: 'app', image: 'web:v1' },
                { name: 'side', image: 's' },
              ],
            },
          },
        },
        {
          op: 'replace',
          path: '/metadata/annotations',
          value: { 'deployment.kubernetes.io/revision': '2', note: 'of 1' },
        },
      ],
    ])
    expect(sent('rollout undo deployment/web to 2')).toHaveLength(2)
  })

  it('cordon leaves alone what is cordoned, taint sends the list that results', () => {
    expect(sent('cordon node/node-1\n cordon node/node-1')).toEqual([
      ['get nodes node-1'],
      ['patch nodes node-1', 'strategic', { spec: { unschedulable: true } }],
      ['get nodes node-1'],
    ])
    expect(sent('taint node/node-1 b=2:NoExecute a=1:NoSchedule-')[1]).toEqual([
      'patch nodes node-1',
      'strategic',
      { spec: { taints: [{ key: 'b', value: '2', effect: 'NoExecute' }] } },
      'kubectl-taint',
    ])
  })

  it('apply is server-side apply as kscn, with the namespace of the scope', () => {
    const [request] = sent('apply ```yaml\n    apiVersion: v1\n    kind: ConfigMap\n    metadata: { name: new }\n```')
    expect(request).toEqual([
      'patch configmaps new',
      'apply',
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'new', namespace: 'default' } },
      'kscn',
    ])
  })
})

const findings = (body: string, plot: Plot = deployment): string => {
  const { record } = runText(body, plot)
  return [record.verdict, ...record.findings.map((finding) => `${finding.code}: ${finding.message}`)].join(' | ')
}

describe('outcomes', () => {
  it.each([
    ['create configmap settings fails AlreadyExists saying "already exists"', 'PASS'],
    ['create configmap settings fails Forbidden', 'FAIL | F103: was refused otherwise'],
    ['create configmap new fails', 'FAIL | F103: should have been refused, and was not'],
    [
      'create configmap settings',
      'ERROR | E201: refused: configmap/settings: AlreadyExists: configmaps "settings" already exists',
    ],
    ['create configmap settings may-fail AlreadyExists', 'PASS'],
    ['create configmap new may-fail AlreadyExists', 'PASS'],
    ['create configmap settings may-fail Forbidden', 'ERROR | E201'],
    ['delete pods[app=none]', 'ERROR | E202: nothing matches pods[app=none]'],
    ['delete pod/none', 'ERROR | E201: refused: pod/none: NotFound: pods "none" not found'],
    ['set-image deployment/web none=x:1 fails saying "unable to find container named"', 'PASS'],
    ['rollout resume deployment/web fails saying "is not paused"', 'PASS'],
    ['rollout undo deployment/web to 9 fails saying "unable to find specified revision 9 in history"', 'PASS'],
    [
      'rollout pause deployment/web\n rollout undo deployment/web fails saying "you cannot rollback a paused deployment"',
      'PASS',
    ],
    [
      'rollout pause deployment/web\n rollout restart deployment/web fails saying "can\'t restart paused deployment"',
      'PASS',
    ],
    ['taint node/node-1 zzz:NoSchedule- fails saying "not found"', 'PASS'],
  ])('%s: %s', (body, expected) => {
    expect(findings(body).slice(0, expected.length)).toBe(expected)
    if (expected === 'PASS') expect(findings(body)).toBe('PASS')
  })
})

describe('drain', () => {
  const pod = (name: string, more: object = {}): object => ({
    metadata: {
      name,
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'rs', uid: 'rs', controller: true }],
      ...more,
    },
    spec: { nodeName: 'node-1', containers: [{ name: 'app' }] },
    status: { phase: 'Running' },
  })
  const crowded: Plot = (cluster) => {
    cluster.put('nodes', { metadata: { name: 'node-1' } })
    cluster.put('pods', pod('a'))
    cluster.put('pods', pod('held', { annotations: { 'test/budget': 'held' } }))
    cluster.put(
      'pods',
      pod('daemon', {
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'd', uid: 'd', controller: true }],
      }),
    )
    cluster.at(12, () => cluster.put('pods', pod('held')))
    cluster.at(3600, () => undefined, 'housekeeping')
  }

  it('evicts, retries what a budget refuses every 5s, leaves daemons alone, and blocks until the pods are gone', () => {
    const { record, cluster } = runText('drain node/node-1', crowded)
    expect(record.findings).toEqual([])
    const evicted = cluster.requests
      .filter((request) => request.subresource === 'eviction')
      .map((request) => request.name)
    expect(evicted).toEqual(['a', 'held', 'held', 'held', 'held'])
    expect(record.duration).toBeGreaterThan(15_000_000)
    expect(record.duration).toBeLessThan(16_000_000)
    expect(cluster.state.get('pods', 'default', 'daemon')).toBeDefined()
  })

  it('is a failure when its time runs out, naming pod and budget', () => {
    expect(findings('drain node/node-1 within 8s', crowded)).toMatch(
      /^FAIL \| F105: .*pods\/"held" -n "default": global timeout reached: 8s .*violate the pod's disruption budget/,
    )
    expect(
      findings('drain node/node-1 within 8s fails Timeout saying "violate the pod\'s disruption budget"', crowded),
    ).toBe('PASS')
  })

  it('does not begin with pods that nothing would make again, unless forced', () => {
    const orphan: Plot = (cluster) => {
      cluster.put('nodes', { metadata: { name: 'node-1' } })
      cluster.put('pods', pod('lonely', { ownerReferences: [] }))
    }
    expect(
      findings(
        'drain node/node-1 fails saying "Pods that declare no controller (use --force to override): default/lonely"',
        orphan,
      ),
    ).toBe('PASS')
    expect(findings('drain node/node-1 force', orphan)).toBe('PASS')
  })
})

describe('faults', () => {
  const processes = ['controller/deployment', 'kubelet/node-1', 'apiserver/0', 'scheduler']
  const log = (body: string): readonly string[] => {
    const { cluster, record } = runText(body, deployment, { processes })
    expect(record.findings).toEqual([])
    return cluster.processLog
  }
  it.each([
    ['inject crash node/node-1\n wait 1s\n heal node/node-1', ['power off', 'power on']],
    ['inject crash node/node-1 for 5s\n wait 4s', ['power off']],
    ['inject crash node/node-1 for 5s\n wait 6s', ['power off', 'power on']],
    ['inject outage zone/a\n heal all', ['power off', 'power on']],
    [
      'inject crash controller/deployment restart 5s\n wait 6s',
      ['controller/deployment crash', 'controller/deployment start'],
    ],
    ['inject crash kubelet/node-1\n expect kubelet/node-1 is Down', ['kubelet/node-1 crash']],
    ['inject crash scheduler\n expect scheduler is Down', ['scheduler crash']],
    [
      'inject partition node/node-1 from apiserver/*\n heal node/node-1',
      ['cut node/node-1 apiserver/*', 'heal node/node-1 apiserver/*'],
    ],
  ])('%s', (body, expected) => {
    expect(log(body)).toEqual(expected)
  })

  it('a target that the cluster does not have is an error of the script', () => {
    expect(findings('inject crash node/node-7')).toBe('ERROR | E202: the cluster has no node/node-7')
    expect(findings('inject crash kubelet/node-7')).toContain('ERROR | E202')
  })

  it('writes what it did into the timeline', () => {
    const { record } = runText('inject crash node/node-1 for 5s\n wait 6s', deployment, { processes })
    const { timeline } = record
    const faults = [...Array(timeline.length).keys()].filter((entry) => timeline.kind(entry) === 'fault')
    expect(faults.map((entry) => [timeline.time(entry), timeline.action(entry), timeline.subject(entry)])).toEqual([
      [0, 'inject crash', 'nodes/node-1'],
      [5_000_000, 'heal crash', 'nodes/node-1'],
    ])
  })
})

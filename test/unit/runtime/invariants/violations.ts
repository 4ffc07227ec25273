import type { ContainerTruth } from '../../../../runtime/record/container-truth.ts'
import type { RequestNote } from '../../../../runtime/record/request-note.ts'
import type { SchedulingVerdict } from '../../../../runtime/record/scheduling-verdict.ts'
import type { WatchHeard, WatchTruth } from '../../../../runtime/record/watch-truth.ts'
import type { FakeCluster } from '../runner/fake-cluster.ts'

/** A history that breaks an invariant, as short as it gets, and its right twin. */
export interface Example {
  readonly broken: (cluster: FakeCluster) => void
  readonly right: (cluster: FakeCluster) => void
  /** Part of what is said. */
  readonly says: string
}

export const controlledBy = (kind: string, name: string, uid: string, apiVersion = 'apps/v1'): object => ({
  apiVersion,
  kind,
  name,
  uid,
  controller: true,
})
export const pod = (name: string, more: { meta?: object; spec?: object; status?: object } = {}): object => ({
  metadata: { name, ...more.meta },
  spec: {
    containers: [{ name: 'app', resources: { requests: { cpu: '1' } } }],
    schedulerName: 'default-scheduler',
    ...more.spec,
  },
  status: { phase: 'Pending', ...more.status },
})
export const ready: { readonly conditions: readonly object[]; readonly phase: string } = {
  conditions: [{ type: 'Ready', status: 'True' }],
  phase: 'Running',
}
export const runs = (
  cluster: FakeCluster,
  where: string,
  more: Partial<ContainerTruth> & { readonly podUid: string },
): void => {
  const truth: ContainerTruth = {
    state: 'Running',
    labels: {},
    image: 'web',
    attempt: 0,
    exitCode: undefined,
    reason: undefined,
    ...more,
  }
  cluster.timeline.append(
    'truth',
    cluster.kernel.actor('runtime'),
    'start',
    `containers/${where}`,
    Object.freeze(truth),
  )
}
/** A client hears something on its watch of all pods, which it opened after revision 1. */
export const hears = (cluster: FakeCluster, heard: WatchHeard, more: Partial<WatchTruth> = {}): void => {
  const truth: WatchTruth = {
    client: 'kubelet/a',
    resource: 'pods',
    namespace: undefined,
    name: undefined,
    fieldSelector: '',
    labelSelector: '',
    initial: false,
    after: 1,
    heard,
    ...more,
  }
  cluster.timeline.append('truth', cluster.kernel.actor('kubelet/a'), 'hear', 'watches/1', Object.freeze(truth))
}
export const verdict = (cluster: FakeCluster, subject: string, more: Partial<SchedulingVerdict>): void => {
  const said: SchedulingVerdict = {
    outcome: 'placed',
    node: undefined,
    message: undefined,
    attempt: 1,
    woken: undefined,
    known: 1,
    evaluated: 1,
    feasible: 1,
    scores: [],
    refusals: [],
    nominated: undefined,
    victims: [],
    ...more,
  }
  cluster.timeline.append('verdict', cluster.kernel.actor('scheduler'), said.outcome, subject, Object.freeze(said))
}
const created = (cluster: FakeCluster, subject: string): void => {
  const note: RequestNote = {
    verb: 'create',
    resource: 'configmaps',
    subresource: undefined,
    user: 'kscn',
    agent: 'kscn',
    code: 201,
    reason: undefined,
    message: undefined,
    reached: 'storage',
    sentAt: 0,
  }
  cluster.timeline.append('request', cluster.kernel.actor('apiserver/0'), 'create', subject, Object.freeze(note))
}
/** A commit as etcd tells it. */
const commit = (cluster: FakeCluster, revision: number, object: object, before?: object): void => {
  const resource = cluster.scheme().byName('configmaps')!
  const data = Object.freeze({ revision, resource, object, before }) as never
  cluster.timeline.append('revision', cluster.kernel.actor('etcd'), 'put', 'configmaps/default/a', data)
}
const configmap = (version: number, meta: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'default', uid: 'u', resourceVersion: String(version), ...meta },
})
const node = (name: string, more: { labels?: object; spec?: object; cpu?: string } = {}): object => ({
  metadata: { name, labels: more.labels ?? {} },
  spec: more.spec ?? {},
  status: { allocatable: { cpu: more.cpu ?? '2', memory: '4Gi' } },
})
const workload = (name: string, spec: object, status: object, meta: object = {}): object => ({
  metadata: { name, generation: 1, ...meta },
  spec,
  status,
})
const slice = (pods: readonly string[], more: object = {}): object => ({
  metadata: { name: 'web-1', labels: { 'kubernetes.io/service-name': 'web' } },
  addressType: 'IPv4',
  endpoints: pods.map((name) => ({
    addresses: ['10.0.0.1'],
    conditions: { ready: true },
    targetRef: { kind: 'Pod', name, namespace: 'default' },
  })),
  ...more,
})
const pods = (cluster: FakeCluster, names: readonly string[], owner: object): void => {
  for (const name of names) cluster.put('pods', pod(name, { meta: { ownerReferences: [owner] }, status: ready }))
}
const spreading = (name: string): object =>
  pod(name, {
    meta: { labels: { app: 'web' } },
    spec: {
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: 'zone',
          whenUnsatisfiable: 'DoNotSchedule',
          labelSelector: { matchLabels: { app: 'web' } },
        },
      ],
    },
  })
const zones = (cluster: FakeCluster): void => {
  cluster.put('nodes', node('a', { labels: { zone: 'a' } }))
  cluster.put('nodes', node('b', { labels: { zone: 'b' } }))
}
const job = (status: object): object => workload('work', {}, status)
const quota = (used: string): object => ({
  metadata: { name: 'q' },
  spec: {},
  status: { hard: { pods: '2' }, used: { pods: used } },
})
const budget = (allowed: number, evicted: readonly string[]): object => ({
  metadata: { name: 'web' },
  status: { disruptionsAllowed: allowed, disruptedPods: Object.fromEntries(evicted.map((one) => [one, 'now'])) },
})
const rollout = (cluster: FakeCluster, second: number, available: number): void => {
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } }
  const spec = { replicas: 3, strategy }
  const status = { observedGeneration: 1, replicas: 3, updatedReplicas: 3, availableReplicas: 3 }
  cluster.put('deployments', workload('web', spec, status, { uid: 'd' }))
  const owned = { ownerReferences: [controlledBy('Deployment', 'web', 'd')] }
  cluster.put('replicasets', workload('web-1', { replicas: 3 }, { availableReplicas: available }, owned))
  cluster.put('replicasets', workload('web-2', { replicas: second }, {}, owned))
}
const put =
  (...objects: readonly (readonly [string, object])[]) =>
  (cluster: FakeCluster): void => {
    for (const [resource, object] of objects) cluster.put(resource, object)
  }
const bound = (name: string, on: string, more: { meta?: object; spec?: object } = {}): readonly [string, object][] => [
  ['pods', pod(name, more)],
  ['pods', pod(name, { ...more, spec: { ...more.spec, nodeName: on } })],
]

export const examples: Readonly<Record<string, Example>> = {
  'bound-once': {
    broken: put(...bound('p', 'a'), ['pods', pod('p', { spec: { nodeName: 'b' } })]),
    right: put(...bound('p', 'a'), ['pods', pod('p', { spec: { nodeName: 'a' }, status: ready })]),
    says: 'it was bound to a, and now to b',
  },
  'no-overcommit': {
    broken(cluster) {
      cluster.put('nodes', node('a', { cpu: '1500m' }))
      for (const name of ['p', 'q']) {
        cluster.put('pods', pod(name, { meta: { uid: name }, spec: { nodeName: 'a' } }))
        runs(cluster, `a/default/${name}/app`, { podUid: name })
      }
    },
    right(cluster) {
      cluster.put('nodes', node('a', { cpu: '1500m' }))
      for (const name of ['p', 'q']) {
        cluster.put('pods', pod(name, { meta: { uid: name }, spec: { nodeName: 'a' } }))
        runs(cluster, `a/default/${name}/app`, { podUid: name })
        runs(cluster, `a/default/${name}/app`, { podUid: name, state: 'Terminated' })
      }
    },
    says: 'request 2000 of cpu',
  },
  'single-owner': {
    broken: put(
      ['pods', pod('p', { meta: { ownerReferences: [controlledBy('ReplicaSet', 'a', '1')] } })],
      ['pods', pod('p', { meta: { ownerReferences: [controlledBy('ReplicaSet', 'b', '2')] } })],
    ),
    right: put(
      ['pods', pod('p', { meta: { ownerReferences: [controlledBy('ReplicaSet', 'a', '1')] } })],
      ['pods', pod('p')],
      ['pods', pod('p', { meta: { ownerReferences: [controlledBy('ReplicaSet', 'b', '2')] } })],
    ),
    says: 'took it from',
  },
  'resource-version-monotonic': {
    broken(cluster) {
      commit(cluster, 12, configmap(12))
      commit(cluster, 11, configmap(11), configmap(12))
    },
    right(cluster) {
      commit(cluster, 12, configmap(12))
      commit(cluster, 13, configmap(13), configmap(12))
    },
    says: 'revision 11 came after 12',
  },
  'no-lost-writes': {
    broken(cluster) {
      commit(cluster, 12, configmap(12))
      commit(cluster, 13, configmap(13), configmap(12))
      commit(cluster, 14, configmap(14), configmap(12))
    },
    right(cluster) {
      commit(cluster, 12, configmap(12))
      created(cluster, 'configmaps/default/a')
      commit(cluster, 13, configmap(13), configmap(12))
    },
    says: 'was computed from version 12, and the last one written is 13',
  },
  'uid-unique': {
    broken: put(
      ['configmaps', { metadata: { name: 'a', uid: 'u' } }],
      ['configmaps', { metadata: { name: 'b', uid: 'u' } }],
    ),
    right: put(
      ['configmaps', { metadata: { name: 'a', uid: 'u' } }],
      ['configmaps', { metadata: { name: 'b', uid: 'v' } }],
    ),
    says: 'was that of configmaps/default/a',
  },
  'deletion-sticky': {
    broken: put(['pods', pod('p', { meta: { deletionTimestamp: '2025-01-01T00:00:30Z' } })], ['pods', pod('p')]),
    right: put(
      ['pods', pod('p', { meta: { deletionTimestamp: '2025-01-01T00:00:30Z', deletionGracePeriodSeconds: 30 } })],
      ['pods', pod('p', { meta: { deletionTimestamp: '2025-01-01T00:09:00Z', deletionGracePeriodSeconds: 0 } })],
    ),
    says: 'was taken away',
  },
  'finalizers-honoured': {
    broken(cluster) {
      cluster.put('pods', pod('p', { meta: { finalizers: ['a/b', 'c/d'] } }))
      cluster.remove('pods', 'default', 'p')
    },
    right(cluster) {
      cluster.put('pods', pod('p', { meta: { finalizers: ['a/b'] } }))
      cluster.put('pods', pod('p'))
      cluster.remove('pods', 'default', 'p')
    },
    says: 'removed with the finalizers a/b, c/d',
  },
  'generation-monotonic': {
    broken: put(['deployments', workload('w', {}, {}, { generation: 2 })], ['deployments', workload('w', {}, {})]),
    right: put(
      ['deployments', workload('w', {}, { observedGeneration: 1 })],
      ['deployments', workload('w', {}, {}, { generation: 2 })],
    ),
    says: 'fell from 2 to 1',
  },
  'phase-sticky': {
    broken: put(
      ['pods', pod('p', { status: { phase: 'Succeeded' } })],
      ['pods', pod('p', { status: { phase: 'Running' } })],
    ),
    right: put(
      ['pods', pod('p', { status: { phase: 'Running' } })],
      ['pods', pod('p', { status: { phase: 'Failed' } })],
    ),
    says: 'went from Succeeded to Running',
  },
  'restarts-monotonic': {
    broken: put(
      ['pods', pod('p', { status: { containerStatuses: [{ name: 'app', restartCount: 2 }] } })],
      ['pods', pod('p', { status: { containerStatuses: [{ name: 'app', restartCount: 1 }] } })],
    ),
    right: put(
      ['pods', pod('p', { status: { containerStatuses: [{ name: 'app', restartCount: 1 }] } })],
      ['pods', pod('p', { status: { containerStatuses: [{ name: 'app', restartCount: 2 }] } })],
    ),
    says: 'restarts of app fell from 2 to 1',
  },
  'pod-on-one-node': {
    broken(cluster) {
      runs(cluster, 'a/default/p/app', { podUid: '1' })
      runs(cluster, 'b/default/p/app', { podUid: '1' })
    },
    right(cluster) {
      runs(cluster, 'a/default/p/app', { podUid: '1' })
      runs(cluster, 'b/default/p/app', { podUid: '2' })
    },
    says: 'it ran on a, and now on b',
  },
  'priority-respected': {
    broken(cluster) {
      put(['pods', pod('low', { spec: { priority: 5 } })], ['pods', pod('high', { spec: { priority: 5 } })])(cluster)
      verdict(cluster, 'pods/default/high', { outcome: 'failed', victims: ['default/low'] })
    },
    right(cluster) {
      put(['pods', pod('low', { spec: { priority: 4 } })], ['pods', pod('high', { spec: { priority: 5 } })])(cluster)
      verdict(cluster, 'pods/default/high', { outcome: 'failed', victims: ['default/low'] })
    },
    says: 'with priority 5 it preempts default/low',
  },
  'selector-immutable': {
    broken: put(
      ['deployments', workload('w', { selector: { matchLabels: { app: 'a' } } }, {})],
      ['deployments', workload('w', { selector: { matchLabels: { app: 'b' } } }, {})],
    ),
    right: put(
      ['deployments', workload('w', { selector: { matchLabels: { app: 'a' } } }, {})],
      ['deployments', workload('w', { replicas: 2, selector: { matchLabels: { app: 'a' } } }, {})],
    ),
    says: 'its selector went from',
  },
  'gates-respected': {
    broken: put(['pods', pod('p', { spec: { schedulingGates: [{ name: 'g' }], nodeName: 'a' } })]),
    right: put(
      ['pods', pod('p', { spec: { schedulingGates: [{ name: 'g' }] } })],
      ['pods', pod('p', { spec: { nodeName: 'a' } })],
    ),
    says: 'waits for g, and is bound to a',
  },
  'job-at-most-completions': {
    broken: put(['jobs', job({ succeeded: 2 })], ['jobs', job({ succeeded: 1 })]),
    right: put(
      ['jobs', job({ succeeded: 1 })],
      ['jobs', job({ succeeded: 2, conditions: [{ type: 'Complete', status: 'True' }] })],
    ),
    says: 'status.succeeded fell from 2 to 1',
  },
  'pdb-respected': {
    broken: put(['poddisruptionbudgets', budget(0, [])], ['poddisruptionbudgets', budget(0, ['web-0'])]),
    right: put(['poddisruptionbudgets', budget(1, [])], ['poddisruptionbudgets', budget(0, ['web-0'])]),
    says: 'it allowed no disruption, and pod/web-0 was evicted',
  },
  'daemon-tolerations': {
    broken: put(['pods', pod('d', { meta: { ownerReferences: [controlledBy('DaemonSet', 'd', '1')] } })]),
    right: put([
      'pods',
      pod('d', {
        meta: { ownerReferences: [controlledBy('DaemonSet', 'd', '1')] },
        spec: { tolerations: [{ operator: 'Exists' }] },
      }),
    ]),
    says: 'does not tolerate',
  },
  'endpoint-slice-size': {
    broken: put(['endpointslices', { metadata: { name: 's' }, endpoints: Array.from({ length: 1001 }, () => ({})) }]),
    right: put(['endpointslices', { metadata: { name: 's' }, endpoints: Array.from({ length: 1000 }, () => ({})) }]),
    says: 'it has 1001 endpoints',
  },
  'no-orphans': {
    broken: put(['pods', pod('p', { meta: { ownerReferences: [controlledBy('ReplicaSet', 'gone', '9')] } })]),
    right: put(
      ['pods', pod('p', { meta: { ownerReferences: [controlledBy('ReplicaSet', 'r', '9')] } })],
      ['replicasets', { metadata: { name: 'r', uid: '9' } }],
    ),
    says: 'none of its 1 owners is there',
  },
  'generation-observed': {
    broken: put(['deployments', workload('w', {}, { observedGeneration: 1 }, { generation: 2 })]),
    right: put(['deployments', workload('w', {}, { observedGeneration: 2 }, { generation: 2 })]),
    says: 'it is at generation 2, and its status at 1',
  },
  converges: {
    broken: put(['replicasets', workload('r', { replicas: 3 }, { replicas: 3, readyReplicas: 2 })]),
    right: put(['replicasets', workload('r', { replicas: 3 }, { replicas: 3, readyReplicas: 3 })]),
    says: 'asks for 3 replicas, has 3, and 2 are ready',
  },
  'settled-is-fixpoint': {
    broken: (cluster) => cluster.at(5, () => undefined),
    right: () => undefined,
    says: 'still has work to do',
  },
  'no-hot-loop': {
    broken(cluster) {
      for (let turn = 0; turn < 20; turn += 1) {
        pods(cluster, [`p-${turn}`], controlledBy('ReplicaSet', 'r', '1'))
        cluster.remove('pods', 'default', `p-${turn}`)
      }
    },
    right(cluster) {
      pods(
        cluster,
        Array.from({ length: 40 }, (_, index) => `p-${index}`),
        controlledBy('ReplicaSet', 'r', '1'),
      )
    },
    says: '19 children were made',
  },
  'no-fight': {
    broken(cluster) {
      for (let turn = 0; turn < 8; turn += 1)
        cluster.put('deployments', workload('w', { replicas: turn % 2 }, {}, { generation: turn + 1 }))
    },
    right(cluster) {
      for (let turn = 0; turn < 8; turn += 1)
        cluster.put('deployments', workload('w', { replicas: turn }, {}, { generation: turn + 1 }))
    },
    says: 'its spec went to and fro 4 times',
  },
  'taints-respected': {
    broken: put(['nodes', node('a', { spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] } })], ...bound('p', 'a')),
    right: put(
      ['nodes', node('a', { spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] } })],
      ...bound('p', 'a', { spec: { tolerations: [{ key: 'k', operator: 'Exists' }] } }),
    ),
    says: 'whose taint k:NoSchedule it does not tolerate',
  },
  'affinity-respected': {
    broken(cluster) {
      put(['nodes', node('a')], ['pods', pod('p', { spec: { nodeSelector: { disk: 'ssd' } } })])(cluster)
      verdict(cluster, 'pods/default/p', { node: 'a' })
    },
    right(cluster) {
      put(
        ['nodes', node('a', { labels: { disk: 'ssd' } })],
        ['pods', pod('p', { spec: { nodeSelector: { disk: 'ssd' } } })],
      )(cluster)
      verdict(cluster, 'pods/default/p', { node: 'a' })
    },
    says: 'which its node selector or affinity does not match',
  },
  'spread-respected': {
    broken(cluster) {
      zones(cluster)
      for (const name of ['p', 'q']) {
        cluster.put('pods', spreading(name))
        verdict(cluster, `pods/default/${name}`, { node: 'a' })
      }
    },
    right(cluster) {
      zones(cluster)
      for (const [name, on] of [
        ['p', 'a'],
        ['q', 'b'],
        ['r', 'a'],
      ] as const) {
        cluster.put('pods', spreading(name))
        verdict(cluster, `pods/default/${name}`, { node: on })
      }
    },
    says: 'zone=a skewed by 2; 1 is allowed',
  },
  'no-starvation': {
    broken(cluster) {
      cluster.put('pods', pod('p'))
      cluster.kernel.idleUntil(400_000_000)
    },
    right(cluster) {
      cluster.put('pods', pod('p'))
      cluster.kernel.idleUntil(300_000_000)
      verdict(cluster, 'pods/default/p', { outcome: 'failed' })
      cluster.kernel.idleUntil(600_000_000)
    },
    says: 'no attempt was made for it in 400s',
  },
  'rollout-availability': {
    broken: (cluster) => rollout(cluster, 2, 3),
    right: (cluster) => rollout(cluster, 1, 2),
    says: 'ask for 5 pods together; 3 and 1 more are allowed',
  },
  'stateful-order': {
    broken(cluster) {
      cluster.put('statefulsets', workload('db', { replicas: 2 }, {}))
      pods(cluster, ['db-1'], controlledBy('StatefulSet', 'db', '1'))
    },
    right(cluster) {
      cluster.put('statefulsets', workload('db', { replicas: 2 }, {}))
      pods(cluster, ['db-0', 'db-1'], controlledBy('StatefulSet', 'db', '1'))
    },
    says: 'it was made while db-0 was not there',
  },
  'stateful-at-most-one': {
    broken(cluster) {
      const labels = { 'statefulset.kubernetes.io/pod-name': 'db-0' }
      runs(cluster, 'a/default/db-0/app', { podUid: '1', labels })
      runs(cluster, 'b/default/db-0/app', { podUid: '2', labels })
    },
    right(cluster) {
      const labels = { 'statefulset.kubernetes.io/pod-name': 'db-0' }
      runs(cluster, 'a/default/db-0/app', { podUid: '1', labels })
      runs(cluster, 'a/default/db-0/app', { podUid: '1', labels, state: 'Terminated' })
      runs(cluster, 'b/default/db-0/app', { podUid: '2', labels })
    },
    says: 'it runs 2 times: on a and on b',
  },
  'daemon-one-per-node': {
    broken(cluster) {
      for (const name of ['d-1', 'd-2'])
        cluster.put(
          'pods',
          pod(name, { meta: { ownerReferences: [controlledBy('DaemonSet', 'd', '1')] }, spec: { nodeName: 'a' } }),
        )
    },
    right(cluster) {
      for (const name of ['d-1', 'd-2'])
        cluster.put(
          'pods',
          pod(name, { meta: { ownerReferences: [controlledBy('DaemonSet', 'd', '1')] }, spec: { nodeName: name } }),
        )
    },
    says: '2 of its pods are on that node',
  },
  'quota-respected': {
    broken: put(['resourcequotas', quota('2')], ['resourcequotas', quota('3')]),
    right: put(['resourcequotas', quota('3')], ['resourcequotas', quota('2')]),
    says: 'the use of pods grew from 2 to 3; 2 is allowed',
  },
  'limits-respected': {
    broken: put(
      ['limitranges', { metadata: { name: 'l' }, spec: { limits: [{ type: 'Container', max: { cpu: '1' } }] } }],
      ['pods', pod('p', { spec: { containers: [{ name: 'app', resources: { limits: { cpu: '2' } } }] } })],
    ),
    right: put(
      ['limitranges', { metadata: { name: 'l' }, spec: { limits: [{ type: 'Container', max: { cpu: '2' } }] } }],
      ['pods', pod('p', { spec: { containers: [{ name: 'app', resources: { limits: { cpu: '2' } } }] } })],
    ),
    says: 'app may use 2 of cpu; at most 1 is allowed',
  },
  'endpoints-ready-only': {
    broken: put(['pods', pod('p')], ['endpointslices', slice(['p'])]),
    right: put(['endpointslices', slice(['p'])], ['pods', pod('p', { status: ready })]),
    says: 'it is not ready, and endpointslices.discovery.k8s.io/default/web-1 calls it ready',
  },
  'endpoints-complete': {
    broken: put(
      ['services', { metadata: { name: 'web' }, spec: { selector: { app: 'web' } } }],
      ['pods', pod('p', { meta: { labels: { app: 'web' } }, status: ready })],
    ),
    right: put(
      ['services', { metadata: { name: 'web' }, spec: { selector: { app: 'web' } } }],
      ['pods', pod('p', { meta: { labels: { app: 'web' } }, status: ready })],
      ['endpointslices', slice(['p'])],
    ),
    says: 'it is ready, and no EndpointSlice of the Service says so',
  },
  'watch-ordered': {
    broken(cluster) {
      hears(cluster, { kind: 'opened' })
      put(['pods', pod('p')], ['pods', pod('p', { status: ready })])(cluster)
      hears(cluster, { kind: 'MODIFIED', subject: 'pods/default/p', revision: 3 })
    },
    right(cluster) {
      hears(cluster, { kind: 'opened' })
      put(['pods', pod('p')], ['pods', pod('p', { status: ready })])(cluster)
      hears(cluster, { kind: 'ADDED', subject: 'pods/default/p', revision: 2 })
      hears(cluster, { kind: 'MODIFIED', subject: 'pods/default/p', revision: 3 })
    },
    says: 'kubelet/a watches pods: it was told of revision 3 and never of revision 2, which added pods/default/p',
  },
}

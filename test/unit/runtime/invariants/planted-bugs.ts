import type { KubeObject } from '../../../../api/object.ts'
import { resourceName } from '../../../../api/object-key.ts'
import type { ApiResponse } from '../../../../api/protocol/response.ts'
import type { TamperEtcd } from '../../../support/tamper-etcd.ts'
import type { Tamper } from '../../../zoo/planted-bug.ts'
import { deafTo, hearsWrong, neverWrites, writesTwice, writesWrong } from '../../../zoo/tampers.ts'

/** A bug in a component of a real cluster that breaks an invariant, and a scenario in which it does. */
export interface PlantedViolation {
  /** What the mistake is, in a sentence. */
  readonly bug: string
  /** Between a component and the API server. */
  readonly tamper?: Tamper
  /** Between the API server and etcd. */
  readonly etcd?: TamperEtcd
  /** Settings of the cluster that are the mistake. */
  readonly settings?: string
  /** Statements of a scenario with a cluster of two workers; the invariant is upheld from its beginning. */
  readonly body: string
  /** How the scenario asks for the invariant at its end, where that is not `always`. */
  readonly asks?: string
}

type Draft = Record<string, unknown>

const at = (value: unknown, path: readonly string[], change: (old: unknown) => unknown): unknown => {
  const [field, ...rest] = path
  if (field === undefined) return change(value)
  return { ...(value as Draft), [field]: at((value as Draft | undefined)?.[field], rest, change) }
}
/** Commits of a resource bear something else in a field. `when` looks at what was there before. */
const commits = (
  resource: string,
  path: string,
  change: (old: unknown) => unknown,
  when: (before: KubeObject | undefined, key: string) => boolean = () => true,
): TamperEtcd => ({
  commit(op, before) {
    if (op.type !== 'put' || resourceName(op.resource) !== resource || !when(before?.value, op.key)) return op
    return {
      ...op,
      value: (revision) => at(op.value(revision), path.split('.'), change) as KubeObject,
    }
  },
})

const once = <A extends readonly unknown[]>(test: (...args: A) => boolean): ((...args: A) => boolean) => {
  let struck = false
  return (...args) => {
    if (struck || !test(...args)) return false
    struck = true
    return true
  }
}
const isUpdate = (before: KubeObject | undefined): boolean => before !== undefined
const nodeOf = (object: KubeObject | undefined): string | undefined =>
  (object as { spec?: { nodeName?: string } } | undefined)?.spec?.nodeName
const phaseOf = (object: KubeObject | undefined): string | undefined =>
  (object as { status?: { phase?: string } } | undefined)?.status?.phase

const web = (replicas: number, more = ''): string => `
  apply \`\`\`yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: web }
    spec:
      replicas: ${replicas}
      selector: { matchLabels: { app: web } }
      template:
        metadata: { labels: { app: web } }
        spec:
          terminationGracePeriodSeconds: 1
          containers: [{ name: app, image: "web:v1", resources: { requests: { cpu: 100m } } }]${more}
  \`\`\``
const pod = (name: string, spec = '', cpu = '100m'): string => `
  apply \`\`\`yaml
    apiVersion: v1
    kind: Pod
    metadata: { name: ${name}, labels: { app: web } }
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{ name: app, image: "web:v1", resources: { requests: { cpu: ${cpu} } } }]${spec}
  \`\`\``
const job = (completions: number): string => `
  apply \`\`\`yaml
    apiVersion: batch/v1
    kind: Job
    metadata: { name: work }
    spec:
      completions: ${completions}
      template:
        spec: { restartPolicy: Never, containers: [{ name: app, image: "task:v1" }] }
  \`\`\``
const daemons = `
  apply \`\`\`yaml
    apiVersion: apps/v1
    kind: DaemonSet
    metadata: { name: agent }
    spec:
      selector: { matchLabels: { app: agent } }
      template:
        metadata: { labels: { app: agent } }
        spec: { containers: [{ name: app, image: "web:v1" }] }
  \`\`\``
const database = (grace = 1): string => `
  apply \`\`\`yaml
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: { name: db }
    spec:
      replicas: 2
      serviceName: db
      selector: { matchLabels: { app: db } }
      template:
        metadata: { labels: { app: db } }
        spec:
          terminationGracePeriodSeconds: ${grace}
          containers: [{ name: app, image: "web:v1" }]
  \`\`\``
const service = `
  apply \`\`\`yaml
    apiVersion: v1
    kind: Service
    metadata: { name: web }
    spec: { selector: { app: web }, ports: [{ port: 80 }] }
  \`\`\``
/** Never ready. */
const waiting = `
  behavior image "slow:*" { pull 1s, start 1s, never ready }
  apply \`\`\`yaml
    apiVersion: v1
    kind: Pod
    metadata: { name: p, labels: { app: web } }
    spec:
      containers: [{ name: app, image: "slow:v1", readinessProbe: { httpGet: { port: 80 } } }]
  \`\`\`
`
const budget = `
  apply \`\`\`yaml
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata: { name: web }
    spec: { maxUnavailable: 1, selector: { matchLabels: { app: web } } }
  \`\`\``
const classes = `
  apply \`\`\`yaml
    apiVersion: scheduling.k8s.io/v1
    kind: PriorityClass
    metadata: { name: high }
    value: 1000
  \`\`\``

const refusal: ApiResponse = {
  code: 500,
  body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code: 500, reason: 'InternalError' },
}
const scheduler = 'system:kube-scheduler'
const kubelet = 'system:node'
const gone = (): undefined => undefined
const status = { subresource: 'status' } as const

export const plantedViolations: Readonly<Record<string, PlantedViolation>> = {
  'affinity-respected': {
    bug: 'the scheduler does not see node selectors',
    tamper: hearsWrong('pods', 'spec.nodeSelector', gone, scheduler),
    body: pod('p', '\n      nodeSelector: { disk: ssd }') + '\n  wait 30s',
  },
  'bound-once': {
    bug: 'the API server lets a status write move a pod',
    etcd: commits(
      'pods',
      'spec.nodeName',
      (old) => (old === 'workers-0' ? 'workers-1' : 'workers-0'),
      (before) => phaseOf(before) === 'Running',
    ),
    body: pod('p') + '\n  expect pod/p is Running within 30s\n  label pod/p a=b\n  wait 10s',
  },
  converges: {
    bug: 'the ReplicaSet controller never writes its status',
    tamper: neverWrites('replicaset-controller', { resource: 'replicasets', ...status }),
    body: web(2) + '\n  wait 5m',
    asks: 'expect converges',
  },
  'daemon-one-per-node': {
    bug: 'the DaemonSet controller sends each creation twice',
    tamper: writesTwice('daemon-set-controller', { verb: 'create', resource: 'pods' }),
    body: daemons + '\n  wait 1s',
  },
  'daemon-tolerations': {
    bug: 'the DaemonSet controller forgets the tolerations of its pods',
    tamper: writesWrong('daemon-set-controller', { verb: 'create', resource: 'pods' }, 'spec.tolerations', gone),
    body: daemons + '\n  wait 10s',
  },
  'deletion-sticky': {
    bug: 'the API server takes a deletion back at the next write',
    etcd: commits(
      'pods',
      'metadata.deletionTimestamp',
      gone,
      (before) => before?.metadata.deletionTimestamp !== undefined,
    ),
    body: pod('p') + '\n  expect pod/p is Running within 30s\n  delete pod/p\n  wait 10s',
  },
  'endpoint-slice-size': {
    bug: 'the API server takes a slice of any size',
    etcd: commits('endpointslices.discovery.k8s.io', 'endpoints', (old) =>
      Array.from({ length: 1001 }, () => (old as readonly unknown[] | undefined)?.[0] ?? { addresses: ['10.0.0.1'] }),
    ),
    body: service + pod('p') + '\n  wait 20s',
  },
  'endpoints-complete': {
    bug: 'the EndpointSlice controller never writes',
    tamper: neverWrites('endpointslice-controller', { resource: 'endpointslices' }),
    body: service + web(2) + '\n  expect 2 pods[app=web] are Ready within 30s\n  wait 1m',
    asks: 'expect endpoints-complete',
  },
  'endpoints-ready-only': {
    bug: 'the EndpointSlice controller takes every pod for ready',
    tamper: {
      who: 'endpointslice-controller',
      request: (request) =>
        request.resource.plural === 'endpointslices' && request.body !== undefined
          ? {
              ...request,
              body: at(request.body, ['endpoints'], (old) =>
                ((old as readonly Draft[] | undefined) ?? []).map((one) => ({ ...one, conditions: { ready: true } })),
              ),
            }
          : request,
    },
    body: service + waiting + '\n  wait 1m',
    asks: 'expect endpoints-ready-only',
  },
  'finalizers-honoured': {
    bug: 'the API server removes objects whatever their finalizers',
    etcd: {
      commit: (op, before) =>
        op.type === 'put' && op.resource.plural === 'configmaps' && (before?.value.metadata.finalizers?.length ?? 0) > 1
          ? { type: 'delete', resource: op.resource, key: op.key }
          : op,
    },
    body: `
  apply \`\`\`yaml
    apiVersion: v1
    kind: ConfigMap
    metadata: { name: a, finalizers: [example.com/one, example.com/two] }
  \`\`\`
  delete configmap/a
  wait 1s`,
  },
  'gates-respected': {
    bug: 'the API server forgets whether a gate is there when it binds',
    etcd: commits('pods', 'spec.nodeName', () => 'workers-0', isUpdate),
    body: pod('p', '\n      schedulingGates: [{ name: example.com/hold }]') + '\n  label pod/p a=b\n  wait 1s',
  },
  'generation-monotonic': {
    bug: 'the API server counts generations backwards',
    etcd: commits('deployments.apps', 'metadata.generation', (old) => 10 - Number(old)),
    body: web(1) + '\n  scale deployment/web to 2\n  wait 10s',
  },
  'generation-observed': {
    bug: 'the Deployment controller writes an old generation into its status',
    tamper: writesWrong(
      'deployment-controller',
      { resource: 'deployments', ...status },
      'status.observedGeneration',
      () => 1,
    ),
    body: web(1) + '\n  scale deployment/web to 2\n  wait 30s',
    asks: 'expect generation-observed',
  },
  'job-at-most-completions': {
    bug: 'the API server keeps every second count of a Job only',
    etcd: commits('jobs.batch', 'status.succeeded', (old) => (Number(old ?? 0) % 2 === 0 ? 0 : old)),
    body: job(4) + '\n  wait 2m',
  },
  'limits-respected': {
    bug: 'LimitRanger is switched off',
    settings: 'apiserver { disable-admission-plugins LimitRanger }',
    body: `
  apply \`\`\`yaml
    apiVersion: v1
    kind: LimitRange
    metadata: { name: small }
    spec: { limits: [{ type: Container, max: { cpu: 50m } }] }
  \`\`\`
  apply \`\`\`yaml
    apiVersion: v1
    kind: Pod
    metadata: { name: p }
    spec: { containers: [{ name: app, image: "web:v1", resources: { limits: { cpu: 100m } } }] }
  \`\`\`
  wait 1s`,
  },
  'no-fight': {
    bug: 'the Deployment controller scales to another number at every turn',
    tamper: {
      who: 'deployment-controller',
      request: (request, count) =>
        request.verb === 'update' && request.resource.plural === 'replicasets' && request.subresource === undefined
          ? { ...request, body: at(request.body, ['spec', 'replicas'], () => 1 + (count % 2)) }
          : request,
    },
    body: web(3) + '\n  wait 1s\n  scale deployment/web to 4\n  wait 2m',
  },
  'no-hot-loop': {
    bug: 'the kubelet calls every pod failed',
    tamper: writesWrong(kubelet, { verb: 'patch', resource: 'pods', ...status }, 'status.phase', () => 'Failed'),
    body: web(1) + '\n  wait 20s',
  },
  'no-lost-writes': {
    bug: 'etcd acknowledges a write and does not keep it',
    etcd: {
      commit: (op, before) =>
        op.resource.plural === 'configmaps' && op.key === 'default/a' && before === undefined ? 'lost' : op,
    },
    body: `
  create configmap a
  wait 1s`,
  },
  'no-orphans': {
    bug: 'the garbage collector never deletes',
    tamper: neverWrites('generic-garbage-collector', { verb: 'delete', resource: 'replicasets' }),
    body: web(1) + '\n  expect deployment/web is RolledOut within 1m\n  delete deployment/web\n  settle',
    asks: 'expect no-orphans',
  },
  'no-overcommit': {
    bug: 'scheduler and kubelet see no requests',
    tamper: hearsWrong('pods', 'spec', (spec) => ({
      ...(spec as Draft),
      containers: ((spec as Draft)['containers'] as readonly Draft[]).map((one) => ({ ...one, resources: {} })),
    })),
    body: pod('p', '', '1500m') + pod('q', '', '1500m') + pod('r', '', '1500m') + '\n  wait 30s',
  },
  'no-starvation': {
    bug: 'the scheduler does not hear of new pods',
    tamper: deafTo('pods', 'ADDED', () => true, scheduler),
    body: pod('p') + '\n  wait 10m',
  },
  'pdb-respected': {
    bug: 'the API server reads budgets that were never spent',
    etcd: {
      read: (row, resource) =>
        resource === 'poddisruptionbudgets'
          ? { ...row, value: at(row.value, ['status', 'disruptionsAllowed'], () => 1) as KubeObject }
          : row,
    },
    body:
      web(3) +
      budget +
      '\n  expect deployment/web is RolledOut within 1m\n  expect poddisruptionbudget/web is DisruptionAllowed within 30s' +
      '\n  let pods = [p in pods[app=web]: true]\n  each p in pods {\n    evict p may-fail\n  }\n  wait 5s',
  },
  'phase-sticky': {
    bug: 'the API server starts a pod again that has ended',
    etcd: commits(
      'pods',
      'status.phase',
      () => 'Running',
      (before) => phaseOf(before) === 'Succeeded',
    ),
    body: job(1) + '\n  wait 2m',
  },
  'pod-on-one-node': {
    bug: 'the API server moves a running pod',
    etcd: commits(
      'pods',
      'spec.nodeName',
      (old) => (old === 'workers-0' ? 'workers-1' : 'workers-0'),
      once((before) => phaseOf(before) === 'Running'),
    ),
    body: pod('p') + '\n  expect pod/p is Running within 30s\n  label pod/p a=b\n  wait 30s',
  },
  'priority-respected': {
    bug: 'the scheduler takes the lowest pods for the highest',
    tamper: hearsWrong('pods', 'spec.priority', (old) => (old === 0 ? 5000 : 0), scheduler),
    body:
      classes +
      pod('first', '\n      priorityClassName: high', '1800m') +
      pod('second', '\n      priorityClassName: high', '1800m') +
      '\n  expect pods[app=web] are Running within 30s' +
      pod('third', '', '1800m') +
      '\n  wait 30s',
  },
  'quota-respected': {
    bug: 'ResourceQuota is switched off',
    settings: 'apiserver { disable-admission-plugins ResourceQuota }',
    body: `
  apply \`\`\`yaml
    apiVersion: v1
    kind: ResourceQuota
    metadata: { name: few }
    spec: { hard: { pods: "1" } }
  \`\`\`
  wait 10s${web(3)}
  wait 10m`,
  },
  'resource-version-monotonic': {
    bug: 'the API server writes an old resourceVersion into what it stores',
    etcd: commits(
      'configmaps',
      'metadata.resourceVersion',
      () => '1',
      (before) => before !== undefined,
    ),
    body: '\n  create configmap a\n  label configmap/a a=b\n  wait 1s',
  },
  'restarts-monotonic': {
    bug: 'the API server keeps every second restart only',
    etcd: commits('pods', 'status.containerStatuses', (old) =>
      (old as readonly Draft[] | undefined)?.map((one) => ({ ...one, restartCount: Number(one['restartCount']) % 2 })),
    ),
    body: `
  behavior image "bad:*" { crash after 5s }
  apply \`\`\`yaml
    apiVersion: v1
    kind: Pod
    metadata: { name: p }
    spec: { containers: [{ name: app, image: "bad:v1" }] }
  \`\`\`
  wait 2m`,
  },
  'rollout-availability': {
    bug: 'the Deployment controller surges by one too many',
    tamper: hearsWrong('deployments', 'spec.strategy', (old) => ({
      ...(old as Draft),
      rollingUpdate: { maxSurge: 5, maxUnavailable: 0 },
    })),
    body: web(4) + '\n  expect deployment/web is RolledOut within 1m\n  set-image deployment/web app=web:v2\n  wait 2m',
  },
  'selector-immutable': {
    bug: 'the API server lets a selector change',
    etcd: commits(
      'deployments.apps',
      'spec.selector.matchLabels',
      () => ({ app: 'other' }),
      once((before) => before !== undefined),
    ),
    body: web(1) + '\n  expect deployment/web is RolledOut within 1m',
  },
  'settled-is-fixpoint': {
    bug: 'the API server refuses the pods of every Job',
    tamper: {
      who: 'job-controller',
      request: (request) =>
        request.verb === 'create' && request.resource.plural === 'pods' ? { answer: refusal } : request,
    },
    body: job(1) + '\n  wait 1m',
    asks: 'expect settled-is-fixpoint',
  },
  'single-owner': {
    bug: 'the API server lets another controller take a pod',
    etcd: commits(
      'pods',
      'metadata.ownerReferences',
      (old) => ((old as readonly Draft[] | undefined) ?? []).map((one) => ({ ...one, uid: 'another' })),
      once((before) => nodeOf(before) !== undefined),
    ),
    body: web(1) + '\n  wait 30s',
  },
  'spread-respected': {
    bug: 'the scheduler sees no spread constraints and likes the first node',
    tamper: hearsWrong(
      'pods',
      'spec',
      (spec) => {
        const { topologySpreadConstraints: _, ...rest } = spec as Draft
        return { ...rest, nodeSelector: { 'kubernetes.io/hostname': 'workers-0' } }
      },
      scheduler,
    ),
    body:
      web(
        2,
        `
          topologySpreadConstraints:
            - maxSkew: 1
              topologyKey: kubernetes.io/hostname
              whenUnsatisfiable: DoNotSchedule
              labelSelector: { matchLabels: { app: web } }`,
      ) + '\n  wait 30s',
  },
  'stateful-at-most-one': {
    bug: 'the taint eviction deletes pods at once, whatever runs',
    tamper: {
      request: (request) =>
        request.verb === 'delete' && request.resource.plural === 'pods'
          ? { ...request, body: { ...(request.body as object | undefined), gracePeriodSeconds: 0 } }
          : request,
    },
    body:
      database() +
      '\n  expect 2 pods[app=db] are Ready within 1m\n  inject partition node/workers-0 from apiserver/*\n  wait 10m',
  },
  'stateful-order': {
    bug: 'the StatefulSet controller takes every policy for Parallel',
    tamper: hearsWrong('statefulsets', 'spec.podManagementPolicy', () => 'Parallel'),
    body: database() + '\n  wait 30s',
  },
  'taints-respected': {
    bug: 'the scheduler sees no taints',
    tamper: hearsWrong('nodes', 'spec.taints', gone, scheduler),
    body: '\n  taint nodes owner=me:NoSchedule' + pod('p') + '\n  wait 30s',
  },
  'uid-unique': {
    bug: 'the API server gives everything the same UID',
    etcd: commits(
      'configmaps',
      'metadata.uid',
      () => 'u',
      (before, key) => before === undefined && key.startsWith('default/'),
    ),
    body: '\n  create configmap a\n  create configmap b\n  wait 1s',
  },
  'watch-ordered': {
    bug: 'the API server leaves deletions out of what it tells',
    tamper: deafTo('pods', 'DELETED'),
    body:
      pod('p') +
      '\n  expect pod/p is Running within 30s\n  delete pod/p\n  expect pod/p is gone within 30s' +
      pod('q') +
      '\n  wait 30s',
  },
}

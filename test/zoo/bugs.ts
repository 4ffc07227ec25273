import type { KubeObject } from '../../api/object.ts'
import type { ApiRequest } from '../../api/protocol/request.ts'
import type { PlantedBug, Size } from './planted-bug.ts'
import { deafTo, hearsWrong, ignoresRefusals, neverWrites, writesTwice, writesWrong } from './tampers.ts'

const replicas = 'replicas-kept'
const rollouts = 'rollouts-converge'
const jobs = 'jobs-complete'
const daemons = 'daemons-everywhere'
const stateful = 'stateful-in-order'
const endpoints = 'endpoints-follow'
const placement = 'placement-fits'
const nodes = 'nodes-come-and-go'

const more = (old: unknown): unknown => (typeof old === 'number' ? old + 1 : old)
const less = (old: unknown): unknown => (typeof old === 'number' && old > 0 ? old - 1 : old)
const gone = (): undefined => undefined
const statusOf = (object: KubeObject): { readonly phase?: string } => (object as { status?: object }).status ?? {}
const isBound = (object: KubeObject): boolean =>
  (object as { spec?: { nodeName?: string } }).spec?.nodeName !== undefined
const isTerminating = (object: KubeObject): boolean =>
  (object.metadata as { deletionTimestamp?: string }).deletionTimestamp !== undefined
const replicaSets = 'replicaset-controller'
const deployments = 'deployment-controller'
const jobController = 'job-controller'
const daemonSets = 'daemon-set-controller'
const statefulSets = 'statefulset-controller'
const slices = 'endpointslice-controller'
const legacy = 'endpoint-controller'
const scheduler = 'system:kube-scheduler'
const manager = 'system:kube-controller-manager'
const kubelet = 'system:node'
const collector = 'generic-garbage-collector'

const renamed = (request: ApiRequest): ApiRequest => {
  const { metadata, ...rest } = request.body as KubeObject
  return { ...request, body: { ...rest, metadata: { ...metadata, name: `${metadata.name}-again` } } }
}

const pods = { resource: 'pods' } as const
const main = { subresource: undefined } as const
const status = { subresource: 'status' } as const
const sieve = (kind: 'stale state' | 'unobserved state' | 'intermediate state'): string => `Sieve: ${kind}`

/** A workload on a node: nothing has to happen to them. */
const alone: Size = { faults: 0, holds: 0, steps: 0, objects: 2 }

/** With the Service that is asked. */
const served: Size = { ...alone, objects: 3 }
/** An open and a closed node, and what is to be placed. */
const placed: Size = { ...alone, objects: 3 }

/** Budgets are runs of the property's own exploration, its examples first. */
export const bugs: readonly PlantedBug[] = [
  // replicaset
  {
    name: 'a ReplicaSet creates each pod twice',
    source: 'kubernetes/kubernetes#88851',
    property: replicas,
    budget: 20,
    minimum: alone,
    tamper: writesTwice(replicaSets, { verb: 'create', ...pods }),
  },
  {
    name: 'a ReplicaSet takes a pod for created that was never sent',
    source: sieve('intermediate state'),
    property: replicas,
    budget: 20,
    minimum: alone,
    tamper: neverWrites(replicaSets, { verb: 'create', ...pods }),
  },
  {
    name: 'a ReplicaSet never deletes',
    source: sieve('unobserved state'),
    property: replicas,
    budget: 60,
    minimum: alone,
    tamper: neverWrites(replicaSets, { verb: 'delete', ...pods }),
  },
  {
    name: 'a ReplicaSet forgets the owner of its pods',
    source: 'plain mistake',
    property: replicas,
    budget: 20,
    minimum: alone,
    tamper: writesWrong(replicaSets, { verb: 'create', ...pods }, 'metadata.ownerReferences', gone),
  },
  {
    name: 'a ReplicaSet forgets the labels of its pods',
    source: 'plain mistake',
    property: replicas,
    budget: 20,
    minimum: alone,
    tamper: writesWrong(replicaSets, { verb: 'create', ...pods }, 'metadata.labels', gone),
  },
  {
    name: 'a ReplicaSet is deaf to deleted pods',
    source: sieve('unobserved state'),
    property: replicas,
    budget: 60,
    minimum: alone,
    tamper: deafTo('pods', 'DELETED'),
  },
  {
    name: 'a ReplicaSet never writes its status',
    source: 'plain mistake',
    property: replicas,
    budget: 20,
    minimum: alone,
    tamper: neverWrites(replicaSets, { verb: 'update', resource: 'replicasets', ...status }),
  },
  {
    name: 'a ReplicaSet counts one pod too many in its status',
    source: 'plain mistake',
    property: replicas,
    budget: 20,
    minimum: alone,
    tamper: writesWrong(replicaSets, { verb: 'update', resource: 'replicasets', ...status }, 'status.replicas', more),
  },
  {
    name: 'a ReplicaSet counts one ready pod too few in its status',
    source: 'plain mistake',
    property: replicas,
    budget: 20,
    minimum: alone,
    tamper: writesWrong(
      replicaSets,
      { verb: 'update', resource: 'replicasets', ...status },
      'status.readyReplicas',
      less,
    ),
  },
  {
    name: 'a ReplicaSet hears that it wants one pod more',
    source: sieve('stale state'),
    property: replicas,
    budget: 20,
    minimum: alone,
    tamper: hearsWrong('replicasets', 'spec.replicas', more),
  },
  {
    name: 'a ReplicaSet does not hear that it was scaled',
    source: sieve('stale state'),
    property: replicas,
    budget: 60,
    minimum: alone,
    tamper: deafTo('replicasets', 'MODIFIED'),
  },
  {
    name: 'a ReplicaSet creates its pods in another namespace',
    source: 'plain mistake',
    property: replicas,
    budget: 20,
    minimum: alone,
    tamper: {
      who: replicaSets,
      request: (request) =>
        request.verb === 'create' && request.resource.plural === 'pods'
          ? {
              ...request,
              namespace: 'kube-system',
              body: {
                ...(request.body as object),
                metadata: { ...(request.body as KubeObject).metadata, namespace: 'kube-system' },
              },
            }
          : request,
    },
  },
  {
    name: 'a ReplicaSet does not hear of the pods that it has created',
    source: 'kubernetes/kubernetes#129795',
    property: replicas,
    budget: 20,
    minimum: alone,
    tamper: {
      who: manager,
      event: (event, request) =>
        request.resource.plural === 'pods' && (event.type === 'ADDED' || event.type === 'MODIFIED') ? undefined : event,
    },
  },
  {
    name: 'a ReplicaSet takes a refusal for success',
    source: sieve('intermediate state'),
    property: replicas,
    budget: 100,
    minimum: { ...alone, faults: 1 },
    tamper: ignoresRefusals(replicaSets, { verb: 'create', ...pods }),
  },
  // deployment
  {
    name: 'a Deployment creates each ReplicaSet twice, under two names',
    source: 'kubernetes/kubernetes#40415',
    property: rollouts,
    budget: 30,
    minimum: { ...alone, steps: 1 },
    tamper: {
      who: deployments,
      request: (request) =>
        request.verb === 'create' && request.resource.plural === 'replicasets' ? [renamed(request), request] : request,
    },
  },
  {
    name: 'a Deployment never scales a ReplicaSet',
    source: sieve('intermediate state'),
    property: rollouts,
    budget: 60,
    minimum: alone,
    tamper: neverWrites(deployments, { verb: 'update', resource: 'replicasets', ...main }),
  },
  {
    name: 'a Deployment scales to one less',
    source: 'plain mistake',
    property: rollouts,
    budget: 60,
    minimum: alone,
    tamper: writesWrong(deployments, { verb: 'update', resource: 'replicasets', ...main }, 'spec.replicas', less),
  },
  {
    name: 'a Deployment never creates a ReplicaSet',
    source: sieve('intermediate state'),
    property: rollouts,
    budget: 20,
    minimum: alone,
    tamper: neverWrites(deployments, { verb: 'create', resource: 'replicasets' }),
  },
  {
    name: 'a Deployment does not hear of changes',
    source: sieve('unobserved state'),
    property: rollouts,
    budget: 60,
    minimum: alone,
    tamper: deafTo('deployments', 'MODIFIED'),
  },
  {
    name: 'a Deployment creates ReplicaSets with another image',
    source: 'plain mistake',
    property: rollouts,
    budget: 30,
    minimum: alone,
    tamper: writesWrong(
      deployments,
      { verb: 'create', resource: 'replicasets' },
      'spec.template.spec.nodeSelector',
      () => ({ nowhere: 'true' }),
    ),
  },
  // job
  {
    name: 'a Job creates each pod twice',
    source: 'plain mistake',
    property: jobs,
    budget: 20,
    minimum: alone,
    tamper: writesTwice(jobController, { verb: 'create', ...pods }),
  },
  {
    name: 'a Job never writes its status',
    source: 'plain mistake',
    property: jobs,
    budget: 20,
    minimum: alone,
    tamper: neverWrites(jobController, { verb: 'update', resource: 'jobs', ...status }),
  },
  {
    name: 'a Job counts one success too many',
    source: 'kubernetes/kubernetes#105200',
    property: jobs,
    budget: 20,
    minimum: alone,
    tamper: writesWrong(jobController, { verb: 'update', resource: 'jobs', ...status }, 'status.succeeded', more),
  },
  {
    name: 'a Job does not hear that a pod has succeeded',
    source: sieve('unobserved state'),
    property: jobs,
    budget: 20,
    minimum: alone,
    tamper: deafTo('pods', 'MODIFIED', (object) => statusOf(object).phase === 'Succeeded'),
  },
  {
    name: 'a Job hears that it may run one pod more at once',
    source: sieve('stale state'),
    property: jobs,
    budget: 30,
    minimum: alone,
    tamper: hearsWrong('jobs', 'spec.parallelism', more),
  },
  {
    name: 'a Job hears that it wants one completion more',
    source: sieve('stale state'),
    property: jobs,
    budget: 20,
    minimum: alone,
    tamper: hearsWrong('jobs', 'spec.completions', more),
  },
  {
    name: 'a Job creates pods that nobody owns',
    source: 'plain mistake',
    property: jobs,
    budget: 20,
    minimum: alone,
    tamper: writesWrong(jobController, { verb: 'create', ...pods }, 'metadata.ownerReferences', gone),
  },
  {
    name: 'a Job never removes its finalizer',
    source: 'kubernetes/kubernetes#109429',
    property: jobs,
    budget: 20,
    minimum: alone,
    tamper: neverWrites(jobController, { verb: 'patch', ...pods }),
  },
  {
    name: 'a Job creates pods that never start',
    source: 'plain mistake',
    property: jobs,
    budget: 20,
    minimum: alone,
    tamper: writesWrong(jobController, { verb: 'create', ...pods }, 'spec.schedulingGates', () => [
      { name: 'forgotten' },
    ]),
  },
  // daemonset
  {
    name: 'a DaemonSet creates each pod twice',
    source: 'kubernetes/kubernetes#14528',
    property: daemons,
    budget: 20,
    minimum: alone,
    tamper: writesTwice(daemonSets, { verb: 'create', ...pods }),
  },
  {
    name: 'a DaemonSet does not hear of new nodes',
    source: sieve('unobserved state'),
    property: daemons,
    budget: 20,
    minimum: alone,
    tamper: deafTo('nodes', 'ADDED'),
  },
  {
    name: 'a DaemonSet never creates a pod',
    source: sieve('intermediate state'),
    property: daemons,
    budget: 20,
    minimum: alone,
    tamper: neverWrites(daemonSets, { verb: 'create', ...pods }),
  },
  {
    name: 'a DaemonSet forgets on which node a pod belongs',
    source: 'plain mistake',
    property: daemons,
    budget: 30,
    minimum: alone,
    tamper: writesWrong(daemonSets, { verb: 'create', ...pods }, 'spec.affinity', gone),
  },
  {
    name: 'a DaemonSet counts one node too few',
    source: 'plain mistake',
    property: daemons,
    budget: 20,
    minimum: alone,
    tamper: writesWrong(
      daemonSets,
      { verb: 'update', resource: 'daemonsets', ...status },
      'status.desiredNumberScheduled',
      less,
    ),
  },
  {
    name: 'a DaemonSet never writes its status',
    source: 'plain mistake',
    property: daemons,
    budget: 20,
    minimum: alone,
    tamper: neverWrites(daemonSets, { verb: 'update', resource: 'daemonsets', ...status }),
  },
  {
    name: 'a DaemonSet counts ready pods wrongly',
    source: 'plain mistake',
    property: daemons,
    budget: 20,
    minimum: alone,
    tamper: writesWrong(daemonSets, { verb: 'update', resource: 'daemonsets', ...status }, 'status.numberReady', less),
  },
  {
    name: 'a DaemonSet creates pods that nobody owns',
    source: 'plain mistake',
    property: daemons,
    budget: 20,
    minimum: alone,
    tamper: writesWrong(daemonSets, { verb: 'create', ...pods }, 'metadata.ownerReferences', gone),
  },
  // statefulset
  {
    name: 'a StatefulSet hears that it starts all pods at once',
    source: sieve('stale state'),
    property: stateful,
    budget: 30,
    minimum: alone,
    tamper: hearsWrong('statefulsets', 'spec.podManagementPolicy', () => 'Parallel'),
  },
  {
    name: 'a StatefulSet never creates a pod',
    source: sieve('intermediate state'),
    property: stateful,
    budget: 20,
    minimum: alone,
    tamper: neverWrites(statefulSets, { verb: 'create', ...pods }),
  },
  {
    name: 'a StatefulSet hears that it wants one pod more',
    source: sieve('stale state'),
    property: stateful,
    budget: 20,
    minimum: alone,
    tamper: hearsWrong('statefulsets', 'spec.replicas', more),
  },
  {
    name: 'a StatefulSet never deletes',
    source: sieve('unobserved state'),
    property: stateful,
    budget: 60,
    minimum: alone,
    tamper: neverWrites(statefulSets, { verb: 'delete', ...pods }),
  },
  {
    name: 'a StatefulSet counts one ready pod too few',
    source: 'plain mistake',
    property: stateful,
    budget: 20,
    minimum: alone,
    tamper: writesWrong(
      statefulSets,
      { verb: 'update', resource: 'statefulsets', ...status },
      'status.readyReplicas',
      less,
    ),
  },
  {
    name: 'a StatefulSet does not hear that it was scaled',
    source: sieve('unobserved state'),
    property: stateful,
    budget: 60,
    minimum: alone,
    tamper: deafTo('statefulsets', 'MODIFIED'),
  },
  {
    name: 'a StatefulSet does not hear that a pod is gone',
    source: sieve('unobserved state'),
    property: stateful,
    budget: 60,
    minimum: alone,
    tamper: deafTo('pods', 'DELETED'),
  },
  {
    name: 'a StatefulSet forgets the labels of its pods',
    source: 'plain mistake',
    property: stateful,
    budget: 20,
    minimum: alone,
    tamper: writesWrong(statefulSets, { verb: 'create', ...pods }, 'metadata.labels', gone),
  },
  // endpoints
  {
    name: 'slices are never updated',
    source: sieve('intermediate state'),
    property: endpoints,
    budget: 20,
    minimum: served,
    tamper: neverWrites(slices, { verb: 'update', resource: 'endpointslices' }),
  },
  {
    name: 'slices are created empty',
    source: 'plain mistake',
    property: endpoints,
    budget: 60,
    minimum: served,
    tamper: writesWrong(slices, { verb: 'update', resource: 'endpointslices' }, 'endpoints', () => []),
  },
  {
    name: 'the Endpoints object is never updated',
    source: sieve('intermediate state'),
    property: endpoints,
    budget: 20,
    minimum: served,
    tamper: neverWrites(legacy, { verb: 'update', resource: 'endpoints' }),
  },
  {
    name: 'the Endpoints object is written without addresses',
    source: 'plain mistake',
    property: endpoints,
    budget: 20,
    minimum: served,
    tamper: writesWrong(legacy, { verb: 'update', resource: 'endpoints' }, 'subsets', () => []),
  },
  {
    name: 'endpoints do not hear that a pod is gone',
    source: sieve('unobserved state'),
    property: endpoints,
    budget: 60,
    minimum: served,
    tamper: deafTo('pods', 'DELETED'),
  },
  {
    name: 'endpoints do not hear that a pod is ready',
    source: 'plain mistake',
    property: endpoints,
    budget: 20,
    minimum: served,
    tamper: deafTo('pods', 'MODIFIED', (object) => statusOf(object).phase === 'Running'),
  },
  {
    name: 'endpoints do not hear that a pod terminates',
    source: 'kubernetes/kubernetes#54723',
    property: endpoints,
    budget: 60,
    minimum: served,
    tamper: deafTo('pods', 'MODIFIED', isTerminating, manager),
  },
  // scheduler
  {
    name: 'the scheduler hears of nodes as twice as large',
    source: sieve('stale state'),
    property: placement,
    budget: 60,
    minimum: placed,
    tamper: hearsWrong('nodes', 'status.allocatable.cpu', () => '8', scheduler),
  },
  {
    name: 'the scheduler hears of nodes without taints',
    source: 'plain mistake',
    property: placement,
    budget: 60,
    minimum: placed,
    tamper: hearsWrong('nodes', 'spec.taints', gone, scheduler),
  },
  {
    name: 'the scheduler never binds',
    source: sieve('intermediate state'),
    property: placement,
    budget: 20,
    minimum: placed,
    tamper: neverWrites(scheduler, { verb: 'create', resource: 'pods', subresource: 'binding' }),
  },
  {
    name: 'the scheduler binds to a closed node',
    source: 'plain mistake',
    property: placement,
    budget: 20,
    minimum: placed,
    tamper: writesWrong(
      scheduler,
      { verb: 'create', resource: 'pods', subresource: 'binding' },
      'target.name',
      () => 'closed-0',
    ),
  },
  {
    name: 'the scheduler binds all pods to one node',
    source: 'plain mistake',
    property: placement,
    budget: 60,
    minimum: placed,
    tamper: writesWrong(
      scheduler,
      { verb: 'create', resource: 'pods', subresource: 'binding' },
      'target.name',
      () => 'open-0',
    ),
  },
  {
    name: 'the scheduler does not hear of new pods',
    source: sieve('unobserved state'),
    property: placement,
    budget: 20,
    minimum: placed,
    tamper: deafTo('pods', 'ADDED', (object) => !isBound(object), scheduler),
  },
  {
    name: 'the scheduler does not hear that a node is gone',
    source: 'kubernetes/kubernetes#56261',
    property: nodes,
    budget: 60,
    minimum: { ...alone, steps: 2, objects: 3 },
    tamper: deafTo('nodes', 'DELETED', () => true, scheduler),
  },
  {
    name: 'the scheduler does not hear that a pod is gone',
    source: 'kubernetes/kubernetes#51313',
    property: placement,
    budget: 100,
    minimum: { ...alone, steps: 2, objects: 3 },
    tamper: deafTo('pods', 'DELETED', () => true, scheduler),
  },
  {
    name: 'the garbage of nodes that are gone stays',
    source: sieve('unobserved state'),
    property: nodes,
    budget: 60,
    minimum: { ...alone, steps: 1, objects: 3 },
    tamper: neverWrites('pod-garbage-collector', { verb: 'delete', ...pods }),
  },
  // kubelet
  {
    name: 'a kubelet does not hear of its pods',
    source: sieve('unobserved state'),
    property: replicas,
    budget: 20,
    minimum: alone,
    tamper: deafTo('pods', 'ADDED', () => true, kubelet),
  },
  {
    name: 'a kubelet never writes the status of a pod',
    source: sieve('intermediate state'),
    property: replicas,
    budget: 20,
    minimum: alone,
    tamper: neverWrites(kubelet, { verb: 'patch', ...pods, ...status }),
  },
  {
    name: 'a kubelet never removes a terminated pod',
    source: 'plain mistake',
    property: replicas,
    budget: 60,
    minimum: alone,
    tamper: neverWrites(kubelet, { verb: 'delete', ...pods }),
  },
  // garbage collector
  {
    name: 'dependants are never collected',
    source: sieve('unobserved state'),
    property: replicas,
    budget: 30,
    minimum: alone,
    tamper: neverWrites(collector, { verb: 'delete', ...pods }),
  },
]

import type { KubeObject } from '../object.ts'
import { conditionOf } from './condition-of.ts'
import { podWords } from './pod-words.ts'
import { rolledOut, wantedReplicas } from './rollout-status.ts'
import type { Surroundings, WordRule } from './word-rule.ts'

type Fields = { readonly [field: string]: unknown }
const specOf = (object: KubeObject): Fields => (object as { readonly spec?: Fields }).spec ?? {}
const statusOf = (object: KubeObject): Fields => (object as { readonly status?: Fields }).status ?? {}
const numberIn = (fields: Fields, name: string): number => (typeof fields[name] === 'number' ? fields[name] : 0)

const condition = (type: string): WordRule => ({
  holds: (object) => conditionOf(object, type)?.status === 'True',
  condition: type,
})
const phase = (word: string): WordRule => ({ holds: (object) => statusOf(object).phase === word })
const conditions = (...types: readonly string[]): readonly (readonly [string, WordRule])[] =>
  types.map((type) => [type, condition(type)])
const phases = (...words: readonly string[]): readonly (readonly [string, WordRule])[] =>
  words.map((word) => [word, phase(word)])

const scaling: WordRule = { holds: (object) => numberIn(statusOf(object), 'replicas') !== wantedReplicas(object) }
const daemonsScaling: WordRule = {
  holds: (object) =>
    numberIn(statusOf(object), 'currentNumberScheduled') !== numberIn(statusOf(object), 'desiredNumberScheduled'),
}

const rollsOut = (resource: string): WordRule => ({
  holds: (object) => rolledOut(resource, object),
  condition: 'Progressing',
})
const stillRolling = (resource: string): WordRule => ({ holds: (object) => !rolledOut(resource, object) })
const available: WordRule = {
  holds: (object) => numberIn(statusOf(object), 'availableReplicas') >= wantedReplicas(object),
}
const daemonsAvailable: WordRule = {
  holds: (object) =>
    numberIn(statusOf(object), 'numberAvailable') >= numberIn(statusOf(object), 'desiredNumberScheduled'),
}

const replicated = (resource: string): readonly (readonly [string, WordRule])[] => [
  ['RolledOut', rollsOut(resource)],
  ['Available', available],
  ['Progressing', stillRolling(resource)],
  ['Scaling', scaling],
]

interface Slice extends KubeObject {
  readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[]
}

/** A ready endpoint in one of the service's slices. A condition that is not given means ready (discovery/v1). */
const hasReadyEndpoint = (service: KubeObject, around: Surroundings): boolean =>
  around
    .list('endpointslices.discovery.k8s.io', service.metadata.namespace)
    .some(
      (slice) =>
        slice.metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name &&
        ((slice as Slice).endpoints ?? []).some((endpoint) => endpoint.conditions?.ready !== false),
    )

const withoutAddress = (object: KubeObject): boolean => {
  const balancer = statusOf(object).loadBalancer as { readonly ingress?: readonly unknown[] } | undefined
  return (balancer?.ingress ?? []).length === 0
}

const table: Readonly<Record<string, readonly (readonly [string, WordRule])[]>> = {
  pods: [...podWords],
  nodes: [
    ...conditions('Ready'),
    [
      'NotReady',
      {
        holds: (object) => {
          const ready = conditionOf(object, 'Ready')
          return ready !== undefined && ready.status !== 'True'
        },
        condition: 'Ready',
      },
    ],
    ['Cordoned', { holds: (object) => specOf(object).unschedulable === true }],
    ...conditions('MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'),
  ],
  'deployments.apps': [
    ['RolledOut', rollsOut('deployments.apps')],
    ...conditions('Available', 'Progressing', 'ReplicaFailure'),
    ['Paused', { holds: (object) => specOf(object).paused === true }],
    ['Scaling', scaling],
  ],
  'statefulsets.apps': replicated('statefulsets.apps'),
  'daemonsets.apps': [
    ['RolledOut', rollsOut('daemonsets.apps')],
    ['Available', daemonsAvailable],
    ['Progressing', stillRolling('daemonsets.apps')],
    ['Scaling', daemonsScaling],
  ],
  'replicasets.apps': [...replicated('replicasets.apps'), ...conditions('ReplicaFailure')],
  replicationcontrollers: [...replicated('replicationcontrollers'), ...conditions('ReplicaFailure')],
  'jobs.batch': [
    ...conditions('Complete', 'Failed', 'Suspended', 'SuccessCriteriaMet', 'FailureTarget'),
    ['Active', { holds: (object) => numberIn(statusOf(object), 'active') > 0 }],
  ],
  'cronjobs.batch': [
    ['Suspended', { holds: (object) => specOf(object).suspend === true }],
    ['Active', { holds: (object) => ((statusOf(object).active ?? []) as readonly unknown[]).length > 0 }],
  ],
  persistentvolumeclaims: phases('Pending', 'Bound', 'Lost'),
  persistentvolumes: phases('Pending', 'Available', 'Bound', 'Released', 'Failed'),
  namespaces: phases('Active'),
  services: [
    ['Ready', { holds: hasReadyEndpoint }],
    ['Pending', { holds: (object) => specOf(object).type === 'LoadBalancer' && withoutAddress(object) }],
  ],
  'ingresses.networking.k8s.io': [['Pending', { holds: withoutAddress }]],
  'horizontalpodautoscalers.autoscaling': conditions('AbleToScale', 'ScalingActive', 'ScalingLimited'),
  'poddisruptionbudgets.policy': conditions('DisruptionAllowed'),
  'customresourcedefinitions.apiextensions.k8s.io': conditions('Established', 'NamesAccepted'),
  'apiservices.apiregistration.k8s.io': conditions('Available'),
}

/** Words of the kinds whose words are fixed, in the order of the language reference (3.8). */
export const kindWords: ReadonlyMap<string, ReadonlyMap<string, WordRule>> = new Map(
  Object.entries(table).map(([resource, words]) => [resource, new Map(words)]),
)

/** The rule of a word that is a condition type. */
export const conditionWord = (type: string): WordRule => condition(type)

import type { Kind } from '../../api/kind.ts'
import type { KubeObject } from '../../api/object.ts'
import type { Pod } from '../../api/types/core-v1.generated.ts'
import type { Answer } from '../client/call.ts'
import type { NodeTable } from './cache/node-table.ts'
import type { ClusterEvent } from './cluster-event.ts'
import type { Diagnosis } from './diagnosis.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Extender } from './extenders/extender.ts'
import type { Nominator } from './nominator.ts'
import type { PodInfo } from './pod-info.ts'
import type { Status } from './status.ts'
import type { WaitingPods } from './waiting-pods.ts'

/** Other objects that plugins read. */
export interface Listers {
  /** `kind` is `v1/PersistentVolumeClaim`, `storage.k8s.io/v1/StorageClass`, …; `namespace` is '' for a cluster-wide one. */
  get(kind: string, namespace: string, name: string): KubeObject | undefined
  /** In order of their keys; of all namespaces unless one is given. */
  list(kind: string, namespace?: string): readonly KubeObject[]
}

/** One attempt to schedule one pod. A plugin keeps what it knows of it under its own index. */
export interface Cycle {
  readonly pod: PodInfo
  /** Somebody asks why: raw scores are kept, of however many nodes. */
  readonly explained: boolean
  readonly states: unknown[]
  /** The same, for what is known from PreScore on. */
  readonly scoreStates: unknown[]
  /** By plugin index: its Filter or its Score has nothing to say about this pod. */
  readonly skipFilter: boolean[]
  readonly skipScore: boolean[]
  /** The plugins whose Filter is asked; known after PreFilter. */
  filters: readonly Plugin[] | undefined
  /** Virtual time that the attempt spent waiting for extenders. */
  waited: Micros
}

/** What a plugin may use of the scheduler around it (fwk.Handle). */
export interface Handle {
  readonly nodes: NodeTable
  readonly listers: Listers
  readonly nominator: Nominator
  /** In the order in which they are asked. */
  readonly extenders: readonly Extender[]
  /** Pods that Permit plugins hold back. */
  readonly waiting: WaitingPods
  /** Microseconds since 1970: what a pod without a start time is taken to have started at. */
  now(): number
  choose(label: string, n: number): number
  /** Whether victims of this pod are still to be deleted. */
  preempting(uid: string): boolean
  /** Resource names that device classes serve, and whose class it is. */
  readonly deviceClassOf: (resource: string) => string | undefined
  /** Filters for one node with the nominated pods of no lower priority added, and then without. */
  filterNode(cycle: Cycle, slot: number): Status | undefined
  addPod(cycle: Cycle, pod: PodInfo, slot: number): void
  removePod(cycle: Cycle, pod: PodInfo, slot: number): void
}

export type Hint = 'Queue' | 'Skip'

/** Events that may let a pod that this plugin rejected be scheduled; without a hint function each of them does. */
export interface EventRegistration {
  readonly event: ClusterEvent
  readonly hint?: (pod: PodInfo, before: KubeObject | undefined, after: KubeObject | undefined) => Hint
}

export interface PostFilterAnswer {
  /** undefined: the plugin agrees and the pod is to wait for what it set going. */
  readonly status: Status | undefined
  /** Node to nominate, '' to clear the nomination, undefined to leave it. */
  readonly nominate: string | undefined
  /** Pods to evict from the nominated node. */
  readonly preemption?: Preemption
  /** An object whose status is to be written, so that the next attempt can choose anew. */
  readonly write?: KubeObject
}

/** A decision to preempt; what carries it out lies outside the decision. */
export interface Preemption {
  readonly node: string
  readonly victims: readonly PodInfo[]
}

/**
 * A scheduler plugin: any of the extension points, and the events it waits for. Pure but for its own state of a cycle; scores
 * are 0 … 100 after normalisation and do not depend on the order of nodes.
 */
export interface Plugin {
  readonly name: string
  /** A pod that is refused here does not enter the active queue. */
  preEnqueue?(pod: PodInfo): Status | undefined
  /** A set of node names limits the attempt to them. */
  preFilter?(cycle: Cycle): Status | 'skip' | ReadonlySet<string> | undefined
  addPod?(cycle: Cycle, pod: PodInfo, slot: number): void
  removePod?(cycle: Cycle, pod: PodInfo, slot: number): void
  filter?(cycle: Cycle, slot: number): Status | undefined
  postFilter?(cycle: Cycle, diagnosis: Diagnosis): PostFilterAnswer
  preScore?(cycle: Cycle, slots: Int32Array): Status | 'skip' | undefined
  /** Writes a score for each slot into `scores`, by position; 'zero': it is 0 for all, and stays so. */
  score?(cycle: Cycle, slots: Int32Array, scores: Float64Array): Status | 'zero' | undefined
  normalize?(cycle: Cycle, slots: Int32Array, scores: Float64Array): void
  reserve?(cycle: Cycle, node: string): Status | undefined
  unreserve?(cycle: Cycle, node: string): void
  /** 'skip': nothing to do before the binding. */
  preBindPreFlight?(cycle: Cycle, node: string): Status | 'skip' | undefined
  preBind?(cycle: Cycle, node: string): PreBind
  /** Orders the active queue: whether `a` is tried before `b`. One plugin has the say, the same for all profiles. */
  queueSort?(a: Queued, b: Queued): boolean
  /** Holds an assumed pod back before its binding, refuses it, or agrees. */
  permit?(cycle: Cycle, node: string): Status | PermitWait | undefined
  /** Binds the pod; 'skip' leaves it to the next plugin. */
  bind?(cycle: Cycle, node: string): Bind
  /** It is bound. */
  postBind?(cycle: Cycle, node: string): void
  readonly events?: readonly EventRegistration[]
}

/** A pod as the active queue orders it. */
export interface Queued {
  readonly pod: PodInfo
  /** When it was put into the queue last, in microseconds. */
  readonly timestamp: number
}

/** Until the plugin allows the pod through the handle's `waiting`, or it has waited so many seconds (15 minutes at most). */
export interface PermitWait {
  readonly wait: number
}

/** API work before the binding. Yields requests and waits; the live scheduler performs them. A request comes back with its StepAnswer. */
export type PreBind = Generator<PreBindStep, Status | undefined, unknown>
export type PreBindStep =
  | { readonly kind: 'write'; readonly verb: 'create' | 'update' | 'updateStatus'; readonly object: KubeObject }
  /** Of the API server, not of a cache. */
  | { readonly kind: 'read'; readonly resourceKind: Kind; readonly namespace: string; readonly name: string }
  | { readonly kind: 'wait'; readonly seconds: number }

/** What the API server answers: the object as it is stored now. */
export type StepAnswer = Answer<KubeObject>

/** The binding's own work. */
export type Bind = Generator<BindStep, Status | 'skip' | undefined, unknown>
/** `bind` writes the Binding. */
export type BindStep = PreBindStep | { readonly kind: 'bind'; readonly node: string }

export type PluginFactory = (handle: Handle, args: PluginArgs, index: number) => Plugin

/** A plugin's section of the configuration's pluginConfig, or {}. */
export type PluginArgs = Readonly<Record<string, unknown>>

/** Orders the active queue: higher priority first, then who waits longer (queuesort.PrioritySort). */
export const precedes = (a: Queued, b: Queued): boolean =>
  a.pod.priority !== b.pod.priority ? a.pod.priority > b.pod.priority : a.timestamp < b.timestamp

export const newCycle = (pod: PodInfo, explained = false): Cycle => ({
  pod,
  explained,
  states: [],
  scoreStates: [],
  skipFilter: [],
  skipScore: [],
  filters: undefined,
  waited: 0,
})

export const schedulerNameOf = (pod: Pod): string => pod.spec.schedulerName ?? 'default-scheduler'

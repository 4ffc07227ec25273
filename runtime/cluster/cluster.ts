import type { JsonObject } from '../../api/object.ts'
import type { Scheme } from '../../api/scheme/scheme.ts'
import type { Credentials } from '../../api/protocol/request.ts'
import type { RunningApiServer } from '../apiserver/create-api-server.ts'
import type { UserInfo } from '../apiserver/user-info.ts'
import type { CacheView } from '../client/cache-view.ts'
import type { Informers } from '../client/informers.ts'
import type { Transport } from '../client/transport.ts'
import type { Etcd } from '../etcd/etcd.ts'
import type { Actor } from '../kernel/actor.ts'
import type { StopMode } from '../kernel/component.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { BehaviorSpec } from '../../dsl/plan/behavior-spec.ts'
import type { ClusterSpec } from '../../dsl/plan/cluster-spec.ts'
import type { Choice } from '../kernel/choices.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Controller } from '../reconcile/controller.ts'
import type { Curve } from '../metrics/curve.ts'
import type { Described } from '../metrics/custom-metrics.ts'
import type { LoadTarget } from '../metrics/demand.ts'
import type { UserPrograms } from '../reconcile/user-program.ts'
import type { Dials } from './dials.ts'
import type { TimelineWriter } from '../record/create-timeline.ts'
import type { State } from '../record/state.ts'
import type { StateStart } from '../record/state-start.ts'

export interface ClusterOptions {
  readonly seed: string
  readonly replay?: readonly Choice[]
  readonly interleaving?: 'stable' | 'drawn'
  /** When an event that is due at `time` really reaches its actor: an explored run holds actors up. */
  readonly heldUp?: (actor: Actor, time: Micros) => Micros
  /** Changes what components say to the API servers and hear from them: the planted bugs of test/zoo. */
  readonly tamper?: (transport: Transport, of: { readonly actor: Actor; readonly kernel: Kernel }) => Transport
  /** Controllers that run in kube-controller-manager beside the built-in ones: those that the laws plant. */
  readonly planted?: readonly Controller[]
  /** What a controller of kube-controller-manager hears of the shared informers: the laws change the order. */
  readonly hearing?: (informers: Informers, of: { readonly actor: Actor; readonly kernel: Kernel }) => Informers
  /** Changes what API servers find in etcd and write to it: bugs that tests plant behind them. */
  readonly tamperEtcd?: (etcd: Etcd) => Etcd
  /** Static bearer tokens that the API servers take. */
  readonly tokens?: ReadonlyMap<string, UserInfo>
  /** Pods, by namespace/name, of which the scheduler is to tell every node's scores, however many there are. */
  readonly explain?: (key: string) => boolean
  /** What the modules export that the user wrote, by path and name. */
  readonly scripts?: (module: string, name: string) => unknown
  /** Controllers under test, as programs: whoever runs the scenario can load them. */
  readonly programs?: UserPrograms
  /** Keeps what every process's caches hold, for `cachesOf`. */
  readonly keepCaches?: boolean
  /** Whether anybody will read what kube-proxies do: without, none is started (docs/decisions/0005-kube-proxy-on-demand.md). */
  readonly proxies?: boolean
  /** metrics-server runs from the start; otherwise it comes with the first load. */
  readonly metrics?: boolean
  /** Nodes renew their leases and report their status by requests, each at its moment, instead of when somebody asks. */
  readonly eagerHeartbeats?: boolean
  /** Writes into the timeline what every client hears on its watches (`watches/<number>`): only where somebody judges it. */
  readonly tellWatches?: boolean
}

/** Builds a cluster and boots it: the kernel stands at t=0, everything is settled. */
export type CreateCluster = (spec: ClusterSpec, behaviors: readonly BehaviorSpec[], options: ClusterOptions) => Cluster

/** A running cluster, as the runner and the faults see it. Built by createCluster(spec, …); at t=0 it has booted and settled. */
export interface Cluster {
  readonly kernel: Kernel
  /** The timeline, open for writing (it is the Trace) and for following. */
  readonly timeline: TimelineWriter
  /** Kept in step with the timeline: an entry's listeners that subscribed later see it applied. */
  readonly state: State
  /** What `state` began with. */
  readonly start?: StateStart
  /** A behavior declared inside the scenario: it wins over those before it. */
  addBehavior(behavior: BehaviorSpec): void
  /** Boots one more machine of the pool (in its boot time), or takes away the last one. The name of the node. */
  addNode(pool: string): string
  removeNode(name: string): void
  /** The resources served now, custom ones included. */
  scheme(): Scheme
  /** The API servers, for a door to the outside. */
  servers(): readonly ServedApiServer[]
  /** A client's connection: the script's own, or a user's. */
  connect(actor: Actor, link: string): Transport
  /** The script's default identity: cluster admin `kscn`. */
  readonly admin: Credentials
  /**
   * Processes by the name that scenarios use: `apiserver/0`, `etcd/0`, `scheduler`, `controller-manager`,
   * `controller/deployment` (one loop of it), `kubelet/workers-0`, `kube-proxy/workers-0`.
   */
  process(name: string): Process | undefined
  processes(): readonly string[]
  /** What a process's informer caches hold, by the name of the process or of a controller in it; undefined where none are kept. */
  cachesOf(name: string): CacheView | undefined
  machine(node: string): MachineHandle | undefined
  machines(): readonly string[]
  readonly network: NetworkHandle
  /** Runs what may run code of the user's; false: it never came back. Without controllers under test there is nothing to guard. */
  readonly guard?: (run: () => void) => boolean
  /** A stand-in of a test, that keeps none of Kubernetes' promises: no invariant is upheld of itself. */
  readonly standIn?: true
  /** What else faults may turn. */
  readonly dials: Dials
  readonly traffic: Traffic
  readonly usage: UsageHandle
}

/** What workloads have to do, and what monitoring systems say of the world. */
export interface UsageHandle {
  /** So much CPU (milli) or memory (bytes) from now on, shared by the Ready pods of a workload. */
  load(target: LoadTarget, what: 'cpu' | 'memory', curve: Curve): void
  /** The value of a custom metric of these objects, in thousandths; without objects: of an external metric. */
  metric(name: string, curve: Curve, on: { readonly text: string; now(): readonly Described[] } | undefined): void
}

/** Requests to Services. */
export interface Traffic {
  /**
   * So many requests a second to the Service from now on, instead of those that went the same way before; 0: none. `rate` is
   * asked again at each.
   */
  load(
    service: { readonly namespace: string; readonly name: string },
    rate: (at: Micros) => number,
    way?: TrafficWay,
  ): void
}

/** Where requests come from, and which of a Service's doors they take. */
export interface TrafficWay {
  /** Tells loads on one Service apart. */
  readonly label: string
  /** `nodes`: clients on all nodes in turn. */
  readonly clients: 'nodes' | 'outside' | (() => readonly TrafficClient[])
  /** Name or number; undefined: the first. */
  readonly port: string | undefined
  readonly through: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | undefined
}

export interface TrafficClient {
  readonly resource: 'pods' | 'nodes'
  readonly namespace: string | undefined
  readonly name: string
}

export interface ServedApiServer {
  readonly server: RunningApiServer
  up(): boolean
}

export interface Process {
  readonly name: string
  /** The process whose connections it shares, where it is a part of one. */
  readonly within?: string
  readonly up: boolean
  stop(how: StopMode): void
  start(): void
}

/** A node's machine: without power nothing on it runs, and what its disk held is there again afterwards. */
export interface MachineHandle {
  readonly name: string
  readonly zone: string | undefined
  readonly powered: boolean
  powerOff(): void
  powerOn(): void
  /** Off in good order: the kubelet is told and waited for. Returns how to take it back: called off, or on again. */
  shutDown(): () => void
  /** A file in its folder of static pod manifests, new or another. Why the kubelet leaves it out; undefined: it runs it. */
  putManifest(name: string, manifest: JsonObject): string | undefined
  /** False: there is no such file. */
  removeManifest(name: string): boolean
}

/** Connections by the names of their ends: `apiserver/0`, `node/workers-0`, `zone/a`, `controller-manager`, `scheduler`. */
export interface NetworkHandle {
  /** Cuts what runs between two ends (globs allowed). Returns how to heal it. */
  cut(from: string, to: string): () => void
  /** Adds latency. Returns how to heal it. */
  delay(from: string, to: string, by: Micros): () => void
}

import type { Scheme } from '../../api/scheme/scheme.ts'
import type { ClusterSpec } from '../../dsl/plan/cluster-spec.ts'
import type { ApiServerSettings, RunningApiServer } from '../apiserver/create-api-server.ts'
import type { ContainerRuntimeOptions } from '../container-runtime/container-runtime-options.ts'
import type { UserInfo } from '../apiserver/user-info.ts'
import type { Transport } from '../client/transport.ts'
import type { Interference } from '../client/interference.ts'
import type { Behaviors } from '../container-runtime/behaviors.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Network } from '../network/network.ts'
import type { TimelineWriter } from '../record/create-timeline.ts'
import type { ClusterOptions, Process } from './cluster.ts'
import type { UserPrograms } from '../reconcile/user-program.ts'
import type { HeartbeatBoard } from './create-heartbeats.ts'
import type { ServerEnd } from './create-transport.ts'
import type { LatencyProfile } from './latency-profile.ts'
import type { Registries } from '../registry/create-registries.ts'

/** What the parts of one cluster are built from. */
export interface World {
  readonly kernel: Kernel
  readonly timeline: TimelineWriter
  readonly spec: ClusterSpec
  readonly scheme: Scheme
  readonly latencies: LatencyProfile
  readonly network: Network
  readonly heartbeats: HeartbeatBoard
  /** What faults do to the talk of processes with the API servers. */
  readonly interference: Interference
  readonly registries: Registries
  /** Static bearer tokens that the API servers take. */
  readonly tokens: ReadonlyMap<string, UserInfo>
  readonly behaviors: Behaviors
  /** What loads make containers use. */
  readonly load: NonNullable<ContainerRuntimeOptions['load']>
  /** Groups that other servers serve behind the API servers. */
  readonly aggregated: NonNullable<ApiServerSettings['aggregated']>
  /** The logs that kubelets serve. */
  readonly containerLogs: NonNullable<ApiServerSettings['containerLogs']>
  /** Pods, by namespace/name, of which every node's scores are to be told. */
  readonly explain: ((key: string) => boolean) | undefined
  /** Each node has a kube-proxy. */
  readonly proxies: boolean
  /** Rules that kube-proxies have written: the first to write them tells of their pods. */
  readonly toldRules: WeakSet<object>
  /** What the modules export that the user wrote, by path and name. */
  readonly scripts: ((module: string, name: string) => unknown) | undefined
  /** What tests change in kube-controller-manager, and behind the API servers. */
  readonly manager: Pick<ClusterOptions, 'planted' | 'hearing' | 'tamperEtcd'>
  /** Where controllers under test come from. */
  readonly programs: UserPrograms | undefined
  /** Names that several replicas share, and the one that is meant now. */
  readonly leaders: Map<string, () => Process | undefined>
  /** By the name that scenarios use, in the order of their start. */
  readonly processes: Map<string, Process>
  readonly servers: (ServerEnd & { readonly server: RunningApiServer })[]
  /** An API server started or stopped. */
  serversChanged(): void
  /** Tells of every start and stop of an API server. Returns how to stop listening. */
  onServers(listener: () => void): () => void
  /** A process's connection; `ends` are the names under which cuts and delays meet it. */
  connect(actor: Actor, ends: readonly string[]): Transport
}

import type { Json } from '../../api/object.ts'
import type { Span } from '../source/span.ts'
import type { Micros } from './micros.ts'

/** A cluster, all settings resolved and all pools unrolled. */
export interface ClusterSpec {
  /** `1.36` */
  readonly kubernetes: string
  readonly profile: 'steady' | 'instant' | 'noisy'
  /** Wall clock at t=0, in microseconds since 1970. Default 2025-01-01T00:00:00Z. */
  readonly clock: number
  readonly namespaces: readonly string[]
  readonly systemPods: boolean
  /** The CNI plugin; default `bridge`. */
  readonly network?: 'bridge' | 'calico' | 'cilium' | 'flannel' | undefined
  readonly nodes: readonly NodeSpec[]
  readonly pools: readonly PoolSpec[]
  readonly etcd: { readonly members: number; readonly fsync: Micros | undefined }
  readonly apiserver: { readonly replicas: number; readonly latency: Micros | undefined }
  /** How many of them there are, where that is more than one. */
  readonly replicas?: { readonly scheduler?: number; readonly 'controller-manager'?: number } | undefined
  /** component → flag (upstream's name, no dashes in front) → value as text: `controller-manager` → `node-monitor-grace-period` → `40s`. */
  readonly flags: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly features: Readonly<Record<string, boolean>>
  /** Set where a cloud is around the cluster; an autoscaled pool brings one. */
  readonly cloud?: CloudSpec | undefined
  readonly storageClasses: readonly StorageClassSpec[]
  readonly registries: readonly RegistrySpec[]
  /** Servers outside the cluster that answer admission webhooks. */
  readonly webhooks: readonly WebhookSpec[]
  /** Controllers under test. */
  readonly controllers: readonly ControllerSpec[]
  /** `scheduler { config "profiles.yaml" }`: the KubeSchedulerConfiguration. */
  readonly schedulerConfig: Json | undefined
  /** `scheduler { plugin "./mine.ts" }`: modules whose default export makes a scheduler plugin. */
  readonly schedulerPlugins?: readonly string[] | undefined
  /** Servers outside the cluster that answer the scheduler's extender calls. */
  readonly extenders?: readonly ExtenderSpec[] | undefined
}

/** A cloud around the cluster: its machines are instances of it, Services get load balancers from it. */
export interface CloudSpec {
  /** How long a load balancer takes to be made. */
  readonly loadBalancer: Duration
  /** So many calls about load balancers fail, once so many have succeeded. */
  readonly failures: number
  readonly after: number
}

export interface PoolSpec {
  readonly name: string
  /** Set for an autoscaled pool. */
  readonly min: number | undefined
  readonly max: number | undefined
  /** So many machines the cloud gives at most, whatever is asked for. */
  readonly quota?: number | undefined
  /** What a further node of the pool looks like; its name is `<pool>-<n>`. */
  readonly template: NodeSpec
  readonly zones: readonly string[]
}

export interface NodeSpec {
  readonly name: string
  readonly pool: string
  /** resource → quantity: cpu, memory, ephemeral-storage, pods, extended resources. */
  readonly capacity: Readonly<Record<string, string>>
  readonly allocatable: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  readonly taints: readonly { readonly key: string; readonly value: string; readonly effect: string }[]
  /** On disk from the start. */
  readonly images: readonly string[]
  readonly boot: Duration
  /** Bytes a second, for sized pulls. */
  readonly bandwidth: number
  readonly os: string
  readonly arch: string
  /** Parts of the machine that its CPUs are spread over evenly; 1, unless it is said. */
  readonly numaNodes?: number | undefined
  /** containerd, unless it is said. */
  readonly runtime?: NodeRuntime | undefined
}

/** `45s +/- 5s`: uniform over [base − spread, base + spread], drawn from the run's seed. */
export interface Duration {
  readonly base: Micros
  readonly spread: Micros
}

export interface StorageClassSpec {
  readonly name: string
  readonly isDefault: boolean
  readonly provision: Micros
  readonly attach: Micros
  readonly zonal: boolean
  readonly bind: 'immediate' | 'wait'
  /** Volumes a node. */
  readonly limit: number | undefined
  /** Share of provisionings that fail, 0 … 1. */
  readonly fails: number
}

/** `registry NAME { … }`: where images of one host come from. */
export interface RegistrySpec {
  readonly name: string
  readonly span: Span
  /** As images name it: `docker.io`, `ghcr.io`, `registry.example.com:5000`. */
  readonly host: string
  readonly latency: Micros
  /** Bytes a second. */
  readonly bandwidth: number | undefined
  readonly rateLimit: { readonly pulls: number; readonly per: Micros } | undefined
  /** Who may pull; empty: everybody. */
  readonly logins: readonly { readonly user: string; readonly password: string }[]
  /** The images that it holds; empty: any. Globs over names without the host. */
  readonly images: readonly RegistryImage[]
  /** What it does not hold all the same. */
  readonly missing: readonly string[]
  /** What a login is not enough for. */
  readonly forbidden: readonly string[]
}

export interface RegistryImage {
  readonly glob: string
  readonly layers: readonly RegistryLayer[]
}

/** Layers of one name and size are one content, whatever image they are in. */
export interface RegistryLayer {
  /** Empty: each image has its own. */
  readonly name: string
  readonly size: number
}

/** `runtime cri-o`: what runs the containers of a node. */
export interface NodeRuntime {
  readonly name: 'containerd' | 'cri-o' | 'docker'
  readonly version: string
}

/** `webhook NAME { on pods [create] … }` */
export interface WebhookSpec {
  readonly name: string
  readonly span: Span
  /** With rules it registers itself; without, it answers for the WebhookConfiguration of its name. */
  readonly on: readonly { readonly resource: string; readonly operations: readonly WebhookOperation[] }[]
  readonly deny: readonly WebhookDenial[]
  /** What a file says is changed in each object that it admits. */
  readonly patch: readonly Json[]
  readonly latency: Micros
  readonly timeout: Micros | undefined
  readonly failurePolicy: 'Fail' | 'Ignore' | undefined
}
export type WebhookOperation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT'

/** `deny image "*:latest" saying "…"`: refuses an object of which the field says so. */
export interface WebhookDenial {
  readonly field: 'image' | 'name' | 'label' | 'all'
  readonly glob: string
  readonly message: string
}

/** `extender NAME { deny name "gpu-*" saying "…" … }`: plays an extender of the KubeSchedulerConfiguration. */
export interface ExtenderSpec {
  readonly name: string
  readonly span: Span
  /** Where it is; undefined: at every host that bears its name. */
  readonly url: string | undefined
  /** As the scheduler's configuration says them. */
  readonly urlPrefixes: readonly string[]
  /** Nodes that its filter refuses. */
  readonly deny: readonly { readonly nodes: NodePattern; readonly message: string; readonly unresolvable: boolean }[]
  /** What its prioritize gives, 0 to 10. */
  readonly score: readonly { readonly nodes: NodePattern; readonly score: number }[]
  /** Nodes that nobody may be preempted on. */
  readonly spare: readonly NodePattern[]
  /** Calls that it answers with another status code than 200, or with an error. */
  readonly errors: readonly { readonly verb: ExtenderVerb; readonly code: number; readonly message: string }[]
  readonly latency: Micros
  /** A module that answers what the lines above say nothing of. */
  readonly file: string | undefined
}
export type ExtenderVerb = 'filter' | 'prioritize' | 'preempt' | 'bind'

/** `name "gpu-*"`, `label "disk=ssd"`, `all` */
export interface NodePattern {
  readonly field: 'name' | 'label' | 'all'
  readonly glob: string
}

/** `controller NAME { from "./file.ts" }`: the export of that file whose `name` is NAME. */
export interface ControllerSpec {
  readonly name: string
  readonly span: Span
  /** Path of the module, as the source host names files. */
  readonly file: string
  readonly replicas: number
  /** The service account that it acts as; cluster admin without one. */
  readonly as: { readonly namespace: string; readonly name: string } | undefined
}

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
  readonly nodes: readonly NodeSpec[]
  readonly pools: readonly PoolSpec[]
  readonly etcd: { readonly members: number; readonly fsync: Micros | undefined }
  readonly apiserver: { readonly replicas: number; readonly latency: Micros | undefined }
  /** component → flag (upstream's name, no dashes in front) → value as text: `controller-manager` → `node-monitor-grace-period` → `40s`. */
  readonly flags: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly features: Readonly<Record<string, boolean>>
  readonly storageClasses: readonly StorageClassSpec[]
  readonly registries: readonly RegistrySpec[]
}

export interface PoolSpec {
  readonly name: string
  /** Set for an autoscaled pool. */
  readonly min: number | undefined
  readonly max: number | undefined
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
  readonly limit: number | undefined
}

export interface RegistrySpec {
  readonly name: string
  readonly latency: Micros
  readonly bandwidth: number | undefined
}

import type { PodSpec, ResourceRequirements } from '../../api/types/core-v1.generated.ts'
import type { NodeSpec } from '../../dsl/plan/cluster-spec.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { createListeners } from '../kernel/listeners.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Trace } from '../kernel/trace.ts'
import { createManifests, type Manifests } from './manifests.ts'
import { createShutdown, type Shutdown } from './shutdown.ts'

/** A node's computer: without power nothing on it runs; what its disk held is there again afterwards. */
export interface Machine {
  readonly name: string
  readonly spec: NodeSpec
  readonly actor: Actor
  readonly powered: boolean
  /** Counts the boots: a new one is a new boot id. */
  readonly boot: number
  readonly bootId: string
  readonly bootedAt: Micros
  readonly disk: Disk
  readonly manifests: Manifests
  /** Cgroups of pods, by UID, as far as they were changed since they were made; gone with the power. */
  readonly cgroups: Map<string, PodCgroup>
  /** What outside the pods takes of it: for each, how much is to remain available; undefined: half the eviction threshold. */
  takers(pressure: Pressure): readonly Taker[]
  /** Something takes of it. Returns how it gives it back. */
  take(pressure: Pressure, available: number | undefined): () => void
  /** Tells when something is taken or given back. */
  onTake(listener: () => void): () => void
  readonly shutdown: Shutdown
  powerOff(): void
  powerOn(): void
  /** Tells of every change of power. Returns how to stop listening. */
  subscribe(listener: (powered: boolean) => void): () => void
}

/** What a machine can be short of: bytes of memory or disk, process numbers. */
export type Pressure = 'memory' | 'disk' | 'pid'

export interface Taker {
  readonly available: number | undefined
}

/** Limits of a pod as a whole: shares and quota per 100 ms of CPU, bytes of memory; 0 for none. */
export interface PodCgroup {
  readonly cpuShares: number
  readonly cpuQuota: number
  readonly memoryLimit: number
  /** The pod-level resources that they were last made of. */
  readonly resources: ResourceRequirements | undefined
}

/** What survives a loss of power. */
export interface Disk {
  /** Images by the name they were pulled under, with their size in bytes. */
  readonly images: Map<string, DiskImage>
  /** The kubelet's records of what it has pulled, by the image's id. */
  readonly pullRecords: Map<string, PullRecord>
  /** Number of the last log file of `<pod uid>/<container>`: upstream counts restarts by it when the runtime has forgotten. */
  readonly logs: Map<string, number>
  /** What the kubelet has given its pods, by UID: its checkpoint allocated_pods_state. */
  readonly allocations: Map<string, PodSpec>
  /** CPUs of its own that each pod has, by UID, for each NUMA node: its checkpoint cpu_manager_state. */
  readonly cpus: Map<string, readonly number[]>
}

export interface DiskImage {
  readonly size: number
  readonly pulledAt: Micros
  /** Absent: one of its own. */
  readonly layers?: readonly DiskLayer[]
}

/** Who may use an image that was pulled: everybody on the node, or who shows one of these. */
export interface PullRecord {
  readonly everybody: boolean
  readonly by: readonly {
    readonly username: string
    readonly password: string
    readonly secret: { readonly uid: string; readonly namespace: string; readonly name: string }
  }[]
}

export interface DiskLayer {
  readonly digest: string
  readonly size: number
}

/** Data of the truth entries `machines/<node>`. */
export interface MachineTruth {
  readonly powered: boolean
  readonly boot: number
}

export interface MachineOptions {
  readonly kernel: Kernel
  readonly trace: Trace
  readonly spec: NodeSpec
}

/** Size of an image that was on the disk from the start. */
const presentImageSize = 10 * 1024 * 1024

export const createMachine = (options: MachineOptions): Machine => {
  const { kernel, trace, spec } = options
  const actor = kernel.actor(`machine/${spec.name}`)
  const listeners = createListeners<[powered: boolean]>()
  const takeListeners = createListeners()
  const takers: Record<Pressure, readonly Taker[]> = { memory: [], disk: [], pid: [] }
  const disk: Disk = {
    images: new Map(),
    pullRecords: new Map(),
    logs: new Map(),
    allocations: new Map(),
    cpus: new Map(),
  }
  const cgroups = new Map<string, PodCgroup>()
  for (const image of spec.images) disk.images.set(image, { size: presentImageSize, pulledAt: kernel.now })
  const shutdown = createShutdown(kernel, actor)
  let powered = true
  let boot = 1
  let bootedAt = kernel.now

  const change = (to: boolean): void => {
    if (powered === to) return
    powered = to
    if (to) {
      boot += 1
      bootedAt = kernel.now
    } else {
      cgroups.clear()
      shutdown.over()
    }
    const truth: MachineTruth = Object.freeze({ powered, boot })
    kernel.cause = trace.append('truth', actor, to ? 'powerOn' : 'powerOff', `machines/${spec.name}`, truth)
    listeners.tell(to)
  }
  trace.append('truth', actor, 'powerOn', `machines/${spec.name}`, Object.freeze({ powered, boot }))

  return {
    name: spec.name,
    spec,
    actor,
    disk,
    manifests: createManifests(),
    cgroups,
    get powered() {
      return powered
    },
    get boot() {
      return boot
    },
    get bootId() {
      return `${spec.name}-boot-${boot}`
    },
    get bootedAt() {
      return bootedAt
    },
    takers: (pressure) => takers[pressure],
    take(pressure, available) {
      const taker = { available }
      takers[pressure] = [...takers[pressure], taker]
      takeListeners.tell()
      return () => {
        takers[pressure] = takers[pressure].filter((one) => one !== taker)
        takeListeners.tell()
      }
    },
    onTake: takeListeners.add,
    shutdown,
    powerOff: () => change(false),
    powerOn: () => change(true),
    subscribe: listeners.add,
  }
}

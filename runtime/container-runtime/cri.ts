import type { Micros } from '../kernel/micros.ts'
import type { PrintedLine } from './container-logs.ts'

/** The part of the Container Runtime Interface that the kubelet uses. Calls that take time answer through `done`, once. */
export interface ContainerRuntime {
  /** Type of container ids in statuses: `containerd`. */
  readonly name: string
  readonly version: string
  runPodSandbox(config: SandboxConfig, done: (result: CriResult<string>) => void): void
  stopPodSandbox(id: string): void
  removePodSandbox(id: string): void
  /** The kubelet talks to it over a socket, with a client that drops the code of unknown errors of pulls. */
  readonly remote?: boolean
  pullImage(image: string, request: PullRequest, done: (result: CriResult<string>) => void): void
  imageStatus(image: string): RuntimeImage | undefined
  /** How a container's status names its image; absent: as the pod does. */
  readonly imageName?: (image: string) => string
  images(): readonly RuntimeImage[]
  createContainer(sandbox: string, config: ContainerConfig, done: (result: CriResult<string>) => void): void
  startContainer(id: string, done: (result: CriResult<undefined>) => void): void
  /** Whether StopContainer gives up when its caller does. */
  readonly heedsCancellation: boolean
  /** SIGTERM, and SIGKILL after `timeout` seconds. */
  stopContainer(id: string, timeout: number, done: (result: CriResult<undefined>) => void): void
  removeContainer(id: string): void
  updateContainerResources(id: string, resources: LinuxResources, sizes: ContainerSizes): CriResult<undefined>
  execSync(id: string, exec: ExecRequest, done: (result: ExecResult) => void): void
  /** Newest first. */
  podSandboxes(podUid: string): readonly Sandbox[]
  podContainers(podUid: string): readonly RuntimeContainer[]
  container(id: string): RuntimeContainer | undefined
  /** Uids of pods that have a sandbox or a container. */
  pods(): readonly string[]
  /** What a container has printed, as long as the runtime knows it. */
  log(id: string): readonly PrintedLine[]
  /** Working set of a container now, in bytes. */
  memoryUsage(id: string): number
  /** What a container has written into its own layer, which goes when it is removed. */
  diskUsage(id: string): number
  /** Some container writes. */
  usesDisk(): boolean
  /** RemoveImage: its room is free again. */
  removeImage(image: string): void
  /** Some running container has a memory curve. */
  usesMemory(): boolean
  /** CPU usage of a container now, in milli-CPU. */
  cpuUsage(id: string): number
  /** CPU time of a container since its start, in nanoseconds: what its behaviour says, without any load. */
  cpuTime?(id: string): number
  /** Whether a container takes a connection now: it runs, has not been told to stop, and its readiness script says yes. */
  accepts?(id: string): boolean
  /** Tells the uid of a pod of which a sandbox or container came, changed its state or went. Returns how to stop listening. */
  subscribe(listener: (podUid: string) => void): () => void
  /** The caller's connection is gone: containerd gives up what it was still doing for it. */
  disconnect?(): void
  /** The load of memory upon a pod's container is another one: it ends, if that is too much. */
  memoryLoaded(podUid: string, container: string): void
  /** What a fault does: ends a running container on the spot. */
  killContainer(id: string, exitCode: number, reason: string): void
  /** What a fault does: the sandbox dies and takes its containers with it. */
  killPodSandbox(id: string): void
}

export interface PodIdentity {
  readonly uid: string
  readonly name: string
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

export interface PullRequest {
  readonly pod: PodIdentity
  readonly credentials?: Credentials | undefined
}

/** AuthConfig of a PullImageRequest. */
export interface Credentials {
  readonly username: string
  readonly password: string
}

export interface SandboxConfig {
  readonly pod: PodIdentity
  readonly attempt: number
  readonly hostNetwork: boolean
}

export interface Sandbox {
  readonly id: string
  readonly config: SandboxConfig
  readonly createdAt: Micros
  readonly ready: boolean
  /** undefined on the host's network. */
  readonly ip: string | undefined
}

export interface LinuxResources {
  readonly cpuShares: number
  readonly cpuQuota: number
  readonly cpuPeriod: number
  readonly memoryLimitInBytes: number
}

/**
 * Requests and limits that the kubelet last put into effect for a container: milli-CPU and bytes, 0 where there is none. Upstream keeps
 * them in a checkpoint on the node's disk (actuated_pods_state), which lives as long as the container does.
 */
export interface ContainerSizes {
  readonly cpuRequest: number
  readonly cpuLimit: number
  readonly memoryRequest: number
  readonly memoryLimit: number
}

export interface ContainerConfig {
  readonly pod: PodIdentity
  readonly name: string
  /** restartCount */
  readonly attempt: number
  /** As the pod spells it. */
  readonly image: string
  readonly imageId: string
  /** Upstream's hash of name and image: a container whose hash differs is replaced. */
  readonly hash: string
  /** terminationMessagePolicy: FallbackToLogsOnError. */
  readonly messageFromLog?: true
  readonly oomScoreAdj: number
  readonly qos?: 'Guaranteed' | 'Burstable' | 'BestEffort'
  readonly linux: LinuxResources
  readonly sizes: ContainerSizes
}

export interface RuntimeContainer {
  readonly id: string
  readonly sandbox: string
  readonly config: ContainerConfig
  readonly linux: LinuxResources
  readonly sizes: ContainerSizes
  readonly createdAt: Micros
  /** Ranks containers of one instant. */
  readonly sequence: number
  readonly state: 'created' | 'running' | 'exited'
  readonly startedAt: Micros | undefined
  readonly finishedAt: Micros | undefined
  readonly exitCode: number
  readonly reason: string
  readonly message: string
}

export interface RuntimeImage {
  readonly id: string
  readonly names: readonly string[]
  readonly size: number
}

export type ExecPurpose = 'readiness' | 'liveness' | 'startup' | 'hook'

export interface ExecRequest {
  readonly command: readonly string[]
  readonly purpose: ExecPurpose
  /** Seconds; 0: none. */
  readonly timeout: number
  /** A probe over the network (HTTP, TCP, gRPC): answered by the same behaviour, but no ExecSync call. */
  readonly network?: boolean
}

export type ExecResult =
  | {
      readonly kind: 'exited'
      readonly exitCode: number
      readonly output: string
      /** Until when the same answer is known to come, unless the container ends: an instant. undefined: not known. */
      readonly until: Micros | undefined
    }
  | { readonly kind: 'failed'; readonly code: CriErrorCode; readonly message: string }

export type CriErrorCode = 'Unknown' | 'NotFound' | 'DeadlineExceeded'

export type CriResult<T> = { readonly ok: true; readonly value: T } | CriFailureResult

export interface CriFailureResult {
  readonly ok: false
  readonly code: CriErrorCode
  readonly message: string
}

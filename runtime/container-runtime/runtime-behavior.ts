import type { Micros } from '../kernel/micros.ts'
import type { DiskLayer } from '../node/machine.ts'
import type { LogPlan } from './container-logs.ts'
import type { ContainerConfig, Credentials, CriErrorCode, ExecRequest, PodIdentity, SandboxConfig } from './cri.ts'

/** What the simulated world does inside a node: how long the runtime's calls take, and how images and processes behave. */
export interface RuntimeBehavior {
  sandbox(config: SandboxConfig): Outcome
  pull(image: string, pod: PodIdentity, credentials?: Credentials): PullOutcome
  /** Asked once for each run of a container, when it is created. */
  run(config: ContainerConfig): RunPlan
}

export interface Outcome {
  readonly takes: Micros
  readonly error?: CriFailure
}

export interface CriFailure {
  readonly code: CriErrorCode
  readonly message: string
}

export interface PullOutcome extends Outcome {
  readonly size: number
  /** What a behaviour says of it; absent: nothing. */
  readonly said?: 'time' | 'size'
  readonly layers?: readonly DiskLayer[]
}

/** How one run of a container goes. */
export interface RunPlan {
  readonly create: Outcome
  readonly start: Outcome
  /** Since the start; undefined: runs until it is stopped. */
  readonly exit: ExitPlan | undefined
  /** The same with another memory limit in bytes (0: none) and so much more in use; absent where memory has no say in it. */
  readonly exitUnder?: (memoryLimit: number, loaded: number) => ExitPlan | undefined
  /** It dies by itself when its memory reaches so many bytes. */
  readonly oomAt?: number
  readonly term: TermPlan
  exec(request: ExecRequest, uptime: Micros): ExecPlan
  /** What it prints. */
  readonly logs?: readonly LogPlan[]
  /** Whether anything is said about its memory. */
  readonly usesMemory: boolean
  /** Bytes in use, so long after the start. */
  memory(uptime: Micros): number
  /** Bytes written, so long after the start; absent: none. */
  readonly written?: (uptime: Micros) => number
  /** Milli-CPU in use. */
  cpu(uptime: Micros): number
  /** Milli-CPU times microseconds since the start, which is nanoseconds of CPU time, where no more than so many milli-CPU are given. */
  cpuTime?(uptime: Micros, cap: number): number
  /** When it would use more than so many milli-CPU; absent: never. */
  readonly cpuAbove?: (cap: number) => readonly { readonly from: Micros; readonly to: Micros }[]
}

export interface ExitPlan {
  readonly after: Micros
  readonly exitCode: number
  /** Completed or Error, unless given. */
  readonly reason?: string
  /** Termination message. */
  readonly message?: string
}

/** What SIGTERM does. */
export type TermPlan =
  { readonly ignored: true } | { readonly ignored: false; readonly after: Micros; readonly exitCode: number }

export interface ExecPlan {
  readonly takes: Micros
  readonly exitCode: number
  readonly output: string
  /** The runtime's own failure. */
  readonly error?: string
  /** Since the start: until when the answer stays the same; undefined: not known. */
  readonly until: Micros | undefined
}

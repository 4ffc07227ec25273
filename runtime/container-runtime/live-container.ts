import type { Micros } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'
import type { ContainerSizes, LinuxResources, RuntimeContainer, Sandbox } from './cri.ts'
import type { RunPlan } from './runtime-behavior.ts'

export interface LiveSandbox extends Sandbox {
  ready: boolean
  /** Its address is still taken: the plugin's notes outlive a loss of power. */
  holdsAddress: boolean
}

export interface LiveContainer extends RuntimeContainer {
  state: 'created' | 'running' | 'exited'
  linux: LinuxResources
  sizes: ContainerSizes
  startedAt: Micros | undefined
  finishedAt: Micros | undefined
  exitCode: number
  reason: string
  message: string
  readonly run: RunPlan
  exitTimer: Timer | undefined
  throttleTimer: Timer | undefined
  /** It wants more CPU than its cgroup gives it. */
  throttled: boolean
  /** CPU time up to when its cgroup last changed, so long after the start. */
  cpuBefore: { readonly uptime: Micros; readonly time: number }
  /** It has been sent SIGTERM and heeds it. */
  closing: boolean
  /** Called when it ends: StopContainer calls under way. */
  readonly waiting: (() => void)[]
}

export interface PodEntry {
  /** Newest first. */
  sandboxes: LiveSandbox[]
  containers: LiveContainer[]
}

type Made = Pick<LiveContainer, 'id' | 'sandbox' | 'config' | 'run' | 'createdAt' | 'sequence'>

const noTime = Object.freeze({ uptime: 0, time: 0 })

/** A container that has been created and not started. */
export const liveContainer = ({ id, sandbox, config, run, createdAt, sequence }: Made): LiveContainer => ({
  id,
  sandbox,
  config,
  linux: config.linux,
  sizes: config.sizes,
  createdAt,
  sequence,
  state: 'created',
  startedAt: undefined,
  finishedAt: undefined,
  exitCode: 0,
  reason: '',
  message: '',
  run,
  exitTimer: undefined,
  throttleTimer: undefined,
  throttled: false,
  cpuBefore: noTime,
  closing: false,
  waiting: [],
})

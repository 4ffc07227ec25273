import type { ApiResponse } from '../../api/protocol/response.ts'
import type { Scheme } from '../../api/scheme/scheme.ts'
import type { Pod } from '../../api/types/core-v1.generated.ts'
import type { BareRequest } from '../client/client.ts'
import type { ContainerRuntime } from '../container-runtime/cri.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Trace } from '../kernel/trace.ts'
import type { Machine } from '../node/machine.ts'
import type { KubeletConfig } from './kubelet-config.ts'
import type { Life, Task } from './life.ts'

/** What every manager has at hand. */
export interface Context {
  readonly kernel: Kernel
  readonly trace: Trace
  readonly actor: Actor
  readonly node: string
  readonly life: Life
  readonly machine: Machine
  readonly runtime: ContainerRuntime
  readonly config: KubeletConfig
  readonly events: PodEvents
  readonly startedAt: Micros
  readonly hostIp: string
  scheme(): Scheme
  /** Sends one request as this node. */
  send(request: BareRequest, reply: (response: ApiResponse) => void): void
  request(request: BareRequest): Task<ApiResponse>
  /** now, as metav1.Time prints it. */
  time(at?: Micros): string
  /** wait.Jitter: `delay` up to half as long again. */
  jitter(delay: Micros): Micros
}

/** Kubernetes Events of the kubelet. */
export interface PodEvents {
  pod(pod: Pod, type: 'Normal' | 'Warning', reason: string, message: string): void
  container(pod: Pod, container: string, event: ContainerEvent): void
  node(type: 'Normal' | 'Warning', reason: string, message: string): void
}

export interface ContainerEvent {
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
}

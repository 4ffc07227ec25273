import type { Kernel } from '../kernel/kernel.ts'
import type { Trace } from '../kernel/trace.ts'
import type { Machine } from '../node/machine.ts'
import type { CriCall } from './cri-call.ts'
import type { ContainerConfig } from './cri.ts'
import type { Engine } from './engines/engine.ts'
import type { RuntimeBehavior } from './runtime-behavior.ts'

export interface ContainerRuntimeOptions {
  readonly kernel: Kernel
  readonly trace: Trace
  readonly machine: Machine
  readonly behavior: RuntimeBehavior
  /** The address that the network plugin gives a pod, or what it says instead (`plugin type="bridge" failed (add): …`). */
  readonly allocateIp: () => string | { readonly error: string }
  /** Name of the CNI network. */
  readonly network?: string
  readonly releaseIp?: (address: string) => void
  /** What it is; what is said beside it counts more. Without one it is a plain runtime in the kubelet's own process. */
  readonly engine?: Engine
  readonly name?: string
  readonly version?: string
  /** Whether StopContainer gives up when its caller does, as containerd's does. Default true. */
  readonly heedsCancellation?: boolean
  /** Id of the n-th container or sandbox made on this node. */
  readonly containerId?: (config: ContainerConfig, n: number) => string
  readonly imageId?: (image: string) => string
  /** What a load makes containers use beside what their behaviour says. */
  readonly load?: {
    memory(podUid: string, container: string): number
    cpu(podUid: string, container: string): number
    readonly anyMemory: boolean
  }
  /** Hears of every call that changes something. */
  readonly observe?: (call: CriCall) => void
}

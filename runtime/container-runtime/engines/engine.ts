import type { Micros } from '../../kernel/micros.ts'
import type { PodIdentity } from '../cri.ts'
import type { PullRefusal } from '../pull-refusal.ts'
import type { CriFailure } from '../runtime-behavior.ts'

/** A container runtime by its name: what of it shows in a cluster. */
export interface Engine {
  /** Type of container ids in statuses: `containerd`. */
  readonly name: string
  readonly version: string
  /** How its container statuses name an image. */
  readonly imageName: (image: string) => string
  /** How its container statuses name an image's content. */
  readonly imageId: (image: string) => string
  /** The systemd scope of a container. */
  readonly scope: (containerId: string) => string
  /** Whether StopContainer gives up when its caller does. */
  readonly heedsCancellation: boolean
  /** Reason of the containers whose end it has not seen, after a loss of power. */
  readonly lost: 'Unknown' | 'Error'
  /** What it makes of a network plugin's refusal. */
  readonly noNetwork: (sandbox: RefusedSandbox, error: string) => string
  /** What it makes of a registry's refusal, and how long it tries beyond the first answer. */
  refusal(refusal: PullRefusal): { readonly takes: Micros; readonly error: CriFailure }
}

export interface RefusedSandbox {
  readonly id: string
  readonly pod: PodIdentity
  readonly attempt: number
  /** Name of the CNI network. */
  readonly network: string
}

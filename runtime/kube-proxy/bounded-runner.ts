import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'

/** Runs a function when asked to, at once if it has rested, and however often it was asked meanwhile only once. */
export interface BoundedRunner {
  request(): void
  stop(): void
}

export interface BoundedRunnerOptions {
  readonly kernel: Kernel
  readonly actor: Actor
  readonly minInterval: Micros
  readonly label: string
  readonly run: () => void
}

/**
 * BoundedFrequencyRunner of pkg/proxy/runner: a run, then at least minInterval of rest.
 * Differs: the run that upstream makes each hour without having been asked is left out, since it finds nothing to do.
 */
export const createBoundedRunner = (options: BoundedRunnerOptions): BoundedRunner => {
  const { kernel, actor, minInterval, label, run } = options
  let rested: Micros | undefined
  let timer: Timer | undefined
  return {
    request() {
      if (timer !== undefined) return
      const at = rested === undefined ? kernel.now : Math.max(kernel.now, rested)
      const turn = (): void => {
        timer = undefined
        rested = kernel.now + minInterval
        run()
      }
      timer = kernel.at(at, actor, turn, { label })
    },
    stop() {
      kernel.cancel(timer)
      timer = undefined
    },
  }
}

import type { KubeObject } from '../../api/object.ts'
import type { ApiRequest } from '../../api/protocol/request.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Fiber } from '../kernel/fiber.ts'
import type { Kernel, Timing } from '../kernel/kernel.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'
import type { Io, Loop } from './controller.ts'

/** A controller's periodic task. A loop that idles is no event until it is woken; then it goes on at a tick of its phase. */
export interface LoopRunner {
  readonly name: string
  start(): void
  wake(): void
  stop(): void
}

export interface LoopRunnerOptions {
  readonly kernel: Kernel
  readonly actor: Actor
  readonly loop: Loop
  readonly io: Io<KubeObject>
  readonly drive: (generator: Generator<ApiRequest, void, unknown>, ended: () => void) => Fiber
}

export const createLoopRunner = (options: LoopRunnerOptions): LoopRunner => {
  const { kernel, actor, loop, io, drive } = options
  const timing = (): Timing => ({
    tag: typeof loop.tag === 'function' ? loop.tag(io) : (loop.tag ?? 'housekeeping'),
    label: `${actor.name} runs ${loop.name}`,
  })
  let timer: Timer | undefined
  let fiber: Fiber | undefined
  let phase: Micros = 0
  let stopped = true
  let woken = false

  const schedule = (at: Micros): void => {
    timer = kernel.at(at, actor, run, timing())
  }

  const run = (): void => {
    timer = undefined
    woken = false
    phase = kernel.now
    fiber = drive(loop.run(io), ended)
  }

  const ended = (): void => {
    fiber = undefined
    if (stopped) return
    if (loop.idle?.(io) === true && !woken) return
    schedule(kernel.now + loop.every)
  }

  return {
    name: loop.name,
    start() {
      stopped = false
      phase = kernel.now + loop.first
      schedule(phase)
    },
    wake() {
      if (stopped) return
      woken = true
      if (timer !== undefined || fiber?.done === false) return
      const since = kernel.now - phase
      const next = phase + Math.ceil(since / loop.every) * loop.every
      schedule(next > phase ? next : phase + loop.every)
    },
    stop() {
      stopped = true
      kernel.cancel(timer)
      timer = undefined
      fiber?.abandon()
      fiber = undefined
    },
  }
}

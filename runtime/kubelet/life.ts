import type { Actor } from '../kernel/actor.ts'
import { startFiber, type Fiber } from '../kernel/fiber.ts'
import type { Kernel, Timing } from '../kernel/kernel.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'

/** What a task yields: it begins something, and goes on when `resume` is called. */
export type Suspension = (resume: (value: unknown) => void) => void

/** Code of the kubelet that waits, as a goroutine does. */
export type Task<T> = Generator<Suspension, T, unknown>

/** Waits for one answer: `const id = yield* suspend<string>((resume) => call(resume))`. */
export function* suspend<T>(begin: (resume: (value: T) => void) => void): Task<T> {
  return (yield begin) as T
}

/** One process: timers and tasks that all end with it. */
export interface Life {
  readonly alive: boolean
  after(delay: Micros, run: () => void, timing?: Timing): Timer
  at(time: Micros, run: () => void, timing?: Timing): Timer
  cancel(timer: Timer | undefined): void
  spawn<T>(task: Task<T>, finished?: (result: T) => void): Fiber
  sleep(delay: Micros, timing?: Timing): Task<void>
  /** The process dies: nothing of it runs afterwards. */
  end(): void
}

export const createLife = (kernel: Kernel, actor: Actor): Life => {
  const timers = new Set<Timer>()
  const fibers = new Set<Fiber>()

  const at = (time: Micros, run: () => void, timing?: Timing): Timer => {
    const timer = kernel.at(
      time,
      actor,
      () => {
        timers.delete(timer)
        if (life.alive) run()
      },
      timing,
    )
    timers.add(timer)
    return timer
  }
  const after = (delay: Micros, run: () => void, timing?: Timing): Timer => at(kernel.now + delay, run, timing)

  const life = {
    alive: true,
    after,
    at,
    cancel(timer: Timer | undefined) {
      if (timer === undefined) return
      timers.delete(timer)
      kernel.cancel(timer)
    },
    spawn<T>(task: Task<T>, finished?: (result: T) => void): Fiber {
      // A task may end before startFiber returns.
      const mine: { fiber?: Fiber } = {}
      let ended = false
      const drop = (): void => {
        ended = true
        if (mine.fiber !== undefined) fibers.delete(mine.fiber)
      }
      const fiber = startFiber(task, {
        perform: (suspension, resume) => {
          suspension((value) => {
            if (life.alive) resume(value)
          })
        },
        finished: (result) => {
          drop()
          finished?.(result)
        },
        failed: (error) => {
          drop()
          throw error
        },
      })
      mine.fiber = fiber
      if (!ended) fibers.add(fiber)
      return fiber
    },
    *sleep(delay: Micros, timing?: Timing): Task<void> {
      if (delay > 0) yield* suspend<void>((resume) => void after(delay, () => resume(), timing))
    },
    end() {
      life.alive = false
      for (const timer of timers) kernel.cancel(timer)
      timers.clear()
      for (const fiber of fibers) fiber.abandon()
      fibers.clear()
    },
  }
  return life
}

import { startFiber, type Fiber } from '../kernel/fiber.ts'

/** The background work of a process: generators under way, all dropped when it ends. */
export interface Fibers<Y> {
  run(generator: Generator<Y, void, unknown>): void
  stop(): void
}

export const createFibers = <Y>(perform: (step: Y, resume: (answer: unknown) => void) => void): Fibers<Y> => {
  const running = new Set<Fiber>()
  let stopped = false
  return {
    run(generator) {
      // It may end before startFiber returns.
      let ended = false
      const own: { fiber?: Fiber } = {}
      own.fiber = startFiber(generator, {
        perform: (step, resume) =>
          perform(step, (answer) => {
            if (!stopped) resume(answer)
          }),
        finished() {
          ended = true
          if (own.fiber !== undefined) running.delete(own.fiber)
        },
      })
      if (!ended) running.add(own.fiber)
    },
    stop() {
      stopped = true
      for (const fiber of running) fiber.abandon()
      running.clear()
    },
  }
}

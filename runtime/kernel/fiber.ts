/**
 * A generator under way. What it yields is a request to somebody else; `perform` sends it and calls `resume` with the answer,
 * at once or at a later instant. Between two yields the code runs in one instant.
 */
export interface Fiber {
  readonly done: boolean
  /** Drops it where it stands, as a crash does: no `finally` runs, and a late answer is ignored. */
  abandon(): void
}

export interface FiberHandlers<Y, R> {
  perform(yielded: Y, resume: (answer: unknown) => void): void
  finished?(result: R): void
  /** The code threw. Without it the error goes up to the kernel's caller. */
  failed?(error: unknown): void
}

export const startFiber = <Y, R>(generator: Generator<Y, R, unknown>, handlers: FiberHandlers<Y, R>): Fiber => {
  let state: 'running' | 'waiting' | 'done' = 'waiting'
  // A perform that answers at once must not grow the stack: the answer is left here for the loop below.
  let answered = false
  let answer: unknown
  let turn = 0
  const end = (): void => {
    state = 'done'
    fiber.done = true
  }
  const fiber = { done: false, abandon: end }

  const proceed = (first: unknown): void => {
    let input = first
    for (;;) {
      state = 'running'
      let result: IteratorResult<Y, R>
      try {
        result = generator.next(input)
      } catch (error) {
        end()
        if (handlers.failed === undefined) throw error
        handlers.failed(error)
        return
      }
      // `abandon` may have been called by what the code did in its turn.
      if ((state as string) === 'done') return
      if (result.done === true) {
        end()
        handlers.finished?.(result.value)
        return
      }
      turn += 1
      const mine = turn
      answered = false
      handlers.perform(result.value, (value) => {
        if (state === 'done' || turn !== mine || answered) return
        answered = true
        answer = value
        if (state === 'waiting') proceed(value)
      })
      if ((state as string) === 'done') return
      if (!answered) {
        state = 'waiting'
        return
      }
      input = answer
    }
  }

  proceed(undefined)
  return fiber
}

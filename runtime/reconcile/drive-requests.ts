import type { ApiRequest } from '../../api/protocol/request.ts'
import type { ApiResponse } from '../../api/protocol/response.ts'
import type { Transport } from '../client/transport.ts'
import type { Actor } from '../kernel/actor.ts'
import { startFiber, type Fiber } from '../kernel/fiber.ts'
import { InvariantError } from '../kernel/invariant-error.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Answer } from './controller.ts'
import { forkOf, sleepOf, type Fork, type StartCall } from './forked-request.ts'
import { callsOf } from './parallel-request.ts'

export interface DriverOptions {
  readonly kernel: Kernel
  readonly actor: Actor
  readonly transport: Transport
  /** Nothing of the process goes on. */
  readonly stopped: () => boolean
  /** What is under way: whoever stops the process abandons it. */
  readonly fibers: Set<Fiber>
}

export interface DriveHooks<R> {
  readonly before: () => void
  readonly answered: (request: ApiRequest, response: ApiResponse) => void
  /** It goes on after a sleep. */
  readonly resumed?: () => void
  readonly finished: (result: R) => void
  readonly failed: (error: unknown) => void
}

export type Drive = <R>(generator: Generator<ApiRequest, R, unknown>, hooks: DriveHooks<R>) => Fiber

/** Performs what the generators of a controller yield: requests, several at once, sleeps. */
export const createDriver = ({ kernel, actor, transport, stopped, fibers }: DriverOptions): Drive => {
  /** Drives a generator of requests; `failed` is given what it threw. */
  const drive = <R>(generator: Generator<ApiRequest, R, unknown>, hooks: DriveHooks<R>): Fiber => {
    // A fiber may end before its name is known.
    const slot: { fiber?: Fiber } = {}
    const drop = (): void => {
      if (slot.fiber !== undefined) fibers.delete(slot.fiber)
    }
    const fiber = startFiber(generator, {
      perform(request, resume) {
        const fork = forkOf(request)
        if (fork !== undefined) {
          performFork(fork, hooks, resume)
          return
        }
        hooks.before()
        const calls = callsOf(request)
        const sleep = sleepOf(request)
        if (calls !== undefined) performAll(calls, hooks, resume)
        else if (sleep !== undefined) {
          const wake = (): void => {
            if (stopped()) return
            hooks.resumed?.()
            resume(undefined)
          }
          kernel.after(sleep, actor, wake, { label: `${actor.name} sleeps` })
        } else
          transport.send(request, (response) => {
            if (stopped()) return
            hooks.answered(request, response)
            resume(response)
          })
      },
      finished(result) {
        drop()
        hooks.finished(result)
      },
      failed(error) {
        drop()
        if (error instanceof InvariantError) throw error
        hooks.failed(error)
      },
    })
    slot.fiber = fiber
    if (!fiber.done) fibers.add(fiber)
    return fiber
  }

  const performAll = (
    calls: ReturnType<typeof callsOf> & object,
    hooks: DriveHooks<never>,
    resume: (answers: unknown) => void,
  ): void => {
    const answers: unknown[] = []
    let open = calls.length
    // Go runs the goroutine it started last first, the others in their order.
    const order = [calls.length - 1, ...calls.keys()].slice(0, calls.length)
    for (const index of order) {
      const call = calls[index]!
      drive<Answer<unknown>>(call, {
        before: hooks.before,
        answered: hooks.answered,
        finished(answer) {
          answers[index] = answer
          open -= 1
          if (open === 0) resume(answers)
        },
        failed: hooks.failed,
      })
    }
  }

  /** Code that starts its calls itself: each is driven like a call of its own, until the code says that it is through. */
  const performFork = (fork: Fork, hooks: DriveHooks<never>, resume: (result: unknown) => void): void => {
    const start: StartCall = (call, then, failed) => {
      drive<Answer<unknown>>(call, {
        before: hooks.before,
        answered: hooks.answered,
        ...(hooks.resumed === undefined ? {} : { resumed: hooks.resumed }),
        finished: then,
        failed,
      })
    }
    fork.begin(start, resume)
  }

  return drive
}

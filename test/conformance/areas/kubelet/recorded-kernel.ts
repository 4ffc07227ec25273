import type { Actor } from '../../../../runtime/kernel/actor.ts'
import { createKernel, type Kernel } from '../../../../runtime/kernel/kernel.ts'
import type { Micros } from '../../../../runtime/kernel/micros.ts'
import type { Timer } from '../../../../runtime/kernel/timer.ts'

/**
 * A kernel on which one moment runs as it did for the recorder: on one processor of Go's scheduler. What is woken last runs next, what
 * it displaces goes to the end of the queue, and all of it comes before the next timer of the moment. Every draw is 0; the script's
 * actions come before everything else.
 */
export const createRecordedKernel = (options: {
  readonly startAt: Micros
  readonly epoch: Micros
}): { readonly kernel: Kernel; readonly run: (until: Micros) => void } => {
  const base = createKernel({ seed: '0', ...options })
  const actors = new Map<string, Actor>()
  const queue: Timer[] = []
  let next: Timer | undefined

  const ready = (actor: Actor, run: () => void): Timer => {
    const timer: Timer = {
      at: base.now,
      order: actor.order,
      sequence: 0,
      actor,
      tag: 'progress',
      label: '',
      cause: -1,
      run,
    }
    if (next !== undefined) queue.push(next)
    next = timer
    return timer
  }
  const drain = (): void => {
    for (;;) {
      const timer = next ?? queue.shift()
      if (timer === undefined) return
      if (timer === next) next = undefined
      const { run } = timer
      timer.run = undefined
      run?.()
    }
  }
  const kernel = Object.create(base, {
    choose: { value: () => 0 },
    actor: {
      value(name: string): Actor {
        const known = actors.get(name) ?? { name, order: name === 'script' ? 0 : 1 }
        actors.set(name, known)
        return known
      },
    },
    at: {
      value: (time: Micros, actor: Actor, run: () => void): Timer =>
        time === base.now ? ready(actor, run) : base.at(time, actor, run),
    },
    after: {
      value: (delay: Micros, actor: Actor, run: () => void): Timer =>
        delay === 0 ? ready(actor, run) : base.at(base.now + delay, actor, run),
    },
    cancel: {
      value(timer: Timer | undefined): void {
        if (timer !== undefined) timer.run = undefined
      },
    },
  }) as Kernel
  return {
    kernel,
    run(until) {
      drain()
      while (base.step(until)) drain()
    },
  }
}
